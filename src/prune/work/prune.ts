/** Prunes one package: reads it, plans, and where it is told to, deletes: indexes first, then what no index names. */
import { DocumentReader } from '../../catalog/document-reader.js';
import type { Digest } from '../../core/digest.js';
import { UserError } from '../../core/errors.js';
import { type Failure, failureOf } from '../../core/failure.js';
import { checkPlan, planPrune } from '../plan.js';
import { deletePlanned } from './deletion.js';
import type { Deleted, Pruned, PruneJob, PrunePorts } from './job.js';
import type { Listed, Shelf } from './shelf.js';
import { type Survey, Surveyor } from './survey.js';

/** An orphan is left alone for a day, in milliseconds: a publisher may be about to name it. */
const GRACE = 24 * 60 * 60 * 1_000;
/** Documents are not kept, so that they need not fit into memory together. */
const ANY_AMOUNT = Number.POSITIVE_INFINITY;

/**
 * @throws UserError if something cannot be read, or the rules take too much: then nothing is deleted. What goes wrong
 * while deleting is told in the result.
 */
export async function prune(shelf: Shelf, job: PruneJob, ports: PrunePorts): Promise<Pruned> {
  const { image, rules, apply, concurrency, spelled } = job;
  const { log, clock, signal } = ports;
  const reader = new DocumentReader(concurrency, signal, ANY_AMOUNT);
  const surveyor = new Surveyor(shelf.repository, image, reader);
  const read = await surveyor.survey();
  const listed = await shelf.list?.({ signal });
  if (!read.tags.size && !listed?.length) throw absent(image);
  const { versions, others } = listed ? seenBy(listed, read) : read;
  const fates = planPrune(versions, others, rules, clock.now());
  checkPlan(fates, rules, image, spelled);
  const orphans = rules.untagged ? await orphansOf(shelf, read, listed, job, ports) : [];
  const named = new Set([...read.named.values()].flat());
  const left = await stillHeld(
    shelf,
    read.noted.filter((digest) => !named.has(digest)),
    reader,
  );
  const loose = [...new Set([...left, ...orphans])];
  const plan = { image, applied: apply, fates, others, loose, restore: shelf.restore };
  if (!apply) return { ...plan, deleted: [], failures: [] };
  const deleted: Deleted[] = [];
  const failures: Failure[] = [];
  const ids = new Map(listed?.map(({ digest, id }) => [digest, id]));
  const tell = (digest: Digest, kind: Deleted['kind']): void => {
    deleted.push({ digest, kind, id: ids.get(digest) });
  };
  const recant = (digest: Digest): void => {
    const at = deleted.findIndex((one) => one.digest === digest);
    if (at >= 0) deleted.splice(at, 1);
  };
  try {
    failures.push(...(await deletePlanned(shelf, { ...job, fates, loose, read, surveyor, tell, recant }, ports)));
  } catch (error) {
    if (!(error instanceof UserError) && !signal.aborted) throw error;
    failures.push(failureOf(error, image));
  }
  if (deleted.length) log.info(`${image}: ${deleted.length} manifests deleted`);
  return { ...plan, deleted, failures };
}

function absent(image: string): UserError {
  return new UserError(`Cannot prune ${image}: there is nothing under this name`, {
    hint: 'check the spelling, and that these credentials may read it: many registries say of what they hide that it is not there',
  });
}

/** Versions by the clock of the registry, and tags that it knows and did not list to us. */
function seenBy(listed: readonly Listed[], { versions, others, tags }: Survey): Pick<Survey, 'versions' | 'others'> {
  const by = new Map(listed.map((one) => [one.digest, one]));
  const unknown = listed.flatMap(({ digest, tags: own }) =>
    own
      .filter((tag) => !tags.has(tag))
      .map((tag) => ({ tag, digest, why: 'it was written while the others were read' })),
  );
  return {
    versions: versions.map((version) => ({ ...version, created: by.get(version.digest)?.created })),
    others: [...others, ...unknown],
  };
}

/** What a note names may be gone: the version that it stood for may have been published again after that. */
async function stillHeld(
  { repository }: Shelf,
  noted: readonly Digest[],
  reader: DocumentReader,
): Promise<readonly Digest[]> {
  const { signal } = reader;
  const held = noted.map((digest) => reader.inTurn(() => repository.hasManifest(digest, { signal })));
  const there = await Promise.all(held);
  return noted.filter((_, at) => there[at]);
}

async function orphansOf(
  shelf: Shelf,
  { named, tags }: Survey,
  listed: readonly Listed[] | undefined,
  { image, spelled }: PruneJob,
  { clock, log, signal }: PrunePorts,
): Promise<readonly Digest[]> {
  const known = new Set([...named.values()].flat());
  const tagged = new Set(tags.values());
  const all = listed
    ? listed.filter((one) => !one.tags.length).map(({ digest, changed }) => ({ digest, since: changed }))
    : await shelf.orphans?.({ signal });
  if (!all) {
    log.notice(`${image}: this registry does not list what is untagged, so ${spelled('untagged')} does nothing here`);
    return [];
  }
  const old = all.filter(({ since }) => clock.now() - since > GRACE).map(({ digest }) => digest);
  return old.filter((digest) => !known.has(digest) && !tagged.has(digest));
}
