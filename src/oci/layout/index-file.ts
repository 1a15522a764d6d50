import { readFile, writeFile } from 'node:fs/promises';
import { UserError } from '../../core/errors.js';
import { annotationsOf, type Descriptor, isObject, type JsonObject, parseDescriptor } from '../descriptor.js';
import { decode, encode } from '../document.js';
import { OCI_INDEX } from '../media-types.js';
import { type AtomicFiles, unlessAbsent } from './atomic-files.js';
import type { LayoutFolder } from './folder.js';
import { sweepLeftovers } from './leftovers.js';
import type { LockFile } from './lock.js';

/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys */
const REF_NAME = 'org.opencontainers.image.ref.name';

/** Members that tell of the content behind a descriptor and so do not outlive it. image-spec v1.1.1, "Descriptors". */
const OF_CONTENT: readonly string[] = ['data', 'urls', 'platform', 'artifactType'];

interface LayoutIndex extends JsonObject {
  readonly mediaType: string;
  readonly manifests: readonly JsonObject[];
}

/**
 * The names of a layout. What others put in is kept: foreign entries, annotations and members that we do not know.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#indexjson-file
 */
export class IndexFile {
  readonly #folder: LayoutFolder;
  readonly #lock: LockFile;
  readonly #files: AtomicFiles;
  #swept: Promise<void> | undefined;

  constructor(folder: LayoutFolder, lock: LockFile, files: AtomicFiles) {
    this.#folder = folder;
    this.#lock = lock;
    this.#files = files;
  }

  /** Every name, in the order of the file. */
  async names(): Promise<readonly string[]> {
    return (await this.#read()).manifests.flatMap((entry) => nameOf(entry) ?? []);
  }

  /** What `name` stands for. @throws UserError if two entries have this name */
  async find(name: string): Promise<Descriptor | undefined> {
    const at = this.#positionOf(name, await this.#read());
    return at === undefined ? undefined : parseDescriptor(at.entry, `${this.#folder.indexPath} ("${name}")`);
  }

  /** Lets `name` stand for `content`; an entry of that name stays in its place. */
  async point(name: string, content: Descriptor, signal?: AbortSignal): Promise<void> {
    await this.#lock.hold(async (confirm) => {
      const index = await this.#read();
      const at = this.#positionOf(name, index);
      const entry = retargeted(at?.entry ?? {}, name, content);
      const manifests = at ? index.manifests.with(at.position, entry) : [...index.manifests, entry];
      const { bytes } = encode({ ...index, manifests });
      await this.#files.write(this.#folder.indexPath, async (part) => {
        await writeFile(part, bytes, { flag: 'wx' });
        await confirm();
      });
      // Once a run is enough.
      this.#swept ??= sweepLeftovers(this.#folder);
      await this.#swept;
    }, signal);
  }

  /** Everything that the file lists, whoever wrote it. */
  async entries(): Promise<readonly JsonObject[]> {
    return (await this.#read()).manifests;
  }

  /**
   * Takes out what `isGone` says, and leaves the file alone if that is nothing.
   * @param before with the lock held and what is left, before anything is taken out; may refuse
   * @param after the same once the file is written
   * @returns whether something was taken out
   */
  async remove(
    isGone: (entry: JsonObject, name: string | undefined) => boolean,
    steps: Record<'before' | 'after', (left: readonly JsonObject[]) => Promise<void>>,
    signal?: AbortSignal,
  ): Promise<boolean> {
    return this.#lock.hold(async (confirm) => {
      const index = await this.#read();
      const manifests = index.manifests.filter((entry) => !isGone(entry, nameOf(entry)));
      await steps.before(manifests);
      const changed = manifests.length < index.manifests.length;
      if (changed) {
        const { bytes } = encode({ ...index, manifests });
        await this.#files.write(this.#folder.indexPath, async (part) => {
          await writeFile(part, bytes, { flag: 'wx' });
          await confirm();
        });
      }
      await steps.after(manifests);
      return changed;
    }, signal);
  }

  async #read(): Promise<LayoutIndex> {
    const path = this.#folder.indexPath;
    const bytes = await unlessAbsent(readFile(path)).catch((cause: unknown) => {
      throw new UserError(`Cannot read ${path}`, { cause });
    });
    // A writer that was killed between the two files of a new layout leaves this one out.
    if (bytes === undefined) return { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] };
    const { value } = decode(bytes, OCI_INDEX, path);
    const { schemaVersion, manifests } = value;
    if (schemaVersion !== 2 || !Array.isArray(manifests) || !manifests.every(isObject)) {
      throw new UserError(`Cannot read ${path}: it is no image index`, {
        hint: 'restore the file, or give another folder; it is not overwritten',
      });
    }
    return { ...value, mediaType: OCI_INDEX, manifests };
  }

  #positionOf(name: string, { manifests }: LayoutIndex): { position: number; entry: JsonObject } | undefined {
    const found = [...manifests.entries()].filter(([, entry]) => nameOf(entry) === name);
    if (found.length > 1) {
      throw new UserError(`Cannot tell what "${name}" is: ${this.#folder.indexPath} has ${found.length} of them`, {
        hint: `remove the entries that are not wanted from ${this.#folder.indexPath}`,
      });
    }
    const [only] = found;
    return only && { position: only[0], entry: only[1] };
  }
}

function nameOf(entry: JsonObject): string | undefined {
  return annotationsOf(entry)[REF_NAME];
}

function retargeted(
  entry: JsonObject,
  name: string,
  { mediaType, digest, size, artifactType }: Descriptor,
): Descriptor {
  const kept = Object.fromEntries(Object.entries(entry).filter(([member]) => !OF_CONTENT.includes(member)));
  const annotations = { ...annotationsOf(entry), [REF_NAME]: name };
  return { ...kept, mediaType, digest, size, ...(artifactType === undefined ? {} : { artifactType }), annotations };
}
