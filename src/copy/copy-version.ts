/** Copies one version: its content first, then one write of its index, merged into what the destination has. */
import { UserError } from '../core/errors.js';
import type { Random } from '../core/ports.js';
import { annotationsOf, type Descriptor, isDescriptor } from '../oci/descriptor.js';
import { type Document, encode } from '../oci/document.js';
import type { Repository } from '../oci/store.js';
import { ANNOTATION } from '../pyoci/layout.js';
import {
  entriesOf,
  fileDigestOf,
  type IndexEntry,
  isFile,
  isPackageIndex,
  type PackageIndex,
} from '../pyoci/version-index.js';
import { laterOf, yankedIn } from '../pyoci/yanking/yanked.js';
import { TakenError } from '../release/merge/merge-errors.js';
import { doubtText, guardVersion, type Protection } from '../release/merge/protection.js';
import { standingEntries } from '../release/merge/standing-entries.js';
import { type TaggedVersion, writeVersion } from '../release/merge/writer.js';
import { ContentCopier, type ContentPorts, type CopyLanes } from './content.js';
import { claimOf, type EntryPlan, type IfExists, planEntries } from './entry-plan.js';
import { type CopyOutcome, copiedEntry, nameOf, type VersionPlaces } from './outcome.js';
import { isRecent, type Selection } from './selection.js';

export interface CopyChoice {
  readonly selection: Selection;
  readonly ifExists: IfExists;
  readonly attachments: boolean;
  readonly dryRun: boolean;
  /** A version will be new at the destination, whose index names this URL as the source of the package. */
  onNew(image: string, source: string): void;
  /** What protects the destination against other writers. */
  readonly protection: Protection;
}

export interface CopyPorts extends ContentPorts {
  readonly random: Random;
}

/** @returns `undefined` for a version that the selection leaves out. @throws UserError if it cannot be copied */
export async function copyVersion(
  { source, destination, sameStore }: VersionPlaces,
  choice: CopyChoice,
  lanes: CopyLanes,
  ports: CopyPorts,
): Promise<CopyOutcome | undefined> {
  const { signal } = ports;
  const read = ({ repository, tag }: TaggedVersion): Promise<Document | undefined> =>
    lanes.asking.run(() => repository.getManifest(tag, { signal }));
  const index = await read(source);
  if (!index) throw gone(source.image);
  if (!isPackageIndex(index)) throw new NoVersionError(source.image);
  if (!isRecent(createdIn(index), choice.selection)) return undefined;

  const standing = await read(destination);
  const entries = standingEntries(standing, destination.image);
  const [mine, theirs] = await alikeIn(source.repository, entriesOf(index), destination.repository, entries, ports);
  const plans = await mended(planEntries(mine, theirs, choice), destination.repository, ports);
  const conflicts = plans.filter(({ decision }) => decision === 'conflict');
  if (conflicts.length) throw taken(source, destination, conflicts);

  const url = annotationsOf(index.value)[ANNOTATION.source];
  if (!standing && url !== undefined) choice.onNew(destination.image, url);
  const [from, to] = [source.repository, destination.repository];
  const passage = { source: from, destination: to, from: source.image, sameStore, dryRun: choice.dryRun };
  const copier = new ContentCopier(passage, lanes, ports);
  const beginning = standing ? undefined : withoutAttachments(index, choice);
  await bringAll(copier, source, plans, beginning);

  const outcome = { source: source.image, destination: destination.image, brought: copier.brought };
  const copied = plans.map((plan) => copiedEntry(source, plan));
  const claims = plans.filter(({ decision }) => decision === 'copy').map(claimOf);
  const word = yankedIn(index.value);
  const said = standing && yankedIn(standing.value);
  const changes = claims.length > 0 || laterOf(said, word) !== said;
  if (!changes || choice.dryRun) {
    const repaired = copier.brought.manifests > 0 || copier.brought.blobs > 0;
    const status = changes ? 'copied' : repaired ? 'repaired' : 'unchanged';
    return { ...outcome, status, digest: standing?.descriptor.digest, entries: copied };
  }

  const change = {
    claims,
    beginning,
    annotations: annotationsOf(index.value),
    word,
    restore: () => bringAll(new ContentCopier(passage, lanes, ports), source, plans, beginning),
  };
  const warn = (message: string): void => ports.log.warning(message);
  const writing = { ...ports, inTurn: <T>(ask: () => Promise<T>) => lanes.asking.run(ask) };
  const skipTaken = choice.ifExists === 'skip';
  const guard = await guardVersion(destination, claims, choice.protection, skipTaken, writing, warn);
  const written = await writeVersion(destination, change, guard, writing);
  const doubt = doubtText(destination.image, written);
  if (doubt !== undefined) warn(doubt);
  return { ...outcome, status: 'copied', digest: written.digest, entries: copied };
}

/** The tag holds something else than a version of a package. */
export class NoVersionError extends UserError {
  override readonly name = 'NoVersionError';

  constructor(image: string) {
    super(`Cannot copy ${image}: the tag holds no Python package`, {
      hint: 'copy other artifacts with a tool such as oras or skopeo',
    });
  }
}

/** Files that are listed, and for a version that begins here also what else its index names. */
async function bringAll(
  copier: ContentCopier,
  { repository, tag }: TaggedVersion,
  plans: readonly EntryPlan[],
  beginning: Document | undefined,
): Promise<void> {
  const entries = plans.flatMap(({ entry, decision, standing }): readonly [Descriptor, string][] => {
    const name = nameOf(repository, tag, entry);
    if (decision === 'copy' || decision === 'unchanged') return [[entry.descriptor, name]];
    return decision === 'kept' && standing ? [[standing.descriptor, name]] : [];
  });
  const known = new Set(entries.map(([{ digest }]) => digest));
  const listed = (beginning?.value.manifests ?? []) as readonly unknown[];
  const others = listed.filter(isDescriptor).filter(({ digest }) => !known.has(digest));
  const all = [...entries, ...others.map((other): [Descriptor, string] => [other, `the entry ${other.digest}`])];
  await Promise.all(all.map(([manifest, name]) => copier.bring(manifest, name)));
}

/** An index without digests of files says them by its manifests, where two entries have to be compared. */
async function alikeIn(
  source: Repository,
  mine: readonly IndexEntry[],
  destination: Repository,
  theirs: readonly IndexEntry[],
  { signal }: CopyPorts,
): Promise<readonly [readonly IndexEntry[], readonly IndexEntry[]]> {
  const shared = new Set(
    mine.map(({ architecture }) => architecture).filter((one) => theirs.some((other) => other.architecture === one)),
  );
  const told = async (repository: Repository, entry: IndexEntry): Promise<IndexEntry> => {
    if (entry.sha256 !== undefined || !shared.has(entry.architecture)) return entry;
    const manifest = await repository.getManifest(entry.descriptor.digest, { signal });
    return { ...entry, sha256: manifest && fileDigestOf(manifest) };
  };
  return [
    await Promise.all(mine.map((entry) => told(source, entry))),
    await Promise.all(theirs.map((entry) => told(destination, entry))),
  ];
}

/** Equal bytes whose other manifest is gone at the destination are copied after all. */
async function mended(
  plans: readonly EntryPlan[],
  destination: Repository,
  { signal }: CopyPorts,
): Promise<readonly EntryPlan[]> {
  return Promise.all(
    plans.map(async (plan): Promise<EntryPlan> => {
      const { decision, standing } = plan;
      if (decision !== 'kept' || !standing) return plan;
      const there = await destination.hasManifest(standing.descriptor.digest, { signal });
      return there ? plan : { ...plan, decision: 'copy' };
    }),
  );
}

function withoutAttachments(index: PackageIndex, { attachments }: CopyChoice): Document {
  const left = entriesOf(index).filter((entry) => !isFile(entry));
  if (attachments || !left.length) return index;
  const digests = new Set<unknown>(left.map(({ descriptor }) => descriptor));
  return encode({
    ...index.value,
    mediaType: index.descriptor.mediaType,
    manifests: index.value.manifests.filter((one) => !digests.has(one)),
  });
}

function createdIn(index: PackageIndex): readonly string[] {
  const all = [index.value, ...entriesOf(index).map(({ descriptor }) => descriptor)];
  return all.flatMap((one) => annotationsOf(one)[ANNOTATION.created] ?? []);
}

function gone(image: string): UserError {
  return new UserError(`Cannot copy ${image}: there is nothing under this name`, {
    hint: 'check the spelling; if it was listed a moment ago, it has been deleted meanwhile',
  });
}

function taken(source: TaggedVersion, destination: TaggedVersion, conflicts: readonly EntryPlan[]): TakenError {
  const digests = conflicts.map(({ entry, standing }) => ({ there: standing?.sha256, here: entry.sha256 ?? '' }));
  const lines = conflicts.map(({ entry, standing }) => {
    const name = nameOf(source.repository, source.tag, entry);
    return `${name} has other bytes there: sha256:${standing?.sha256 ?? 'unknown'} there, sha256:${entry.sha256 ?? 'unknown'} at the source`;
  });
  return new TakenError(
    `Cannot copy to ${destination.image}: ${lines.join('; ')}`,
    digests,
    'find out which of the two is right; then copy with --if-exists skip to keep what is there, or with --if-exists replace to overwrite it (installers that locked its hash will refuse the other bytes)',
  );
}
