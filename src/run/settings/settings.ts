import type { GitHubJob } from '../../github/job.js';
import type { Coordination } from '../../journals/choose.js';
import { parseRepositoryName } from '../../oci/reference.js';
import { parseRegistry, type RegistryOrigin } from '../../oci/registry/login/registry-host.js';
import type { IfExists } from '../../publish/job.js';
import type { AnnotationChoice } from '../../pyoci/context.js';
import { parseAnnotations } from './annotation-input.js';
import { InputReader } from './input-reader.js';
import type { RawInputs, Spelling } from './inputs.js';
import { parsePyociUrl } from './pyoci-url.js';

export type IfNoFilesFound = 'error' | 'warn' | 'ignore';

/** Everything a user may choose, checked as far as it can be without the network. */
export interface Settings {
  /** Glob patterns for the action, paths for the command. */
  readonly files: readonly string[];
  readonly place: Place;
  readonly login: Login;
  readonly ifExists: IfExists;
  readonly ifNoFilesFound: IfNoFilesFound;
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

/** Where packages go, and whose they are. */
export type Place =
  | { readonly kind: 'layout'; readonly folder: string; readonly namespace: string }
  /** `origin` is `undefined` where GitHub's own registry is meant. */
  | { readonly kind: 'registry'; readonly origin: RegistryOrigin | undefined; readonly namespace: string };

/** What the user gave to sign in with. Secrets as they are: never to be printed. */
export interface Login {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly githubToken: string | undefined;
}

/** More transfers than this at once help no registry and cost memory. */
export const MOST_TRANSFERS = 64;
const MOST_LEGS = 100_000;

/**
 * @param github the job we run in; it gives the namespace that is not given
 * @throws UsageError naming every wrong value, what was found and what is expected
 */
export function readSettings(raw: RawInputs, github: GitHubJob | undefined, spelled: Spelling): Settings {
  const input = new InputReader(raw, spelled);
  const annotations = input.parsed('annotations', parseAnnotations);
  const jobTotal = input.wholeIfGiven('job-total', 1, MOST_LEGS);
  const settings: Settings = {
    files: input.lines('files'),
    place: placeOf(input, github, spelled),
    login: loginOf(input, github, spelled),
    ifExists: input.oneOf('if-exists', ['error', 'skip', 'replace']),
    ifNoFilesFound: input.oneOf('if-no-files-found', ['error', 'warn', 'ignore']),
    annotations: {
      manifest: annotations?.manifest ?? {},
      index: annotations?.index ?? {},
      defaults: input.truth('default-annotations'),
    },
    dryRun: input.truth('dry-run'),
    coordination: input.oneOf('coordination', ['auto', 'journal', 'settle', 'off', 'cache']),
    jobIndex: input.wholeIfGiven('job-index', 0, (jobTotal ?? MOST_LEGS) - 1),
    jobTotal,
    concurrency: input.whole('concurrency', 1, MOST_TRANSFERS),
    pyociUrl: input.parsed('pyoci-url', parsePyociUrl) ?? '',
    summary: input.truth('summary'),
  };
  input.finish();
  return settings;
}

function placeOf(input: InputReader, github: GitHubJob | undefined, spelled: Spelling): Place {
  const folder = input.text('oci-layout');
  const origin = input.parsed('registry', parseRegistry);
  const namespace = namespaceOf(input, github);
  if (folder !== undefined) {
    if (input.text('registry') !== undefined) {
      input.complain(
        'oci-layout',
        `a folder and a registry are both given, expected one (leave out ${spelled('registry')})`,
      );
    }
    return { kind: 'layout', folder, namespace };
  }
  if (namespace === '' && input.text('namespace') === undefined) {
    input.complain('namespace', 'nothing was given, expected the owner that the packages belong to, as in octo-org');
  }
  return { kind: 'registry', origin, namespace };
}

/** Registries know lower case only; the owner of a repository keeps its own. */
function namespaceOf(input: InputReader, github: GitHubJob | undefined): string {
  const given = input.parsed('namespace', (text) => parseRepositoryName(text.toLowerCase()));
  return given ?? github?.owner?.toLowerCase() ?? '';
}

/** What was given to sign in with; what is wrong with it is complained of to `input`. */
export function loginOf(input: InputReader, github: GitHubJob | undefined, spelled: Spelling): Login {
  const username = input.text('username');
  const password = input.text('password');
  const githubToken = input.text('github-token');
  if (username !== undefined && password === undefined) {
    const cause = github
      ? 'if it comes from a secret, that secret is not set or this run may not see it: pull requests from forks and of Dependabot get none'
      : 'give it by --password-stdin';
    input.complain('password', `it is empty although ${spelled('username')} is given (${cause})`);
  }
  if (username?.includes(':')) input.complain('username', 'it holds a ":", which no user name in a registry can');
  if (githubToken !== undefined && github === undefined) {
    input.complain(
      'github-token',
      `it works in a job of GitHub Actions only (elsewhere give ${spelled('username')} and ${spelled('password')})`,
    );
  }
  return { username, password, githubToken };
}
