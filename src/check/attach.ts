/** Reads what is to be attached, says everything that is wrong with it, and gives each version its own. */
import { basename } from 'node:path';
import { type Digest, digestOfSource, hexOf } from '../core/digest.js';
import { type FileProblem, UserError } from '../core/errors.js';
import { groupedBy } from '../core/grouped.js';
import { Lane } from '../core/lane.js';
import { byText } from '../core/order.js';
import { repositoryOf, tagOf } from '../pyoci/names.js';
import type { Distribution } from '../python/distribution.js';
import { parseFileName } from '../python/filename.js';
import { normalName } from '../python/name.js';
import { compareVersions } from '../python/version.js';
import { readBeside } from './attachments/beside.js';
import { besideName, isSigned } from './attachments/beside-name.js';
import { sharedBytes, withoutTwins } from './attachments/clashes.js';
import { type Placed, readNamed, type Target } from './attachments/named.js';
import { refusalOf } from './refusal.js';
import type { VersionGroup } from './version-group.js';

/** Files that are to be attached. */
export interface ToAttach {
  /** Paths of files that are named after distributions. */
  readonly beside: readonly string[];
  /** Files that the user names for a version. */
  readonly named: readonly { readonly type: string; readonly path: string }[];
}

export interface Attached {
  /** All versions, those too of which only attachments are here; sorted by project, then by version. */
  readonly versions: readonly VersionGroup[];
  readonly problems: readonly FileProblem[];
}

/** Each is read into memory. */
const AT_ONCE = 4;

/**
 * Reads attachments and sorts them to their versions. An attachment beside no file here makes a version of its own,
 * without files: its file may be published already, or be published by another job.
 */
export async function inspectAttachments(
  versions: readonly VersionGroup[],
  { beside, named }: ToAttach,
  signal: AbortSignal,
): Promise<Attached> {
  const lane = new Lane(AT_ONCE);
  const digests = new Digests(signal);
  const problems: FileProblem[] = [];
  const read = async (path: string, work: () => Promise<readonly Placed<Home>[]>): Promise<readonly Placed<Home>[]> =>
    lane.run(async () => {
      signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        problems.push(refusalOf(path, error));
        return [];
      }
    });
  const targets = named.length ? await targetsOf(versions, digests) : [];
  const placed = await Promise.all([
    ...beside.map((path) => read(path, async () => [await placeBeside(path, versions, digests)])),
    ...named.map(({ type, path }) => read(path, () => readNamed(path, type, targets))),
  ]);
  const attached = groupedBy(placed.flat().sort(byPlace), ({ version }) => keyOf(version));
  const homes = new Map<string, Home>(
    [...versions, ...placed.flat().map(({ version }) => version)].reverse().map((home) => [keyOf(home), home]),
  );
  const result = [...homes].map(([key, { project, version }]): VersionGroup => {
    const { kept, clashes } = withoutTwins((attached.get(key) ?? []).map(({ attachment }) => attachment));
    problems.push(...clashes);
    const files = versions.find((group) => keyOf(group) === key)?.files ?? [];
    return { project, version, files, attachments: kept };
  });
  for (const group of groupedBy(result, ({ project }) => repositoryOf(project)).values()) {
    problems.push(...sharedBytes(group.flatMap(({ attachments = [] }) => attachments)));
  }
  result.sort((a, b) => byText(a.project, b.project) || compareVersions(a.version, b.version));
  return { versions: result, problems: problems.sort((a, b) => byText(a.file, b.file)) };
}

/** The version that an attachment belongs to. */
type Home = Pick<VersionGroup, 'project' | 'version'>;

function byPlace({ attachment: one }: Placed<Home>, { attachment: other }: Placed<Home>): number {
  return byText(one.architecture, other.architecture) || byText(one.path, other.path);
}

/** @throws UserError that says what is wrong with it; what the file system throws */
async function placeBeside(path: string, versions: readonly VersionGroup[], digests: Digests): Promise<Placed<Home>> {
  const name = besideName(basename(path));
  if (!name) throw new Error(`${path} is not named after a distribution`);
  const { file, architecture, ...home } = homeOf(name.distribution, versions);
  // The tag must be one that PyOCI reads back.
  tagOf(home.version);
  const sha256 = file && isSigned(name.suffix) ? hexOf(await digests.of(file)) : undefined;
  const neighbour = { filename: name.distribution, architecture, sha256 };
  return { version: home, attachment: await readBeside(path, name.suffix, neighbour) };
}

/** SHA-256 of files here, each computed once, and only of those that are asked for. */
class Digests {
  readonly #signal: AbortSignal;
  readonly #known = new Map<Distribution, Promise<Digest>>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  of(file: Distribution): Promise<Digest> {
    const known = this.#known.get(file) ?? digestOfSource(file.bytes, this.#signal);
    this.#known.set(file, known);
    return known;
  }
}

async function targetsOf(versions: readonly VersionGroup[], digests: Digests): Promise<readonly Target<Home>[]> {
  return Promise.all(
    versions.map(async ({ project, version, files }) => ({
      version: { project, version },
      label: `${project} ${version.spelled}`,
      files: await Promise.all(
        files.map(async (file) => {
          const { filename, architecture } = file;
          return { filename, architecture, sha256: hexOf(await digests.of(file)) };
        }),
      ),
    })),
  );
}

/** The place of a file, whether it is here or not. */
interface FilePlace extends Home {
  readonly architecture: string;
  /** If it is here. */
  readonly file: Distribution | undefined;
}

/** The file that an attachment is named after; where that is not here, what its name says. */
function homeOf(distribution: string, versions: readonly VersionGroup[]): FilePlace {
  const file = versions.flatMap(({ files }) => files).find(({ filename }) => filename === distribution);
  if (file) return { project: file.project, version: file.version, architecture: file.architecture, file };
  const parsed = parseFileName(distribution);
  if (parsed.kind === 'wheel') {
    const { name, version, architecture } = parsed;
    return { project: normalName(name) ?? name, version, architecture, file: undefined };
  }
  const [split, ...others] = parsed.kind === 'sdist' ? parsed.splits : [];
  if (split && !others.length) {
    const { name, version } = split;
    return { project: normalName(name) ?? name, version, architecture: '.tar.gz', file: undefined };
  }
  throw new UserError(
    `the name ${distribution} does not tell where the project ends and the version begins, and that file is not here`,
    { hint: 'publish it together with its file' },
  );
}

function keyOf({ project, version }: Home): string {
  return `${project} ${version.key}`;
}
