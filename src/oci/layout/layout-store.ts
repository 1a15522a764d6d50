import { open, readFile, stat, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ByteSource, streamOf } from '../../core/bytes.js';
import { anySignal } from '../../core/cancellation.js';
import { type Digest, digestOf, isDigest, verifying } from '../../core/digest.js';
import { UserError } from '../../core/errors.js';
import { byText } from '../../core/order.js';
import type { Clock, Random } from '../../core/ports.js';
import type { Descriptor } from '../descriptor.js';
import { type Document, decode, LARGEST_DOCUMENT } from '../document.js';
import { WriteRefusedError } from '../errors.js';
import { partOf } from '../part.js';
import { isRepositoryName, isTag, type RepositoryName, type Tag } from '../reference.js';
import { missingReferences, referencesOf } from '../references.js';
import type {
  Browsing,
  ByteRange,
  Deleting,
  Inventoried,
  Orphan,
  Ranged,
  ReadOptions,
  Repository,
  Resolving,
  Store,
  TransferOptions,
  WriteOptions,
} from '../store.js';
import { atOnce, reasonOf, verified } from '../transfer.js';
import { AtomicFiles, unlessAbsent } from './atomic-files.js';
import { LayoutManifests } from './deletion.js';
import { LayoutFolder } from './folder.js';
import { IndexFile } from './index-file.js';
import { type Identity, LockFile } from './lock.js';
import { manifestTypeOf } from './manifest-type.js';

export interface LayoutOptions {
  /** As the user knows it; made with the first write if it does not exist. */
  readonly folder: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Told to others while `index.json` is being changed. */
  readonly identity: Identity;
  /**
   * Whether names without a repository are read as tags, in a folder that has no others: oras and regctl write a folder of
   * one repository so. For readers only: a writer would take another package's tag for its own.
   */
  readonly bareTags?: boolean;
}

/**
 * An OCI image layout in a folder. Its repositories share one set of blobs; a tag is an entry of `index.json` named
 * `repository:tag`, as skopeo and oras read it.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 */
export class LayoutStore implements Store, Browsing {
  readonly label: string;
  readonly #parts: Parts;

  constructor({ folder: path, clock, random, identity, bareTags = false }: LayoutOptions) {
    const files = new AtomicFiles(identity.pid, random);
    const folder = new LayoutFolder(path, files);
    const lock = new LockFile(`${folder.indexPath}.lock`, { clock, random, identity, files });
    this.label = path;
    const index = new IndexFile(folder, lock, files);
    this.#parts = { folder, files, index, bareTags, manifests: new LayoutManifests(folder, index) };
  }

  repository(name: RepositoryName): Repository & Ranged & Resolving & Deleting & Inventoried {
    return new LayoutRepository(name, this.#parts);
  }

  async repositories(): Promise<readonly RepositoryName[]> {
    const { folder, index } = this.#parts;
    if (!(await folder.exists())) return [];
    // A tag holds no colon, a name may hold one in the port of its host.
    const named = (await index.names()).filter((name) => isTag(name.slice(name.lastIndexOf(':') + 1)));
    const names = named.map((name) => name.slice(0, name.lastIndexOf(':')));
    return [...new Set(names)].filter((name) => isRepositoryName(name)).sort(byText);
  }
}

interface Parts {
  readonly folder: LayoutFolder;
  readonly files: AtomicFiles;
  readonly index: IndexFile;
  readonly bareTags: boolean;
  readonly manifests: LayoutManifests;
}

class LayoutRepository implements Repository, Ranged, Resolving, Deleting, Inventoried {
  readonly name: RepositoryName;
  readonly #folder: LayoutFolder;
  readonly #files: AtomicFiles;
  readonly #index: IndexFile;
  readonly #bareTags: boolean;
  readonly #manifests: LayoutManifests;

  constructor(name: RepositoryName, { folder, files, index, bareTags, manifests }: Parts) {
    this.name = name;
    this.#folder = folder;
    this.#files = files;
    this.#index = index;
    this.#bareTags = bareTags;
    this.#manifests = manifests;
  }

  async putBlob(blob: Descriptor, bytes: ByteSource, options: TransferOptions = {}): Promise<'present' | 'sent'> {
    const { signal, onProgress, inTurn = atOnce } = options;
    signal?.throwIfAborted();
    await this.#folder.prepare();
    if ((await this.#sizeOf(blob.digest)) === blob.size) return 'present';
    const path = this.#pathOf(blob.digest);
    const write = async (part: string): Promise<void> => {
      const file = await open(part, 'wx');
      try {
        const steps = [streamOf(bytes), verifying(blob, { onProgress })] as const;
        await pipeline(...steps, file.createWriteStream(), signal ? { signal: anySignal(signal, undefined) } : {});
      } catch (error) {
        throw reasonOf(error, signal);
      } finally {
        await file.close();
      }
    };
    await inTurn(() => this.#files.write(path, write));
    return 'sent';
  }

  async hasBlob(blob: Descriptor, options: ReadOptions = {}): Promise<boolean> {
    options.signal?.throwIfAborted();
    return (await this.#folder.exists()) && (await this.#sizeOf(blob.digest)) === blob.size;
  }

  async openBlob(blob: Descriptor, options: TransferOptions = {}): Promise<Readable> {
    options.signal?.throwIfAborted();
    const file = (await this.#folder.exists()) && (await unlessAbsent(open(this.#pathOf(blob.digest))));
    if (!file) throw new UserError(`Cannot open blob ${blob.digest}: ${this.#folder.path} does not hold it`);
    return verified(file.createReadStream(), blob, options);
  }

  async openBlobRange(blob: Descriptor, range: ByteRange, options: ReadOptions = {}): Promise<Readable> {
    options.signal?.throwIfAborted();
    const { first, last } = range;
    const step = `Cannot read bytes ${first} to ${last} of ${blob.digest}`;
    const file = (await this.#folder.exists()) && (await unlessAbsent(open(this.#pathOf(blob.digest))));
    if (!file) throw new UserError(`${step}: ${this.#folder.path} does not hold it`);
    const { size } = await file.stat();
    if (size !== blob.size) {
      await file.close();
      throw new UserError(`${step}: found ${size} bytes in place of ${blob.size}`);
    }
    const place = { skip: 0, length: last - first + 1 };
    return partOf(file.createReadStream({ start: first, end: last }), place, blob.digest, options);
  }

  async resolveTag(tag: Tag, options: ReadOptions = {}): Promise<Digest | undefined> {
    options.signal?.throwIfAborted();
    if (!(await this.#folder.exists())) return undefined;
    return (await this.#find(tag))?.digest;
  }

  async getManifest(reference: Digest | Tag, options: ReadOptions = {}): Promise<Document | undefined> {
    options.signal?.throwIfAborted();
    if (!(await this.#folder.exists())) return undefined;
    if (isDigest(reference)) return this.#documentAt(reference);
    const entry = await this.#find(reference);
    if (!entry) return undefined;
    const bytes = await this.#bytesAt(entry.digest);
    if (bytes) return decode(bytes, entry.mediaType, this.#pathOf(entry.digest));
    throw new UserError(`Cannot read ${this.#nameOf(reference)}: ${this.#pathOf(entry.digest)} is missing`, {
      hint: 'restore the file, or give another folder',
    });
  }

  async hasManifest(digest: Digest, options: ReadOptions = {}): Promise<boolean> {
    return (await this.getManifest(digest, options)) !== undefined;
  }

  async putManifest(document: Document, options: ReadOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    const { blobs, manifests } = referencesOf(document);
    await this.#folder.prepare();
    const missing: string[] = [];
    for (const digest of [...blobs, ...manifests]) {
      if ((await this.#sizeOf(digest)) === undefined) missing.push(digest);
    }
    if (missing.length > 0) throw missingReferences(document, missing, this.#folder.path);
    const path = this.#pathOf(document.descriptor.digest);
    if ((await unlessAbsent(readFile(path)))?.equals(document.bytes)) return;
    await this.#files.write(path, (part) => writeFile(part, document.bytes, { flag: 'wx' }));
  }

  async putTag(tag: Tag, document: Document, options: WriteOptions = {}): Promise<void> {
    await this.putManifest(document, options);
    const { artifactType } = document.value;
    const content = typeof artifactType === 'string' ? { ...document.descriptor, artifactType } : document.descriptor;
    try {
      await this.#index.point(this.#nameOf(tag), content, options.signal);
    } catch (error) {
      throw options.signal?.aborted ? error : refused(error);
    }
  }

  async deleteManifest(digest: Digest, options: ReadOptions = {}): Promise<'deleted' | 'absent'> {
    options.signal?.throwIfAborted();
    if (!(await this.#folder.exists())) return 'absent';
    return this.#manifests.delete(digest, (name) => name.startsWith(`${this.name}:`), options.signal);
  }

  /** Of the whole folder: its repositories share them. */
  async orphans(options: ReadOptions = {}): Promise<readonly Orphan[]> {
    options.signal?.throwIfAborted();
    return (await this.#folder.exists()) ? this.#manifests.orphans() : [];
  }

  async tags(options: ReadOptions = {}): Promise<readonly string[]> {
    options.signal?.throwIfAborted();
    if (!(await this.#folder.exists())) return [];
    const prefix = `${this.name}:`;
    const names = await this.#index.names();
    if (this.#bareTags && areBare(names)) return names;
    const mine = names.filter((name) => name.startsWith(prefix));
    return mine.map((name) => name.slice(prefix.length)).filter((tag) => isTag(tag));
  }

  async #find(tag: Tag): Promise<Descriptor | undefined> {
    const bare = this.#bareTags && areBare(await this.#index.names());
    return this.#index.find(bare ? tag : this.#nameOf(tag));
  }

  #nameOf(tag: Tag): string {
    return `${this.name}:${tag}`;
  }

  #pathOf(digest: Digest): string {
    return this.#folder.blobPath(digest);
  }

  async #sizeOf(digest: string): Promise<number | undefined> {
    return (await unlessAbsent(stat(this.#folder.blobPath(digest))))?.size;
  }

  /** A blob that is a manifest or index, by what it says of itself: the layout keeps both in one place. */
  async #documentAt(digest: Digest): Promise<Document | undefined> {
    const size = await this.#sizeOf(digest);
    if (size === undefined || size > LARGEST_DOCUMENT) return undefined;
    const bytes = await this.#bytesAt(digest);
    const mediaType = bytes && manifestTypeOf(bytes);
    return bytes && mediaType ? decode(bytes, mediaType, this.#pathOf(digest)) : undefined;
  }

  async #bytesAt(digest: Digest): Promise<Buffer | undefined> {
    const path = this.#pathOf(digest);
    const bytes = await unlessAbsent(readFile(path));
    if (!bytes || digestOf(bytes) === digest) return bytes;
    throw new UserError(`Cannot read ${path}: its bytes have digest ${digestOf(bytes)}`, {
      hint: 'delete the file and publish again, or give another folder',
    });
  }
}

/** A folder of one repository, as oras and regctl write it: its names are the tags. */
function areBare(names: readonly string[]): boolean {
  return names.length > 0 && names.every((name) => isTag(name));
}

/** An error of ours comes before `index.json` is replaced, and after all the patience that the folder deserves. */
function refused(error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  const { message, hint } = error;
  return new WriteRefusedError(message, { cause: error, hint, temporary: false, mayHaveApplied: false });
}
