/** Manifests of a layout that go: their names first, then the files that nothing in the folder names any more. */
import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Digest, digestFromHex, isDigest } from '../../core/digest.js';
import { UserError } from '../../core/errors.js';
import { isObject, type JsonObject } from '../descriptor.js';
import { LARGEST_DOCUMENT } from '../document.js';
import type { Orphan } from '../store.js';
import { cannotWrite, isSystemError, unlessAbsent } from './atomic-files.js';
import type { LayoutFolder } from './folder.js';
import type { IndexFile } from './index-file.js';
import { manifestTypeOf } from './manifest-type.js';

/** The manifests of a layout, which all of its repositories share. */
export class LayoutManifests {
  readonly #folder: LayoutFolder;
  readonly #index: IndexFile;
  /** What each manifest names, which its digest holds fast. */
  readonly #named = new Map<string, readonly string[]>();

  constructor(folder: LayoutFolder, index: IndexFile) {
    this.#folder = folder;
    this.#index = index;
  }

  /**
   * Drops the names that `owns` says, those of no name, and the file unless something else in the folder names it.
   * @throws UserError if an index of the folder cannot be read: nobody knows what it names
   */
  async delete(
    digest: Digest,
    owns: (name: string) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<'deleted' | 'absent'> {
    let removed = false;
    const dropped = await this.#index.remove(
      (entry, name) => entry.digest === digest && (name === undefined || owns(name)),
      {
        before: async (left) => {
          removed = !(await this.#reachable(left)).has(digest);
        },
        after: async () => {
          if (removed) removed = await this.#remove(digest);
        },
      },
      signal,
    );
    return dropped || removed ? 'deleted' : 'absent';
  }

  /** Manifests and indexes among the blobs that nothing in the folder names. Only small files can be one. */
  async orphans(): Promise<readonly Orphan[]> {
    const reached = await this.#reachable(await this.#index.entries());
    const place = dirname(this.#folder.blobPath('sha256:any'));
    const names = (await unlessAbsent(readdir(place))) ?? [];
    const found: Orphan[] = [];
    for (const name of names.filter((one) => /^[0-9a-f]{64}$/.test(one) && !reached.has(`sha256:${one}`))) {
      const path = join(place, name);
      const { size, mtimeMs } = (await unlessAbsent(stat(path))) ?? { size: 0, mtimeMs: 0 };
      if (size < 2 || size > LARGEST_DOCUMENT || !(await beginsAsObject(path))) continue;
      const bytes = await unlessAbsent(readFile(path));
      if (bytes && manifestTypeOf(bytes)) found.push({ digest: digestFromHex(name), since: mtimeMs });
    }
    return found;
  }

  /** Digests of what entries name, and of all that is named by that. */
  async #reachable(entries: readonly JsonObject[]): Promise<ReadonlySet<string>> {
    const reached = new Set<string>();
    const queue = entries.flatMap(({ digest }) => (typeof digest === 'string' ? [digest] : []));
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (reached.has(at)) continue;
      reached.add(at);
      queue.push(...(await this.#namedBy(at)));
    }
    return reached;
  }

  async #namedBy(digest: string): Promise<readonly string[]> {
    const known = this.#named.get(digest);
    if (known) return known;
    const path = this.#folder.blobPath(digest);
    const bytes = await unlessAbsent(readFile(path));
    // A manifest that is gone names nothing; so does one of another algorithm, which is nobody's here.
    const named = bytes && bytes.length <= LARGEST_DOCUMENT ? manifestsIn(bytes, path) : [];
    if (bytes) this.#named.set(digest, named);
    return named;
  }

  async #remove(digest: Digest): Promise<boolean> {
    const path = this.#folder.blobPath(digest);
    try {
      await rm(path);
      return true;
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return false;
      throw isSystemError(error) ? cannotWrite(path, error) : error;
    }
  }
}

function manifestsIn(bytes: Buffer, path: string): readonly string[] {
  if (bytes[0] !== OBJECT) return [];
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new UserError(`Cannot read ${path}: it is not JSON, so that nobody knows what it names`, {
      cause,
      hint: 'restore the file, or give another folder',
    });
  }
  if (!isObject(value) || !Array.isArray(value.manifests)) return [];
  return value.manifests.flatMap((entry) => (isObject(entry) && isDigest(entry.digest) ? [entry.digest] : []));
}

/** `{` */
const OBJECT = 0x7b;

async function beginsAsObject(path: string): Promise<boolean> {
  const file = await unlessAbsent(open(path));
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, 0);
    return bytesRead === 1 && buffer[0] === OBJECT;
  } finally {
    await file.close();
  }
}
