import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ByteSource, streamOf } from '../../src/core/bytes.js';
import { anySignal } from '../../src/core/cancellation.js';
import { type Digest, isDigest, verifying } from '../../src/core/digest.js';
import { UserError } from '../../src/core/errors.js';
import type { Descriptor } from '../../src/oci/descriptor.js';
import type { Document } from '../../src/oci/document.js';
import type { RepositoryName, Tag } from '../../src/oci/reference.js';
import { missingReferences, referencesOf } from '../../src/oci/references.js';
import type {
  Browsing,
  ByteRange,
  Deleting,
  Ranged,
  ReadOptions,
  Repository,
  Resolving,
  Store,
  TransferOptions,
  WriteOptions,
} from '../../src/oci/store.js';
import { atOnce, reasonOf, verified } from '../../src/oci/transfer.js';

/** A store that lives as long as the process: the contract of stores at its plainest, and what tests publish into. */
export class MemoryStore implements Store, Browsing {
  readonly label: string;
  readonly #repositories = new Map<RepositoryName, MemoryRepository>();

  constructor(label = 'memory') {
    this.label = label;
  }

  repository(name: RepositoryName): Repository & Ranged & Resolving & Deleting {
    const found = this.#repositories.get(name) ?? new MemoryRepository(name, this.label);
    this.#repositories.set(name, found);
    return found;
  }

  async repositories(): Promise<readonly RepositoryName[]> {
    const all = [...this.#repositories.values()];
    const tagged = await Promise.all(all.map(async (one) => ((await one.tags()).length ? [one.name] : [])));
    return tagged.flat().sort();
  }
}

class MemoryRepository implements Repository, Ranged, Resolving, Deleting {
  readonly name: RepositoryName;
  readonly #label: string;
  readonly #blobs = new Map<string, Buffer>();
  readonly #manifests = new Map<string, Document>();
  /** In the order in which the tags were first written. */
  readonly #tags = new Map<Tag, Document>();

  constructor(name: RepositoryName, label: string) {
    this.name = name;
    this.#label = label;
  }

  async putBlob(blob: Descriptor, bytes: ByteSource, options: TransferOptions = {}): Promise<'present' | 'sent'> {
    options.signal?.throwIfAborted();
    if (this.#blobs.get(blob.digest)?.length === blob.size) return 'present';
    const chunks: Buffer[] = [];
    const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
      for await (const chunk of source) chunks.push(chunk);
    };
    const { signal, inTurn = atOnce } = options;
    try {
      await inTurn(() => {
        const steps = [streamOf(bytes), verifying(blob, { onProgress: options.onProgress })] as const;
        return pipeline(...steps, collect, signal ? { signal: anySignal(signal, undefined) } : {});
      });
    } catch (error) {
      throw reasonOf(error, signal);
    }
    this.#blobs.set(blob.digest, Buffer.concat(chunks));
    return 'sent';
  }

  async hasBlob(blob: Descriptor, options: ReadOptions = {}): Promise<boolean> {
    options.signal?.throwIfAborted();
    return this.#blobs.get(blob.digest)?.length === blob.size;
  }

  async openBlob(blob: Descriptor, options: TransferOptions = {}): Promise<Readable> {
    options.signal?.throwIfAborted();
    const bytes = this.#blobs.get(blob.digest);
    if (!bytes) throw new UserError(`Cannot open blob ${blob.digest}: ${this.#label} does not hold it`);
    return verified(Readable.from([bytes], { objectMode: false }), blob, options);
  }

  async openBlobRange(blob: Descriptor, { first, last }: ByteRange, options: ReadOptions = {}): Promise<Readable> {
    options.signal?.throwIfAborted();
    const bytes = this.#blobs.get(blob.digest);
    if (!bytes) throw new UserError(`Cannot open blob ${blob.digest}: ${this.#label} does not hold it`);
    if (bytes.length !== blob.size) throw new UserError(`Cannot open blob ${blob.digest}: it is of another size`);
    return Readable.from([bytes.subarray(first, last + 1)], { objectMode: false });
  }

  async resolveTag(tag: Tag, options: ReadOptions = {}): Promise<Digest | undefined> {
    options.signal?.throwIfAborted();
    return this.#tags.get(tag)?.descriptor.digest;
  }

  async getManifest(reference: Digest | Tag, options: ReadOptions = {}): Promise<Document | undefined> {
    options.signal?.throwIfAborted();
    return isDigest(reference) ? this.#manifests.get(reference) : this.#tags.get(reference);
  }

  async hasManifest(digest: Digest, options: ReadOptions = {}): Promise<boolean> {
    options.signal?.throwIfAborted();
    return this.#manifests.has(digest);
  }

  async putManifest(document: Document, options: ReadOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    const { blobs, manifests } = referencesOf(document);
    const missing = [
      ...blobs.filter((digest) => !this.#blobs.has(digest)),
      ...manifests.filter((digest) => !this.#manifests.has(digest)),
    ];
    if (missing.length > 0) throw missingReferences(document, missing, this.#label);
    this.#manifests.set(document.descriptor.digest, document);
  }

  async putTag(tag: Tag, document: Document, options: WriteOptions = {}): Promise<void> {
    await this.putManifest(document, options);
    this.#tags.set(tag, document);
  }

  async deleteManifest(digest: Digest, options: ReadOptions = {}): Promise<'deleted' | 'absent'> {
    options.signal?.throwIfAborted();
    for (const [tag, { descriptor }] of this.#tags) if (descriptor.digest === digest) this.#tags.delete(tag);
    return this.#manifests.delete(digest) ? 'deleted' : 'absent';
  }

  async tags(options: ReadOptions = {}): Promise<readonly string[]> {
    options.signal?.throwIfAborted();
    return [...this.#tags.keys()];
  }
}
