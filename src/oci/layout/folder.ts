import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../core/errors.js';
import { makeFolder } from '../../core/folder.js';
import { isObject } from '../descriptor.js';
import { type AtomicFiles, cannotWrite, isLeftover, isSystemError, unlessAbsent } from './atomic-files.js';

/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#oci-layout-file */
const MARKER = 'oci-layout';
const VERSION = '1.0.0';

/** `algorithm:encoded`, image-spec v1.1.1 "Digests"; neither part can climb out of its folder. */
const DIGEST = /^([a-z0-9]+(?:[+._-][a-z0-9]+)*):([a-zA-Z0-9=_-]+)$/;

/** The folder of an image layout: what it must look like, and where things lie in it. Reading creates nothing. */
export class LayoutFolder {
  readonly path: string;
  readonly #files: AtomicFiles;
  #prepared: Promise<void> | undefined;

  constructor(path: string, files: AtomicFiles) {
    this.path = path;
    this.#files = files;
  }

  get indexPath(): string {
    return join(this.path, 'index.json');
  }

  /** Where the content of a digest lies, of any algorithm. @throws UserError if it is no digest */
  blobPath(digest: string): string {
    const [, algorithm, encoded] = DIGEST.exec(digest) ?? [];
    if (algorithm && encoded) return join(this.path, 'blobs', algorithm, encoded);
    throw new UserError(`Cannot look for content in ${this.path}: "${digest}" is no digest`);
  }

  /**
   * Whether a layout is there; `false` if the folder is empty or does not exist.
   * @throws UserError if the folder holds something else, or a layout of another version
   */
  async exists(): Promise<boolean> {
    if (await this.#isMarked()) return true;
    const names = (await this.#reading(this.path, readdir(this.path))) ?? [];
    if (names.every((name) => isLeftover(name, MARKER))) return false;
    // Another writer may have made the layout between the two looks.
    if (names.includes(MARKER) && (await this.#isMarked())) return true;
    throw new UserError(`Cannot use ${this.path}: it is not empty and holds no OCI image layout`, {
      hint: `give a new or an empty folder, or one with a file "${MARKER}" in it`,
    });
  }

  /** @throws UserError if the marker is that of another version */
  async #isMarked(): Promise<boolean> {
    const marker = join(this.path, MARKER);
    const text = await this.#reading(marker, readFile(marker, 'utf8'));
    if (text === undefined) return false;
    const found = versionIn(text);
    if (found === VERSION) return true;
    throw new UserError(`Cannot use ${marker}: expected layout version ${VERSION}, found ${found}`, {
      hint: 'give another folder',
    });
  }

  /** Makes the folder a layout if it is none yet. */
  async prepare(): Promise<void> {
    this.#prepared ??= this.#create();
    try {
      await this.#prepared;
    } catch (error) {
      this.#prepared = undefined;
      throw error;
    }
  }

  /** The marker comes first: whoever looks in between must not take the folder for somebody's data. */
  async #create(): Promise<void> {
    const exists = await this.exists();
    try {
      await makeFolder(this.path);
      if (!exists) {
        const text = JSON.stringify({ imageLayoutVersion: VERSION });
        await this.#files.write(join(this.path, MARKER), (part) => writeFile(part, text, { flag: 'wx' }));
      }
      await makeFolder(join(this.path, 'blobs', 'sha256'));
    } catch (cause) {
      throw isSystemError(cause) ? cannotWrite(this.path, cause) : cause;
    }
  }

  async #reading<T>(path: string, work: Promise<T>): Promise<T | undefined> {
    try {
      return await unlessAbsent(work);
    } catch (cause) {
      throw new UserError(`Cannot read ${path}`, { cause });
    }
  }
}

function versionIn(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'no JSON';
  }
  const version = isObject(value) ? value.imageLayoutVersion : undefined;
  return typeof version === 'string' ? version : 'none';
}
