/** Reads what is to be attached, says everything that is wrong with it, and gives each version its own. */
import { basename } from 'node:path';
import { type Digest, digestOfSource, hexOf } from '../core/digest.js';
import type { FileProblem } from '../core/errors.js';
import { groupedBy } from '../core/grouped.js';
import { Lane } from '../core/lane.js';
import { byText } from '../core/order.js';

import { repositoryOf, tagOf } from '../pyoci/names.js';
import type { Distribution } from '../python/distribution.js';
import { parseFileName } from '../python/filename.js';
import { normalName } from '../python/name.js';
import { compareVersions, type Version } from '../python/version.js';
import { type Attachment, attachmentProblem } from './attachments/attachment.js';
import { readBeside } from './attachments/beside.js';
import { besideName } from './attachments/beside-name.js';
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
  /** All versions, those too of which only attachments are here; sorted as they were. */
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
  const groups = new Map(versions.map((version) => [keyOf(version.project, version.version), version]));
  const problems: FileProblem[] = [];
  const placed: Placed<string>[] = [];
  const read = (path: string, work: () => Promise<readonly Placed<string>[]>): Promise<void> =>
    lane.run(async () => {
      signal.throwIfAborted();
      try {
        placed.push(...(await work()));
      } catch (error) {
        signal.throwIfAborted();
        problems.push(refusalOf(path, error));
      }
    });
  await Promise.all(
    beside.map((path) =>
      read(path, async () => {
        const name = besideName(basename(path));
        if (!name) throw new Error(`${path} is not named after a distribution`);
        const home = homeOf(name.distribution, versions);
        if ('problem' in home) {
          problems.push(attachmentProblem(path, home.problem, home.hint));
          return [];
        }
        const { project, version, architecture, file } = home;
        const key = keyOf(project, version);
        if (!groups.has(key)) {
          tagOf(version);
          groups.set(key, { project, version, files: [], attachments: [] });
        }
        const sha256 = file && hexOf(await digests.of(file));
        const neighbour = { filename: name.distribution, architecture, sha256 };
        return [{ version: key, attachment: await readBeside(path, name.suffix, neighbour) }];
      }),
    ),
  );
  const targets = named.length ? await targetsOf(versions, digests) : [];
  await Promise.all(named.map(({ type, path }) => read(path, () => readNamed(path, type, targets))));
  placed.sort(
    (a, b) =>
      byText(a.attachment.architecture, b.attachment.architecture) || byText(a.attachment.path, b.attachment.path),
  );
  const attached = groupedBy(placed, ({ version }) => version);
  const result = [...groups].map(([key, version]): VersionGroup => {
    const attachments = (attached.get(key) ?? []).map(({ attachment }) => attachment);
    const { kept, clashes } = withoutTwins(attachments);
    problems.push(...clashes);
    return { ...version, attachments: kept };
  });
  problems.push(...sharedBytes(result));
  result.sort((a, b) => byText(a.project, b.project) || compareVersions(a.version, b.version));
  return { versions: result, problems: problems.sort((a, b) => byText(a.file, b.file)) };
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

async function targetsOf(versions: readonly VersionGroup[], digests: Digests): Promise<readonly Target<string>[]> {
  return Promise.all(
    versions.map(async ({ project, version, files }) => ({
      version: keyOf(project, version),
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

type Home =
  | {
      readonly project: string;
      readonly version: Version;
      readonly architecture: string;
      /** If it is here. */
      readonly file: Distribution | undefined;
    }
  | { readonly problem: string; readonly hint: string };

/** The file that an attachment is named after; where that is not here, what its name says. */
function homeOf(distribution: string, versions: readonly VersionGroup[]): Home {
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
  return {
    problem: `the name ${distribution} does not tell where the project ends and the version begins, and that file is not here`,
    hint: 'publish it together with its file',
  };
}

/** One for each architecture: the same bytes once, other bytes are a problem. */
function withoutTwins(attachments: readonly Attachment[]): {
  readonly kept: readonly Attachment[];
  readonly clashes: readonly FileProblem[];
} {
  const places = [...groupedBy(attachments, ({ architecture }) => architecture).values()];
  const clashes = places.flatMap(([first, ...others]) =>
    others
      .filter(({ sha256 }) => sha256 !== first.sha256)
      .map(({ path, about }) =>
        attachmentProblem(
          path,
          `it would take the place of ${first.path}: ${about?.filename ?? 'a version'} can have one attachment of this kind`,
          about
            ? 'leave one of the two out'
            : 'leave one of the two out, or attach it under a word of your own, as in notes=FILE',
        ),
      ),
  );
  return { kept: places.map(([first]) => first), clashes };
}

/**
 * PyOCI deletes a version with its blobs, whoever else has them: bytes that are attached twice in one repository would be
 * lost with the first.
 */
function sharedBytes(versions: readonly VersionGroup[]): readonly FileProblem[] {
  const all = versions.flatMap(({ project, attachments = [] }) =>
    attachments.map((attachment) => ({ attachment, key: `${repositoryOf(project)} ${attachment.sha256}` })),
  );
  return [...groupedBy(all, ({ key }) => key).values()].flatMap(([first, ...others]) =>
    others.map(({ attachment }) =>
      attachmentProblem(
        attachment.path,
        `it has the same bytes as ${first.attachment.path}: deleting one version through PyOCI would take them away from the other`,
        'give each bytes of its own: a serial number or a time in it is enough',
      ),
    ),
  );
}

function keyOf(project: string, { key }: Version): string {
  return `${project} ${key}`;
}
