import type { ByteSource } from '../../src/core/bytes.js';

export interface CountingBytes extends ByteSource {
  /** Bytes handed out so far, both ways. */
  readonly handedOut: number;
  /** Calls of `read` so far. */
  readonly reads: number;
}

/** A source in memory that counts what is taken from it; streams come in pieces of `piece` bytes. */
export function countingBytes(bytes: Buffer, piece = 4 * 1024): CountingBytes {
  let handedOut = 0;
  let reads = 0;
  const take = (offset: number, length: number): Buffer => {
    const part = bytes.subarray(offset, offset + length);
    handedOut += part.length;
    return part;
  };
  const pieces = function* (): Generator<Buffer> {
    for (let at = 0; at < bytes.length; at += piece) yield take(at, piece);
  };
  return {
    size: bytes.length,
    get handedOut() {
      return handedOut;
    },
    get reads() {
      return reads;
    },
    async *pieces() {
      yield* pieces();
    },
    read: async (offset, length) => {
      reads += 1;
      return take(offset, length);
    },
    close: async () => {},
  };
}
