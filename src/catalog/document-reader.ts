/** How catalog reads documents: so many at a time, and no more of them than fit into memory. */
import type { Digest } from '../core/digest.js';
import { UserError } from '../core/errors.js';
import { Lane } from '../core/lane.js';
import type { Document } from '../oci/document.js';
import { isUnreadable } from '../oci/errors.js';
import type { Tag } from '../oci/reference.js';
import type { Repository } from '../oci/store.js';

/** Bytes of all documents together: hundreds of versions of 169 files each, but no thousand manifests of 4 MiB. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Reads indexes and manifests, so many at a time, and no more of them than fit into memory. */
export class DocumentReader {
  readonly signal: AbortSignal;
  readonly #lane: Lane;
  #left: number;

  /** @param concurrency requests at a time */
  constructor(concurrency: number, signal: AbortSignal, mostBytes = MOST_BYTES) {
    this.signal = signal;
    this.#lane = new Lane(concurrency);
    this.#left = mostBytes;
  }

  /**
   * @returns `undefined` if there is none
   * @throws UserError if it comes after too many bytes
   */
  read(repository: Repository, reference: Digest | Tag): Promise<Document | undefined> {
    return this.#lane.run(async () => {
      if (this.#left < 0) throw tooMuch(repository);
      const document = await repository.getManifest(reference, { signal: this.signal });
      this.#left -= document?.descriptor.size ?? 0;
      if (this.#left < 0) throw tooMuch(repository);
      return document;
    });
  }

  /** Asks something else of a repository, when it is its turn. */
  inTurn<T>(ask: () => Promise<T>): Promise<T> {
    return this.#lane.run(ask);
  }

  /** The same for a document without which the rest can still be told: `undefined` too if nobody could read it. */
  async readIfReadable(repository: Repository, reference: Digest): Promise<Document | undefined> {
    try {
      return await this.read(repository, reference);
    } catch (error) {
      if (isUnreadable(error)) return undefined;
      throw error;
    }
  }
}

function tooMuch(repository: Repository): UserError {
  return new UserError(`Cannot read ${repository.name}: its indexes and manifests are too large to be held together`, {
    hint: 'name one version, as in NAME:TAG; a single one that is so large was not made by publishing files',
  });
}
