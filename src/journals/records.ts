import { type Digest, isDigest } from '../core/digest.js';
import { annotationsOf, isObject, type Json } from '../oci/descriptor.js';
import type { Document } from '../oci/document.js';
import type { ReadOptions, Repository } from '../oci/store.js';
import type { Claim } from '../release/merge/journal.js';
import { decodeRecord, type Meeting, RECORD_TYPE } from './record.js';

/** The records of one meeting, read from the repository by digest, each once: content under a digest never changes. */
export class Records {
  readonly #repository: Repository;
  readonly #meeting: Meeting;
  readonly #options: ReadOptions;
  readonly #claims = new Map<string, readonly Claim[]>();
  readonly #others = new Set<string>();

  constructor(repository: Repository, meeting: Meeting, options: ReadOptions) {
    this.#repository = repository;
    this.#meeting = meeting;
    this.#options = options;
  }

  /** Of every record that was learned. */
  get claims(): readonly Claim[] {
    return [...this.#claims.values()].flat();
  }

  /** Whether it is known what stands under the digest, a record or not. */
  knows(digest: string): boolean {
    return this.#claims.has(digest) || this.#others.has(digest);
  }

  /** Takes what a listing already said; `false` if that was no record of this meeting. */
  take(digest: string, claims: readonly Claim[] | undefined): boolean {
    if (claims) this.#claims.set(digest, claims);
    return claims !== undefined;
  }

  /** Reads what stands under the digest, unless it is known. What is gone, or no record of this meeting, has no claims. */
  async learn(digest: Digest): Promise<void> {
    if (this.knows(digest)) return;
    const document = await this.#repository.getManifest(digest, this.#options);
    const isRecord = document?.value.artifactType === RECORD_TYPE;
    const claims = isRecord ? decodeRecord(annotationsOf(document.value), this.#meeting) : undefined;
    if (!this.take(digest, claims)) this.#others.add(digest);
    // What an index lists are images: nobody needs to look whether one of them is a record.
    if (document) for (const child of childrenOf(document)) this.#others.add(child);
  }
}

function childrenOf({ value }: Document): readonly Digest[] {
  const manifests: readonly Json[] = Array.isArray(value.manifests) ? (value.manifests as readonly Json[]) : [];
  return manifests.flatMap((entry) => (isObject(entry) && isDigest(entry.digest) ? [entry.digest] : []));
}
