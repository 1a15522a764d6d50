/** The writes of one version's tag, one after the other, each for all files that wait for it. */
import { UserError } from '../../core/errors.js';
import type { Annotations } from '../../oci/descriptor.js';
import type { Claim } from '../../release/merge/journal.js';
import { rulesOf, settleTime } from '../../release/merge/protection.js';
import { type Written, writeVersion } from '../../release/merge/writer.js';
import { type Content, pushContent } from '../../release/push/push.js';
import type { Publication } from '../publication.js';
import type { Workshop } from '../workshop.js';

/** A file that is stored and not listed yet, with what is attached to it. */
export interface StoredFile {
  readonly stored: readonly { readonly claim: Claim; readonly content: Content }[];
  readonly annotations: Annotations;
}

export interface LineEvents {
  /** Nothing waits any more, and the version has held still. */
  idle(): void;
  /** Files that were listed are gone, and could not be put back. */
  lost(error: UserError): void;
}

interface Waiting {
  readonly file: StoredFile;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Milliseconds that a write waits for files that come at the same moment. */
const GATHER = 50;

export class VersionLine {
  readonly #publication: Publication;
  readonly #shop: Workshop;
  readonly #events: LineEvents;
  /** Listed by us until the version has held still. */
  #listed: readonly StoredFile[] = [];
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  /** Aborts when a file comes: it must not wait until the version has held still. */
  #came = new AbortController();

  constructor(publication: Publication, shop: Workshop, events: LineEvents) {
    this.#publication = publication;
    this.#shop = shop;
    this.#events = events;
  }

  /**
   * Lists a file, together with those that wait at the same time.
   * @throws UserError if another file of that name came first, or the index cannot be written
   */
  list(file: StoredFile): Promise<void> {
    const listed = new Promise<void>((resolve, reject) => this.#waiting.push({ file, resolve, reject }));
    this.#came.abort();
    this.#running ??= this.#run();
    return listed;
  }

  /** Resolves when nothing waits and the version has held still. Never rejects. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** One write after another as long as files come; then a look, a while after the last, whether all of them still stand. */
  async #run(): Promise<void> {
    const { clock, random, signal } = this.#shop.ports;
    let stands = false;
    while (this.#waiting.length || !stands) {
      await clock.sleep(GATHER, signal).catch(() => {});
      while (this.#waiting.length) await this.#writeOnce();
      this.#came = new AbortController();
      if (this.#shop.job.protection.kind !== 'settle' || signal.aborted) break;
      await clock.sleep(settleTime(random), AbortSignal.any([signal, this.#came.signal])).catch(() => {});
      if (!this.#waiting.length) stands = await this.#stands();
    }
    this.#running = undefined;
    this.#events.idle();
  }

  async #writeOnce(): Promise<void> {
    const batch = this.#nextBatch();
    try {
      await this.#write(batch.map(({ file }) => file));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      const [only, ...more] = batch;
      // What one of several is refused for must not be the others' end: each goes by itself.
      if (more.length) for (const one of batch) await this.#writeAlone(one);
      else only?.reject(error);
    }
  }

  async #writeAlone({ file, resolve, reject }: Waiting): Promise<void> {
    try {
      await this.#write([file]);
      resolve();
    } catch (error) {
      reject(error);
    }
  }

  /** Those that wait, each name once: a second file of a name finds out in its turn what became of the first. */
  #nextBatch(): readonly Waiting[] {
    const named = new Set<string>();
    const batch: Waiting[] = [];
    const later: Waiting[] = [];
    for (const waiting of this.#waiting) {
      const names = waiting.file.stored.map(({ claim }) => claim.entry.architecture);
      const free = !names.some((name) => named.has(name));
      (free ? batch : later).push(waiting);
      if (free) for (const name of names) named.add(name);
    }
    this.#waiting = later;
    return batch;
  }

  async #write(files: readonly StoredFile[]): Promise<void> {
    await this.#merge(files);
    if (this.#shop.job.protection.kind === 'settle') this.#listed = [...this.#listed, ...files];
  }

  /** Whether everything that was listed here is there still; what another publisher has cost is put back. */
  async #stands(): Promise<boolean> {
    try {
      const { wrote } = await this.#merge(this.#listed);
      if (wrote) return false;
    } catch (error) {
      if (!this.#shop.ports.signal.aborted) this.#events.lost(lossOf(this.#publication.image, error));
    }
    this.#listed = [];
    return true;
  }

  async #merge(files: readonly StoredFile[]): Promise<Written> {
    const { lanes, ports, writing } = this.#shop;
    const change = {
      claims: files.flatMap(({ stored }) => stored.map(({ claim }) => claim)),
      annotations: Object.assign({}, ...files.map(({ annotations }) => annotations).toReversed()),
      restore: async () => {
        for (const { content } of files.flatMap(({ stored }) => stored))
          await pushContent(this.#publication.repository, content, lanes, ports);
      },
    };
    return writeVersion(this.#publication, change, { journal: undefined, rules: rulesOf(0) }, writing);
  }
}

function lossOf(image: string, cause: unknown): UserError {
  return new UserError(`Cannot tell whether ${image} still lists every file that was uploaded`, {
    cause,
    hint: 'look at it by `pyoci-publish show`, and upload again what is missing',
  });
}
