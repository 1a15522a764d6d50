/** Files that are being uploaded, on a disk for as long as they are looked at and sent on. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { codeOf } from '../../core/error-code.js';
import { sizeText } from '../../core/text/size.js';
import { UploadRefusedError } from './upload-desk.js';

export interface SpooledFile {
  /** Absolute; ends with the file's own name. */
  readonly path: string;
  /** 64 hex characters. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
}

/** What a file system answers that has no room left. */
const FULL: readonly (string | undefined)[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** A folder for one upload, gone when the upload is answered. */
export class Spool {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * @param within folder for temporary files
   * @param expected bytes that are about to come, as far as is known
   * @throws UploadRefusedError if there is no room for them
   */
  static async open(within: string, expected: number): Promise<Spool> {
    try {
      const { bavail, bsize } = await statfs(within);
      if (expected > bavail * bsize) {
        throw noRoom(within, `${sizeText(expected)} were announced, and ${sizeText(bavail * bsize)} are free`);
      }
      return new Spool(await mkdtemp(join(within, 'pyoci-publish-upload-')));
    } catch (error) {
      throw asRefusal(error, within, 'nothing is free');
    }
  }

  /**
   * Writes a file while it is hashed.
   * @param filename without folders
   * @param signal ends it
   * @throws UploadRefusedError if the disk is full; what the source fails with
   */
  async write(source: Readable, filename: string, signal: AbortSignal): Promise<SpooledFile> {
    const path = join(this.#folder, filename);
    const hash = createHash('sha256');
    let size = 0;
    const seen = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        size += chunk.length;
        done(null, chunk);
      },
    });
    try {
      await mkdir(this.#folder, { recursive: true });
      await pipeline(source, seen, createWriteStream(path, { flags: 'wx' }), { signal });
    } catch (error) {
      throw asRefusal(error, dirname(this.#folder), `it was full after ${sizeText(size)}`);
    }
    return { path, sha256: hash.digest('hex'), size };
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** What the disk says in our words; all else, a client that left among it, as it is. */
function asRefusal(error: unknown, within: string, found: string): unknown {
  const code = codeOf(error);
  if (FULL.includes(code)) return noRoom(within, found);
  if (code === undefined || error instanceof UploadRefusedError || !/^E[A-Z]+$/.test(code)) return error;
  const message = `Cannot keep the file while it is checked and sent on: ${within} cannot be written to (${code})`;
  return new UploadRefusedError(500, `Cannot write to ${within}`, message, {
    cause: error,
    hint: 'start the index with TMPDIR set to a folder that it may write to',
  });
}

function noRoom(within: string, found: string): UploadRefusedError {
  const message = `Cannot keep the file while it is checked and sent on: ${within} has no room for it (${found})`;
  return new UploadRefusedError(413, `No room for the file in ${within}`, message, {
    hint: 'free some space, or start the index with TMPDIR set to a folder on a larger disk',
  });
}
