import type { Readable } from 'node:stream';
import { brotliDecompressSync, constants, gunzipSync, inflateSync } from 'node:zlib';

/** As much of a refusal as is read. */
const LONGEST_REFUSAL = 64 * 1024;

/** The body of an answer is longer than anything we ask for. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError';
}

/** An answer comes byte by byte, as if never to end. */
export class TooSlowError extends Error {
  override readonly name = 'TooSlowError';
}

/**
 * All bytes of a body.
 * @param patience in milliseconds, for all of it
 * @throws TooLongError as soon as more than `limit` bytes came, TooSlowError if the end did not come in time
 */
export async function readBody(body: Readable, limit: number, patience: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  await inTime(body, patience, async () => {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      // Leaving the loop destroys the stream, and with it the connection.
      if (length > limit) throw new TooLongError(`more than ${limit} bytes`);
      chunks.push(chunk);
    }
  });
  return Buffer.concat(chunks);
}

/** The beginning of a body that only explains something: cut when it is long or takes long, or where it breaks off. */
export async function readBeginning(body: Readable, patience: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    await inTime(body, patience, async () => {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        length += chunk.length;
        if (length > LONGEST_REFUSAL) break;
      }
    });
  } catch {
    // The status has come, and that is the answer; its explanation is a courtesy.
  }
  return Buffer.concat(chunks).subarray(0, LONGEST_REFUSAL);
}

/** Bytes that an explanation may unpack to: a small body can be made to unpack to any size. */
const LONGEST_UNPACKED = 1024 * 1024;

/**
 * The text of a refusal. We ask for no compression, which some servers use all the same.
 * @param bytes may be cut
 * @param encoding `Content-Encoding`
 * @returns nothing where it cannot be unpacked
 */
export function explanationIn(bytes: Buffer, encoding: string | undefined): string {
  const sync = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: LONGEST_UNPACKED };
  try {
    switch (encoding?.trim().toLowerCase() || 'identity') {
      case 'identity':
        return bytes.toString('utf8');
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(bytes, sync).toString('utf8', 0, LONGEST_REFUSAL);
      case 'deflate':
        return inflateSync(bytes, sync).toString('utf8', 0, LONGEST_REFUSAL);
      case 'br': {
        const flush = { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength: LONGEST_UNPACKED };
        return brotliDecompressSync(bytes, flush).toString('utf8', 0, LONGEST_REFUSAL);
      }
      default:
        return '';
    }
  } catch {
    return '';
  }
}

/** By a timer: behind the bytes may come trailers without end, of which a reader hears nothing. */
async function inTime(body: Readable, patience: number, read: () => Promise<void>): Promise<void> {
  const timer = setTimeout(() => body.destroy(new TooSlowError(`no end in ${patience / 1000} s`)), patience);
  try {
    await read();
  } finally {
    clearTimeout(timer);
  }
}
