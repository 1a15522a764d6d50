/** Turns the inputs of a prune into rules and places, and tells everything that is wrong with them at once. */
import { UsageError } from '../../core/errors.js';
import { parseAge } from '../../core/text/age.js';
import type { GitHubJob } from '../../github/job.js';
import { type Class, LINES, type Per } from '../../prune/classes.js';
import { parseKeep } from '../../prune/keep.js';
import type { Rules } from '../../prune/rules.js';
import { type ImageName, parseImageName } from '../settings/image-name.js';
import { InputReader } from '../settings/input-reader.js';
import { PRUNE_INPUTS, type PruneInputs, type Spelling } from '../settings/inputs.js';
import { type Login, loginOf } from '../settings/login.js';

export interface PruneSettings {
  readonly packages: readonly ImageName[];
  /** A layout folder; `undefined` for registries. */
  readonly folder: string | undefined;
  readonly rules: Rules;
  readonly apply: boolean;
  readonly login: Login;
  /** Requests in flight. */
  readonly concurrency: number;
  readonly summary: boolean;
}

const MOST_KEPT = 999_999_999;
const MOST_REQUESTS = 32;
const CLASS_INPUTS: readonly (readonly ['dev' | 'pre' | 'local' | 'finals', Class])[] = [
  ['dev', 'dev'],
  ['pre', 'pre'],
  ['local', 'local'],
  ['finals', 'final'],
];

type Reader = InputReader<typeof PRUNE_INPUTS>;

/** @throws UsageError naming every wrong value, what was found and what is expected */
export function readPruneSettings(
  raw: PruneInputs,
  github: GitHubJob | undefined,
  spelled: Spelling<typeof PRUNE_INPUTS>,
): PruneSettings {
  const input = new InputReader(PRUNE_INPUTS, raw, spelled);
  const folder = input.text('oci-layout');
  const settings: PruneSettings = {
    packages: packagesOf(input, folder !== undefined),
    folder,
    rules: rulesOf(input, spelled),
    apply: input.truth('apply'),
    login: loginOf(input, github, spelled),
    concurrency: input.whole('concurrency', 1, MOST_REQUESTS),
    summary: input.truth('summary'),
  };
  input.finish();
  return settings;
}

function packagesOf(input: Reader, inFolder: boolean): readonly ImageName[] {
  const lines = input.lines('packages');
  const whole = inFolder ? 'octo-org/my_package' : 'ghcr.io/octo-org/my_package';
  if (!lines.length) input.complain('packages', `nothing was given, expected packages, as in ${whole}`);
  return lines.flatMap((line) => {
    const name = input.understood('packages', line, (text) => {
      const parsed = parseImageName(text, inFolder);
      if (parsed.tag !== undefined) {
        throw new UsageError(`found the version "${text}", expected a whole package, as in ${whole}`);
      }
      return parsed;
    });
    return name ?? [];
  });
}

function rulesOf(input: Reader, spelled: Spelling<typeof PRUNE_INPUTS>): Rules {
  const classes = CLASS_INPUTS.flatMap(([name, own]) => (input.truth(name) ? [own] : []));
  const keepLast = input.wholeIfGiven('keep-last', 0, MOST_KEPT);
  const olderThan = input.parsed('older-than', parseAge);
  const untagged = input.truth('untagged');
  const per = input.text('per') === undefined ? undefined : perOf(input);
  const counts = input.text('keep-last') !== undefined || input.text('older-than') !== undefined;
  const names = CLASS_INPUTS.map(([name]) => spelled(name)).join(', ');
  if (!classes.length && (counts || !untagged)) {
    input.complain('dev', `no versions are named that may go, expected at least one of ${names}`);
  }
  if (classes.length && !counts) {
    input.complain('keep-last', `neither this nor ${spelled('older-than')} is given, expected at least one`);
  }
  if (per !== undefined && keepLast === undefined) {
    input.complain('per', `it counts for ${spelled('keep-last')}, which is not given`);
  }
  return {
    classes,
    keepLast,
    olderThan,
    per,
    keep: input.lines('keep').flatMap((line) => input.understood('keep', line, parseKeep) ?? []),
    trustCreated: input.truth('trust-created'),
    evenAll: input.truth('even-all'),
    untagged,
  };
}

function perOf(input: Reader): Per {
  return input.oneOf('per', LINES);
}
