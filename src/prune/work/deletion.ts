/** The deletions of a plan, in the order in which a run may be stopped at any of them. */
import { type Digest, isDigest } from '../../core/digest.js';
import { UserError } from '../../core/errors.js';
import { type Failure, failureOf } from '../../core/failure.js';
import { Lane } from '../../core/lane.js';
import { byText } from '../../core/order.js';
import { NotDeletedError, WriteRefusedError } from '../../oci/errors.js';
import { parseTag } from '../../oci/reference.js';
import type { Fate } from '../plan.js';
import type { Deleted, PruneJob, PrunePorts } from './job.js';
import { noteOf } from './note.js';
import type { Shelf } from './shelf.js';
import type { Survey, Surveyor } from './survey.js';

export interface Planned extends Pick<PruneJob, 'image' | 'concurrency'> {
  readonly fates: readonly Fate[];
  readonly loose: readonly Digest[];
  /** What the plan was made of. */
  readonly read: Survey;
  readonly surveyor: Surveyor;
  /** Called for each manifest that is gone. */
  readonly tell: (digest: Digest, kind: Deleted['kind']) => void;
  /** Called for one that turns out to be there still. */
  readonly recant: (digest: Digest) => void;
}

/**
 * A note of what goes, where such are taken; then the indexes; then everything is read again, since a publisher may have
 * named some of it meanwhile, and manifests go that no index names; the notes last. No blob is touched.
 * @returns what could not be deleted, each for its own reason
 * @throws whatever stands in the way of all
 */
export async function deletePlanned(shelf: Shelf, planned: Planned, ports: PrunePorts): Promise<readonly Failure[]> {
  const { image, fates, loose, read, surveyor } = planned;
  const { log } = ports;
  const indexes = [...new Set(fates.filter(({ goes }) => goes).map(({ digest }) => digest))];
  const staying = new Set([...read.tags.values()].filter((digest) => !indexes.includes(digest)));
  const needed = new Set([...staying].flatMap((digest) => read.named.get(digest) ?? []));
  const children = indexes.flatMap((digest) => read.named.get(digest) ?? []).filter((digest) => !needed.has(digest));
  const doomed = [...new Set([...children, ...loose])];
  if (!indexes.length && !doomed.length && !read.notes.length) return [];
  const failures: Failure[] = [];
  const deletion = new Deletion(shelf, planned, ports, failures);

  const note = shelf.takesNotes && doomed.length ? await deletion.writeNote(indexes, doomed) : [];
  if (indexes.length) log.info(`${image}: deleting ${indexes.length} indexes`);
  await deletion.all(indexes, 'index');

  const now = await deletion.withoutTags(await surveyor.survey(), indexes);
  const still = [...now.tags].filter(([, digest]) => indexes.includes(digest) && !deletion.spared.has(digest));
  for (const [tag, digest] of still) {
    planned.recant(digest);
    failures.push(failureOf(stillThere(image, tag), `${image}:${tag}`));
  }
  const standing = new Set([...now.tags.values(), ...[...now.named.values()].flat()]);
  const free = doomed.filter((digest) => !standing.has(digest));
  if (free.length) log.info(`${image}: deleting ${free.length} manifests that no index names`);
  await deletion.all(free, 'manifest');
  if (!failures.length) await deletion.notes([...read.notes, ...note]);
  return failures;
}

const TOLD_EVERY = 100;

class Deletion {
  /** What stays for a reason of its own. */
  readonly spared = new Set<Digest>();
  readonly #shelf: Shelf;
  readonly #planned: Planned;
  readonly #ports: PrunePorts;
  readonly #failures: Failure[];
  readonly #lane: Lane;

  constructor(shelf: Shelf, planned: Planned, ports: PrunePorts, failures: Failure[]) {
    this.#shelf = shelf;
    this.#planned = planned;
    this.#ports = ports;
    this.#failures = failures;
    this.#lane = new Lane(planned.concurrency);
  }

  /**
   * Puts the note in the place of the first version that goes, which is gone by that.
   * @returns none if the registry does not take it, as one with immutable tags
   * @throws UserError if nothing may be deleted here: the note is asked for by its digest before it is there
   */
  async writeNote(indexes: readonly Digest[], doomed: readonly Digest[]): Promise<Survey['notes']> {
    const { fates, image } = this.#planned;
    const { log, signal } = this.#ports;
    const [first] = fates
      .filter(({ goes }) => goes)
      .map(({ tag }) => tag)
      .sort(byText);
    const replaced = fates.find(({ tag }) => tag === first)?.digest;
    const note = noteOf([replaced, ...doomed].filter(isDigest));
    const { repository } = this.#shelf;
    await this.#shelf.delete(note.descriptor.digest, { signal });
    if (first === undefined || !indexes.length) return [];
    const tag = parseTag(first);
    // What somebody has written there since would be lost under the note.
    const standing = await repository.getManifest(tag, { signal });
    if (standing?.descriptor.digest !== replaced) throw changedMeanwhile(image, tag);
    try {
      await repository.putTag(tag, note, { signal });
      return [{ tag, digest: note.descriptor.digest }];
    } catch (error) {
      if (!(error instanceof WriteRefusedError) || error.mayHaveApplied) throw error;
      log.notice(`${image}: it takes no note of what goes, so do not stop this run: ${error.message}`);
      return [];
    }
  }

  /**
   * Deletes tags that were left though what they pointed at was deleted, as crane's registry leaves them.
   * @returns how things stand then
   */
  async withoutTags(found: Survey, gone: readonly Digest[]): Promise<Survey> {
    const left = [...found.tags].filter(([, digest]) => gone.includes(digest) && !this.spared.has(digest));
    if (!left.length || !this.#shelf.deleteTag) return found;
    await Promise.all(left.map(([tag]) => this.#lane.run(() => this.#tag(tag))));
    return this.#planned.surveyor.survey();
  }

  /** What is left of the notes. */
  async notes(all: Survey['notes']): Promise<void> {
    const { repository } = this.#shelf;
    const { signal } = this.#ports;
    await this.all([...new Set(all.map(({ digest }) => digest))]);
    for (const { tag, digest } of all) {
      const left = await repository.getManifest(parseTag(tag), { signal });
      if (left?.descriptor.digest === digest) await this.#tag(tag);
    }
  }

  /** Whether it is gone is seen afterwards. */
  async #tag(tag: string): Promise<void> {
    const { log, signal } = this.#ports;
    try {
      await this.#shelf.deleteTag?.(parseTag(tag), { signal });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      log.debug(`${this.#planned.image}: ${error.message}`);
    }
  }

  /** Those whose kind is given are told of. The first failure that stands for all ends the rest. */
  async all(digests: readonly Digest[], kind?: Deleted['kind']): Promise<void> {
    const { image } = this.#planned;
    const { log } = this.#ports;
    let done = 0;
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#ports.signal, stop.signal]);
    const settled = await Promise.allSettled(
      digests.map((digest) =>
        this.#lane.run(async () => {
          signal.throwIfAborted();
          try {
            await this.#one(digest, kind);
            done += 1;
            // At GitHub's pace a line every half minute.
            if (done % TOLD_EVERY === 0) log.info(`${image}: ${done} of ${digests.length} deleted`);
          } catch (error) {
            stop.abort(error);
            throw error;
          }
        }),
      ),
    );
    if (stop.signal.aborted) throw stop.signal.reason;
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #one(digest: Digest, kind: Deleted['kind'] | undefined): Promise<void> {
    const { image, tell } = this.#planned;
    try {
      const outcome = await this.#shelf.delete(digest, { signal: this.#ports.signal });
      if (kind !== undefined && outcome === 'deleted') tell(digest, kind);
    } catch (error) {
      if (!(error instanceof NotDeletedError)) throw error;
      this.spared.add(digest);
      this.#failures.push(failureOf(error, `${image}@${digest}`));
    }
  }
}

function changedMeanwhile(image: string, tag: string): UserError {
  return new UserError(`Cannot prune ${image}: ${tag} was written while the others were read`, {
    hint: 'run again; nothing was deleted',
  });
}

function stillThere(image: string, tag: string): UserError {
  return new UserError(`Cannot prune ${image}: the registry said that ${tag} was deleted, and it is still there`, {
    hint: 'run again in a few minutes; what it names was left alone',
  });
}
