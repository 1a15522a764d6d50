/** Finds the files that the user named and checks every one, before anything is sent. */

import type { ToAttach } from '../check/attach.js';
import { checkFiles } from '../check/check.js';
import { type Discovery, deeperHint, discover, neighboursOf } from '../check/discover.js';
import type { VersionGroup } from '../check/version-group.js';
import { type FileProblem, FilesError, UsageError, UserError } from '../core/errors.js';
import type { Log } from '../core/ports.js';
import type { Face } from './face.js';
import { siblingsOf } from './machine/siblings.js';
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
  const found = discover(await files.find(settings.files));
  const { distributions, problems, passedOver } = found;
  if (passedOver.length) log.notice(`Passed over, since they are no distributions: ${named(passedOver)}`);
  const toAttach = await filesToAttach(found, settings, face);
  if (!distributions.length && !problems.length && !toAttach.beside.length) {
    const warnings = nothingFound(settings, deeperHint(await files.deeper(settings.files)), log);
    return { versions: [], warnings };
  }
  return log.group(`Check ${distributions.length === 1 ? 'one file' : `${distributions.length} files`}`, () =>
    check(distributions, toAttach, problems, face),
  );
}

/**
 * What the files are to be published with: what was matched or lies beside them under their names, and what was named
 * for a version.
 * @throws UsageError if what was named is not there
 */
async function filesToAttach(
  { distributions, attachments, passedOver }: Discovery,
  settings: Settings,
  { log, files, spelled }: Face,
): Promise<ToAttach> {
  const requested = settings.attach.map(async ({ type, pattern }) => {
    const paths = await files.attached(pattern);
    if (paths.length) return paths.map((path) => ({ type, path }));
    throw new UsageError(`Cannot use ${spelled('attach')}: no file matches ${pattern}`, {
      hint: 'see that the step which makes it comes before this one, and where it puts it',
    });
  });
  const forVersions = (await Promise.all(requested)).flat();
  if (settings.attachments === 'none') return { beside: [], named: forVersions };
  const neighbours = neighboursOf(distributions, await siblingsOf(distributions));
  const unknown = neighbours.unknown.filter((path) => !passedOver.includes(path));
  if (unknown.length) {
    log.notice(`Not attached, since what their names end with is not known here: ${named(unknown)}`);
  }
  return { beside: [...new Set([...attachments, ...neighbours.attachments])], named: forVersions };
}

/** Files with impossible names do not keep the others from being looked into, so that one run shows all there is. */
async function check(
  paths: readonly string[],
  toAttach: ToAttach,
  problems: readonly FileProblem[],
  { log, signal }: Face,
): Promise<CheckedFiles> {
  const { versions, warnings } = await checkFiles(paths, signal, toAttach).catch((error: unknown) => {
    throw error instanceof FilesError ? new FilesError([...problems, ...error.problems]) : error;
  });
  if (problems.length) throw new FilesError([...problems, ...warnings]);
  const told = warnings.map(
    ({ file, message, hint }) => `${file}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
  for (const warning of told) log.warning(warning);
  for (const { project, version, files, attachments = [] } of versions) {
    log.info(`${project} ${version.spelled}: ${[...files, ...attachments].map(({ filename }) => filename).join(', ')}`);
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
