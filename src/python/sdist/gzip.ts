import { createGunzip } from 'node:zlib';
import { type ByteSource, streamOf } from '../../core/bytes.js';
import { UserError } from '../../core/errors.js';
import { ArchiveError } from '../archive/archive-error.js';
import { checkUnpacked } from '../archive/archive-limits.js';
import { areZeros } from '../archive/zeros.js';
import type { PackedBytes } from './packed-bytes.js';

const CHUNK = 256 * 1024;

/**
 * The unpacked bytes of a gzip file, chunk by chunk, no faster than they are used. Several members one behind the other
 * are one file, and zeros may fill up its end; anything else behind it is refused.
 *
 * @param packed is told the bytes of the file as they go by; zeros at the end may be missing
 * @see https://www.rfc-editor.org/rfc/rfc1952
 * @throws ArchiveError as soon as the bytes are damaged, or are more than an honest file unpacks to.
 */
export async function* gunzip(bytes: ByteSource, packed: PackedBytes): AsyncGenerator<Buffer> {
  const source = streamOf(bytes);
  const unpacking = createGunzip({ chunkSize: CHUNK });
  source.on('data', (piece: Buffer) => packed.add(piece));
  source.on('error', (error) => unpacking.destroy(error));
  let unpacked = 0;
  try {
    for await (const chunk of source.pipe(unpacking) as AsyncIterable<Buffer>) {
      unpacked += chunk.length;
      checkUnpacked(unpacked, bytes.size);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof UserError || !isZlibError(error)) throw error;
    throw new ArchiveError(`its gzip stream is damaged or was cut short (${error.message})`, undefined, {
      cause: error,
    });
  } finally {
    source.destroy();
    unpacking.destroy();
  }
  await checkRest(bytes, unpacking.bytesWritten);
  packed.finish(unpacking.bytesWritten, unpacked);
}

/** By its code and not by its class: zlib throws the plain `Error` of the realm that Node itself runs in. */
function isZlibError(error: unknown): error is { readonly message: string } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'message' in error &&
    'code' in error &&
    /^Z_/.test(String(error.code))
  );
}

/** zlib stops at the first zero behind a member and looks no further; other readers find members behind zeros. */
async function checkRest(bytes: ByteSource, from: number): Promise<void> {
  for (let at = from; at < bytes.size; at += CHUNK) {
    if (areZeros(await bytes.read(at, Math.min(CHUNK, bytes.size - at)))) continue;
    throw new ArchiveError(`bytes that are not zero follow the end of its gzip stream at ${from}`);
  }
}
