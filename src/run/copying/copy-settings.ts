/** Turns the inputs of a copy into typed settings, and tells everything that is wrong with them at once. */

import type { IfExists } from '../../copy/entry-plan.js';
import type { Selection } from '../../copy/selection.js';
import { parseAge } from '../../core/text/age.js';
import type { GitHubJob } from '../../github/job.js';
import { parseSpecifiers } from '../../python/specifier.js';
import { InputReader } from '../settings/input-reader.js';
import { COPY_INPUTS, type CopyInputs, SIGN_IN_INPUTS, type Spelling } from '../settings/inputs.js';
import { type Login, loginOf } from '../settings/login.js';
import { transfersOf } from '../settings/transfers.js';

/** What the flags of the command line choose. */
export interface CopyFlags {
  readonly preReleases: boolean;
  readonly onlyFinals: boolean;
  readonly attachments: boolean;
  readonly dryRun: boolean;
}

export interface CopySettings extends Pick<CopyFlags, 'attachments' | 'dryRun'> {
  /** Layout folders, where one is named in place of a registry. */
  readonly fromFolder: string | undefined;
  readonly toFolder: string | undefined;
  /** For the destination. */
  readonly login: Login;
  /** For sources; `undefined` where nothing but what login commands keep counts. */
  readonly fromLogin: Login;
  readonly selection: Selection;
  readonly ifExists: IfExists;
  readonly concurrency: number;
}

/**
 * @param now milliseconds since the epoch
 * @throws UsageError naming every wrong value, what was found and what is expected
 */
export function copySettings(
  raw: CopyInputs,
  flags: CopyFlags,
  job: GitHubJob | undefined,
  now: number,
  spelled: Spelling<typeof COPY_INPUTS>,
): CopySettings {
  const input = new InputReader(COPY_INPUTS, raw, spelled);
  const given = { username: raw['from-username'], password: raw['from-password'], 'github-token': raw['github-token'] };
  const spelledFrom: Spelling<typeof SIGN_IN_INPUTS> = (name) =>
    spelled(name === 'github-token' ? name : `from-${name}`);
  const from = new InputReader(SIGN_IN_INPUTS, given, spelledFrom);
  const login = loginOf(input, job, spelled);
  const fromLogin = loginOf(from, job, spelledFrom);
  const since = input.parsed('since', parseAge);
  const selection = {
    specifiers: input.parsed('versions', parseSpecifiers),
    preReleases: flags.preReleases,
    onlyFinals: flags.onlyFinals,
    since: since === undefined ? undefined : now - since.milliseconds,
  };
  const settings = {
    fromFolder: input.text('from-oci-layout'),
    toFolder: input.text('to-oci-layout'),
    login,
    fromLogin,
    selection,
    ifExists: input.oneOf('if-exists', ['error', 'skip', 'replace']),
    concurrency: transfersOf(input),
    attachments: flags.attachments,
    dryRun: flags.dryRun,
  };
  input.finish();
  from.finish();
  return settings;
}
