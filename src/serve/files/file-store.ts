/** The files of owned projects, by the addresses that their pages give: sizes, verified bytes, parts, metadata. */

import type { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import { readCoreMetadata } from '../../catalog/metadata/core-metadata.js';
import { unlessAborted } from '../../core/cancellation.js';
import { UserError } from '../../core/errors.js';
import { type Descriptor, isDescriptor } from '../../oci/descriptor.js';
import { partOf } from '../../oci/part.js';
import { type ByteRange, isRanged, type ReadOptions, type Store } from '../../oci/store.js';
import { parseFileName } from '../../python/filename.js';
import { normalName } from '../../python/name.js';
import type { FileAddress } from '../../simple/file-address.js';
import type { OwnedName, OwnedNames } from '../../simple/owned-names.js';
import type { ProjectFile } from '../../simple/project.js';
import type { Projects } from '../projects/projects.js';

/** A file that a page lists. */
export interface ListedFile {
  readonly owned: OwnedName;
  readonly file: ProjectFile;
}

export interface FileStoreOptions {
  readonly store: Store;
  readonly owned: OwnedNames;
  readonly projects: Projects;
  /** Ends every read. */
  readonly signal: AbortSignal;
}

/** Bytes of a file that a client gets only when all are right: without them it cannot take the file for whole. */
const HELD_BACK = 64 * 1024;

/** Bytes of metadata that are kept. */
const MOST_METADATA = 16 * 1024 * 1024;

export class FileStore {
  readonly #options: FileStoreOptions;
  readonly #sizes = new LRUCache<string, number>({ max: 50_000 });
  readonly #metadata = new LRUCache<string, Uint8Array>({
    maxSize: MOST_METADATA,
    sizeCalculation: ({ length }) => length + 1,
  });
  readonly #flights = new Map<string, Promise<Uint8Array>>();

  constructor(options: FileStoreOptions) {
    this.#options = options;
  }

  /** The owned projects that a file of this name may belong to: older sdists can be read in several ways. */
  ownersOf(filename: string): readonly OwnedName[] {
    const name = parseFileName(filename);
    const names =
      name.kind === 'wheel' ? [name.name] : name.kind === 'sdist' ? name.splits.map((split) => split.name) : [];
    const projects = new Set(names.map((each) => normalName(each)).filter((each) => each !== undefined));
    return [...projects].map((project) => this.#options.owned.find(project)).filter((owned) => owned !== undefined);
  }

  /** @returns `undefined` if its project's page does not list it. @throws what reading the project throws */
  async find({ sha256, filename }: FileAddress, owner: OwnedName): Promise<ListedFile | undefined> {
    const { files } = await this.#options.projects.read(owner);
    const file = files.find((one) => one.sha256 === sha256 && one.filename === filename);
    return file && { owned: owner, file };
  }

  /** The blob that is the file; where the index does not say its size, the manifest does. */
  async blobOf({ file }: ListedFile, options: ReadOptions): Promise<Descriptor> {
    const digest = `sha256:${file.sha256}` as const;
    const size = file.size ?? this.#sizes.get(file.sha256) ?? (await this.#sizeOf(file, options));
    this.#sizes.set(file.sha256, size);
    return { mediaType: 'application/octet-stream', digest: digest as Descriptor['digest'], size };
  }

  /** All bytes, the last of which come only if all are right. */
  open({ file }: ListedFile, blob: Descriptor, options: ReadOptions): Promise<Readable> {
    return this.#options.store.repository(file.repository).openBlob(blob, { ...options, holdBack: HELD_BACK });
  }

  /** A part, which nobody can verify by itself: clients do, by the hash of the page. */
  async openPart({ file }: ListedFile, blob: Descriptor, range: ByteRange, options: ReadOptions): Promise<Readable> {
    const repository = this.#options.store.repository(file.repository);
    if (isRanged(repository)) return repository.openBlobRange(blob, range, options);
    const place = { skip: range.first, length: range.last - range.first + 1 };
    return partOf(await repository.openBlob(blob, options), place, file.filename, options);
  }

  /** METADATA of a wheel. Read once however many ask, and on when one of them leaves. */
  async metadataOf({ file }: ListedFile, { signal }: ReadOptions): Promise<Uint8Array> {
    const kept = this.#metadata.get(file.sha256);
    if (kept) return kept;
    const flight = this.#flights.get(file.sha256) ?? this.#readMetadata(file);
    return signal ? unlessAborted(flight, signal) : flight;
  }

  #readMetadata(file: ProjectFile): Promise<Uint8Array> {
    const { store, signal } = this.#options;
    const flight = readCoreMetadata(store.repository(file.repository), file, { signal })
      .then((bytes) => {
        this.#metadata.set(file.sha256, bytes);
        return bytes;
      })
      .finally(() => this.#flights.delete(file.sha256));
    flight.catch(() => {});
    this.#flights.set(file.sha256, flight);
    return flight;
  }

  async #sizeOf(file: ProjectFile, options: ReadOptions): Promise<number> {
    const repository = this.#options.store.repository(file.repository);
    const manifest = await repository.getManifest(file.manifest, options);
    const layers = manifest?.value.layers;
    const [layer] = Array.isArray(layers) ? (layers as readonly unknown[]) : [];
    if (isDescriptor(layer) && layer.digest === `sha256:${file.sha256}`) return layer.size;
    throw new UserError(
      `Cannot find the size of ${file.filename}: its manifest ${file.manifest} is gone, or stands for another file`,
    );
  }
}
