/** Projects as the registry has them now: read anew for whoever asks, but not twice at a time. */
import { LRUCache } from 'lru-cache';
import { DocumentReader } from '../../catalog/document-reader.js';
import { readTag, type StoredIndex } from '../../catalog/version.js';
import { unlessAborted } from '../../core/cancellation.js';
import { UserError } from '../../core/errors.js';
import { Lane } from '../../core/lane.js';
import type { Clock } from '../../core/ports.js';
import { isTag, type Tag } from '../../oci/reference.js';
import { isResolving, type Repository, type Store } from '../../oci/store.js';
import { isVersionTag } from '../../pyoci/names.js';
import { fileDigestOf } from '../../pyoci/version-index.js';
import type { OwnedName } from '../../simple/owned-names.js';
import type { Project } from '../../simple/project.js';
import { namesDigest, projectOf } from '../../simple/project-of.js';

export interface ProjectsOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Ends every read. */
  readonly signal: AbortSignal;
  /** Told once of each tag and entry that no installer can use. */
  readonly passedOver: (project: string, what: string, why: string) => void;
  /** Requests in flight for one project. */
  readonly concurrency?: number;
}

/** The registry is still being read when the client's patience is nearly over: asked again, it may be ready. */
export class NotReadyError extends UserError {
  override readonly name = 'NotReadyError';
}

/** Milliseconds that a read stays good: long enough for the requests of one client, too short for a next step of a job. */
const FRESH = 2_000;
/** A read is good for so many times as long as it took, if that is less: what is quick to ask is asked again. */
const FRESH_TIMES = 20;
/** Clients give up at 15 s (pip, Poetry). */
const PATIENCE = 10_000;
const CONCURRENCY = 32;
/** Bytes of indexes that are kept, by what they came as. */
const MOST_BYTES = 48 * 1024 * 1024;
/** What an index that was read takes beside its bytes, so that many small ones count too. */
const OVERHEAD = 2_048;

interface Read {
  readonly project: Project;
  readonly until: number;
}

/** Owned projects, each read in one flight however many ask, and remembered for a moment. */
export class Projects {
  readonly #options: ProjectsOptions;
  readonly #known = new Map<string, Read>();
  readonly #flights = new Map<string, Promise<Project>>();
  readonly #indexes = new LRUCache<string, StoredIndex>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ files }) =>
      OVERHEAD + files.reduce((sum, { manifest }) => sum + JSON.stringify(manifest).length, 0),
  });
  /** SHA-256 of files by the digests of their manifests, where the entry does not tell. */
  readonly #digests = new LRUCache<string, string>({ max: 50_000 });
  readonly #told = new Set<string>();

  constructor(options: ProjectsOptions) {
    this.#options = options;
  }

  /**
   * A project with all its files; one that is not there has none.
   * @throws NotReadyError after ten seconds, while the reading goes on; else what the registry refused or failed with
   */
  async read(owned: OwnedName): Promise<Project> {
    const { clock } = this.#options;
    const known = this.#known.get(owned.project);
    if (known && clock.now() < known.until) return known.project;
    return this.#inTime(this.#flights.get(owned.project) ?? this.#begin(owned), owned);
  }

  /** The next who asks gets what is there now: something was just published. */
  forget(project: string): void {
    this.#known.delete(project);
    this.#flights.delete(project);
  }

  #begin(owned: OwnedName): Promise<Project> {
    const { clock } = this.#options;
    const begun = clock.now();
    const flight = this.#fetch(owned)
      .then((project) => {
        const now = clock.now();
        // Read before something was published: not for those who ask from now on.
        if (this.#flights.get(owned.project) !== flight) return project;
        this.#known.set(owned.project, { project, until: now + Math.min(FRESH, (now - begun) * FRESH_TIMES) });
        return project;
      })
      .finally(() => {
        if (this.#flights.get(owned.project) === flight) this.#flights.delete(owned.project);
      });
    // Whoever waits is told; when nobody does any more, a failure is told to the next one who asks.
    flight.catch(() => {});
    this.#flights.set(owned.project, flight);
    return flight;
  }

  async #inTime(flight: Promise<Project>, { project }: OwnedName): Promise<Project> {
    const over = new AbortController();
    const late = this.#options.clock.sleep(PATIENCE, over.signal).then(() => {
      throw new NotReadyError(`Still reading the versions of ${project}`, {
        hint: 'run the same command again in a moment',
      });
    });
    late.catch(() => {});
    try {
      return await Promise.race([unlessAborted(flight, this.#options.signal), late]);
    } finally {
      over.abort();
    }
  }

  async #fetch({ project, repository: name }: OwnedName): Promise<Project> {
    const { store, signal, concurrency = CONCURRENCY } = this.#options;
    const repository = store.repository(name);
    const passedOver = (what: string, why: string): void => this.#passOver(project, what, why);
    const tags = (await repository.tags({ signal })).filter((tag): tag is Tag => {
      const served = isTag(tag) && isVersionTag(tag);
      if (!served) passedOver(`tag ${tag}`, 'it is no version');
      return served;
    });
    const lane = new Lane(concurrency);
    const reader = new DocumentReader(concurrency, signal);
    const read = await Promise.all(
      tags.map(async (tag) => {
        const digest = isResolving(repository)
          ? await lane.run(() => repository.resolveTag(tag, { signal }))
          : (await reader.read(repository, tag))?.descriptor.digest;
        if (digest === undefined) return undefined;
        const key = `${name}:${tag}@${digest}`;
        const kept = this.#indexes.get(key);
        if (kept) return kept;
        const held = await readTag(repository, tag, reader, digest);
        if (held?.kind === 'foreign') passedOver(`tag ${tag}`, held.why);
        if (!held || held.kind === 'foreign') return undefined;
        this.#indexes.set(key, held);
        return held;
      }),
    );
    const indexes = read.filter((index) => index !== undefined);
    await this.#learn(repository, indexes, reader);
    return projectOf(project, name, indexes, new Map(this.#digests.entries()), passedOver);
  }

  /** Files that were published before entries named their digests: one request each, once. */
  async #learn(repository: Repository, indexes: readonly StoredIndex[], reader: DocumentReader): Promise<void> {
    const silent = indexes.flatMap(({ files }) => files.filter((file) => !namesDigest(file)));
    await Promise.all(
      silent.map(async ({ manifest: { digest } }) => {
        if (this.#digests.has(digest)) return;
        const manifest = await reader.readIfReadable(repository, digest);
        const sha256 = manifest && fileDigestOf(manifest);
        if (sha256 !== undefined) this.#digests.set(digest, sha256);
      }),
    );
  }

  #passOver(project: string, what: string, why: string): void {
    const key = `${project}: ${what}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#options.passedOver(project, what, why);
  }
}
