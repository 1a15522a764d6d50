/** Turns the inputs of a publish into typed settings, and tells everything that is wrong with them at once. */
import type { GitHubJob } from '../../github/job.js';
import type { Coordination } from '../../journals/choose.js';
import type { IfExists } from '../../publish/job.js';
import type { AnnotationChoice } from '../../pyoci/context.js';
import { parseAnnotations } from './annotation-input.js';
import { type AttachRequest, parseAttach } from './attach-input.js';
import { InputReader } from './input-reader.js';
import { PUBLISH_INPUTS, type PublishInputs, type Spelling } from './inputs.js';
import { type Login, loginOf } from './login.js';
import { type Place, placeOf } from './place.js';
import { parsePyociUrl } from './pyoci-url.js';
import { transfersOf } from './transfers.js';

export type IfNoFilesFound = 'error' | 'warn' | 'ignore';

/** Everything a user may choose, checked as far as it can be without the network. */
export interface Settings {
  /** Glob patterns for the action, paths for the command. */
  readonly files: readonly string[];
  readonly place: Place;
  readonly login: Login;
  readonly ifExists: IfExists;
  readonly ifNoFilesFound: IfNoFilesFound;
  /** Whether what lies beside a file under its name is attached to it. */
  readonly attachments: 'auto' | 'none';
  /** What is attached to a version. */
  readonly attach: readonly AttachRequest[];
  readonly annotations: AnnotationChoice;
  readonly dryRun: boolean;
  readonly coordination: Coordination;
  /** Place in the matrix and size of it; `undefined` where nobody says, as some runners don't: 0 and 1 are a guess. */
  readonly jobIndex: number | undefined;
  readonly jobTotal: number | undefined;
  /** Uploads in flight. */
  readonly concurrency: number;
  /** Without a slash at its end. */
  readonly pyociUrl: string;
  readonly summary: boolean;
}

const MOST_LEGS = 100_000;

type PublishSpelling = Spelling<typeof PUBLISH_INPUTS>;

/**
 * @param github the job we run in; it gives the namespace that is not given
 * @throws UsageError naming every wrong value, what was found and what is expected
 */
export function readSettings(raw: PublishInputs, github: GitHubJob | undefined, spelled: PublishSpelling): Settings {
  const input = new InputReader(PUBLISH_INPUTS, raw, spelled);
  const annotations = input.parsed('annotations', parseAnnotations);
  const jobTotal = input.wholeIfGiven('job-total', 1, MOST_LEGS);
  const settings: Settings = {
    files: input.lines('files'),
    place: placeOf(input, github, spelled),
    login: loginOf(input, github, spelled),
    ifExists: input.oneOf('if-exists', ['error', 'skip', 'replace']),
    ifNoFilesFound: input.oneOf('if-no-files-found', ['error', 'warn', 'ignore']),
    attachments: input.oneOf('attachments', ['auto', 'none']),
    attach: input.lines('attach').flatMap((line) => input.understood('attach', line, parseAttach) ?? []),
    annotations: {
      manifest: annotations?.manifest ?? {},
      index: annotations?.index ?? {},
      defaults: input.truth('default-annotations'),
    },
    dryRun: input.truth('dry-run'),
    coordination: input.oneOf('coordination', ['auto', 'journal', 'settle', 'off', 'cache']),
    jobIndex: input.wholeIfGiven('job-index', 0, (jobTotal ?? MOST_LEGS) - 1),
    jobTotal,
    concurrency: transfersOf(input),
    pyociUrl: input.parsed('pyoci-url', parsePyociUrl) ?? '',
    summary: input.truth('summary'),
  };
  input.finish();
  return settings;
}
