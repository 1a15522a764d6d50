/** The folder that downloads go to: whole files or none. */
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Comparison, Downloads } from '../catalog/download/pull.js';
import { fileBytes } from '../core/bytes.js';
import { type Digest, digestOfSource } from '../core/digest.js';
import { UserError } from '../core/errors.js';
import { makeFolder } from '../core/folder.js';
import type { Random } from '../core/ports.js';
import { AtomicFiles, cannotWrite, isSystemError, unlessAbsent } from '../oci/layout/atomic-files.js';

/** A folder on disk; made with the first file if it does not exist. */
export class DownloadFolder implements Downloads {
  readonly path: string;
  readonly #files: AtomicFiles;

  constructor(path: string, pid: number, random: Random) {
    this.path = path;
    this.#files = new AtomicFiles(pid, random);
  }

  async compare(filename: string, wanted: { readonly digest: Digest; readonly size: number }): Promise<Comparison> {
    const path = join(this.path, filename);
    const status = await unlessAbsent(stat(path)).catch((cause: unknown) => {
      throw isSystemError(cause) ? cannotWrite(path, cause) : cause;
    });
    if (!status) return 'absent';
    if (!status.isFile()) throw new UserError(`Cannot write ${path}: something that is no file is in its place`);
    if (status.size !== wanted.size) return 'other';
    return (await digestOfSource(await fileBytes(path))) === wanted.digest ? 'same' : 'other';
  }

  async write(filename: string, bytes: Readable, named?: (path: string) => Promise<string>): Promise<string> {
    try {
      await makeFolder(this.path);
    } catch (cause) {
      bytes.destroy();
      throw isSystemError(cause) ? cannotWrite(this.path, cause) : cause;
    }
    let name = filename;
    await this.#files.write(join(this.path, filename), async (part) => {
      await pipeline(bytes, createWriteStream(part, { flags: 'wx' }));
      if (named) name = await named(part);
      return join(this.path, name);
    });
    return name;
  }
}
