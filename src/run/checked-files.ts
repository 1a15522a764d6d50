/** Finds the files that the user named and checks every one, before anything is sent. */
import type { VersionGroup } from '../check/check.js';
import { checkFiles } from '../check/check.js';
import { deeperHint, discover } from '../check/discover.js';
import { type FileProblem, FilesError, UserError } from '../core/errors.js';
import type { Log } from '../core/ports.js';
import type { Face } from './face.js';
import type { Settings } from './settings/settings.js';

export interface CheckedFiles {
  /** None if there is nothing to publish, and that is no error. */
  readonly versions: readonly VersionGroup[];
  /** Logged already. */
  readonly warnings: readonly string[];
}

/** As many names as a notice needs to be understood. */
const MOST_NAMES = 5;

/**
 * Finds the files and checks every one of them, before any request is made.
 * @throws FilesError with every problem of every file, UserError if there is nothing to publish
 */
export async function checkedFiles(settings: Settings, face: Face): Promise<CheckedFiles> {
  const { log, files } = face;
  const { distributions, problems, passedOver } = discover(await files.find(settings.files));
  if (passedOver.length) log.notice(`Passed over, since they are no distributions: ${named(passedOver)}`);
  if (!distributions.length && !problems.length) {
    const warnings = nothingFound(settings, deeperHint(await files.deeper(settings.files)), log);
    return { versions: [], warnings };
  }
  return log.group(`Check ${distributions.length === 1 ? 'one file' : `${distributions.length} files`}`, () =>
    check(distributions, problems, face),
  );
}

/** Files with impossible names do not keep the others from being looked into, so that one run shows all there is. */
async function check(
  paths: readonly string[],
  problems: readonly FileProblem[],
  { log, signal }: Face,
): Promise<CheckedFiles> {
  const { versions, warnings } = await checkFiles(paths, signal).catch((error: unknown) => {
    throw error instanceof FilesError ? new FilesError([...problems, ...error.problems]) : error;
  });
  if (problems.length) throw new FilesError([...problems, ...warnings]);
  const told = warnings.map(
    ({ file, message, hint }) => `${file}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
  for (const warning of told) log.warning(warning);
  for (const { project, version, files } of versions) {
    log.info(`${project} ${version.spelled}: ${files.map(({ filename }) => filename).join(', ')}`);
  }
  return { versions, warnings: told };
}

function nothingFound({ files, ifNoFilesFound }: Settings, deeper: string | undefined, log: Log): readonly string[] {
  const message = `no wheel and no sdist matches ${files.join(', ')}`;
  const hint = deeper ?? 'build first (`python -m build`), and see that this step runs where the files are';
  switch (ifNoFilesFound) {
    case 'error':
      throw new UserError(`Cannot publish: ${message}`, {
        hint: `${hint}; or set \`if-no-files-found\` to warn or ignore, if that is as it should be`,
      });
    case 'warn':
      log.warning(`Nothing to publish: ${message} (${hint})`);
      return [`Nothing to publish: ${message} (${hint})`];
    case 'ignore':
      log.info(`Nothing to publish: ${message}`);
      return [];
  }
}

function named(paths: readonly string[]): string {
  const rest = paths.length - MOST_NAMES;
  return `${paths.slice(0, MOST_NAMES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
