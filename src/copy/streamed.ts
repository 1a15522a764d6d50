/** A blob of one store as bytes for another: they go through memory, never to a disk, and every one is verified. */
import type { ByteSource } from '../core/bytes.js';
import { UserError } from '../core/errors.js';
import type { Descriptor } from '../oci/descriptor.js';
import type { Repository } from '../oci/store.js';

/** The source failed while a blob was on its way: what the destination says of that means nothing. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}

/** Bytes that come only after all of a blob were found right: nobody ever has the whole of a wrong one. */
const HELD_BACK = 64 * 1024;

/** Opened anew whenever the bytes are asked for. @throws SourceError out of `pieces` for whatever the source fails with */
export function streamedBytes(source: Repository, blob: Descriptor, signal: AbortSignal): ByteSource {
  return {
    size: blob.size,
    async *pieces() {
      try {
        for await (const piece of await source.openBlob(blob, { signal, holdBack: Math.min(HELD_BACK, blob.size) })) {
          yield piece as Buffer;
        }
      } catch (cause) {
        signal.throwIfAborted();
        throw new SourceError('the source cannot be read', { cause });
      }
    },
    read: async () => {
      throw new UserError(`Cannot read a part of ${blob.digest}: it is read as a whole, while it is copied`);
    },
    close: async () => {},
  };
}
