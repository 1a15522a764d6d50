/** Reads files, says everything that is wrong with them, and sorts the good ones into versions. */
import { fileBytes } from '../core/bytes.js';
import { type FileProblem, FilesError } from '../core/errors.js';
import { groupedBy } from '../core/grouped.js';
import { Lane } from '../core/lane.js';
import { byText } from '../core/order.js';
import { tagOf } from '../pyoci/names.js';
import { type Distribution, type Reading, readDistribution } from '../python/distribution.js';
import { compareVersions } from '../python/version.js';
import { inspectAttachments, type ToAttach } from './attach.js';
import { refusalOf } from './refusal.js';
import { checkSpellings } from './spellings.js';
import { differingTwins, withoutTwins } from './twins.js';
import type { VersionGroup } from './version-group.js';

export interface Checked {
  /** Sorted by project, then by version. */
  readonly versions: readonly VersionGroup[];
  readonly warnings: readonly FileProblem[];
}

/** What looking into files gave, whether they can be published or not. */
export interface Inspected {
  /** Without the files that have an error of their own; sorted by project, then by version. */
  readonly versions: readonly VersionGroup[];
  /** Errors and warnings, of single files first, then of files against each other. */
  readonly problems: readonly FileProblem[];
}

const NOTHING: ToAttach = { beside: [], named: [] };

/** Sdists are unpacked whole; more at a time than processors do nothing but wait for each other. */
const AT_ONCE = 4;

/**
 * The first pass over all files: whether each can be published, and all of them together.
 * @throws FilesError with every problem of every file, if one of them is an error
 */
export async function checkFiles(
  paths: readonly string[],
  signal: AbortSignal,
  toAttach: ToAttach = NOTHING,
): Promise<Checked> {
  const { versions, problems } = await inspectFiles(paths, signal, toAttach);
  if (problems.some(({ severity }) => severity === 'error')) throw new FilesError(problems);
  return { versions, warnings: problems };
}

/** The same for those who want to see it all, whatever is wrong. */
export async function inspectFiles(
  paths: readonly string[],
  signal: AbortSignal,
  toAttach: ToAttach = NOTHING,
): Promise<Inspected> {
  const lane = new Lane(AT_ONCE);
  const readings = await Promise.all(
    paths.map((path) =>
      lane.run(() => {
        signal.throwIfAborted();
        return readFile(path);
      }),
    ),
  );
  const distributions = readings.flatMap(({ distribution }) => distribution ?? []).sort(byPlace);
  const versions = [...groupedBy(distributions, ({ project, version }) => `${project} ${version.key}`).values()];
  const problems = [
    ...readings.flatMap((reading) => reading.problems),
    ...versions.flatMap(checkSpellings),
    ...(await differingTwins(distributions, signal)),
  ];
  const groups = versions.map((files) => {
    const [{ project, version }] = files;
    return { project, version, files: withoutTwins(files) };
  });
  if (toAttach.beside.length + toAttach.named.length === 0) return { versions: groups, problems };
  const attached = await inspectAttachments(groups, toAttach, signal);
  return { versions: attached.versions, problems: [...problems, ...attached.problems] };
}

async function readFile(path: string): Promise<Reading> {
  try {
    const reading = await readDistribution(path, await fileBytes(path));
    const found = reading.distribution ? versionProblems(reading.distribution) : [];
    const failed = found.some(({ severity }) => severity === 'error');
    return { distribution: failed ? undefined : reading.distribution, problems: [...reading.problems, ...found] };
  } catch (error) {
    return { distribution: undefined, problems: [refusalOf(path, error)] };
  }
}

/** Whether PyOCI would read the version back from its tag, and as it is spelled today. */
function versionProblems({ path, version }: Distribution): readonly FileProblem[] {
  try {
    tagOf(version);
  } catch (error) {
    return [refusalOf(path, error)];
  }
  const { spelled, normal } = version;
  if (spelled === normal) return [];
  const message = `its version is spelled "${spelled}", which becomes the tag; the normal form is "${normal}"`;
  return [{ severity: 'warning', file: path, message, hint: `set the version to "${normal}"` }];
}

function byPlace(one: Distribution, other: Distribution): number {
  return (
    byText(one.project, other.project) ||
    compareVersions(one.version, other.version) ||
    byText(one.filename, other.filename) ||
    byText(one.path, other.path)
  );
}
