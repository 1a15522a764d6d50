import type { Readable } from 'node:stream';

/** As much of a refusal as is read. */
const LONGEST_REFUSAL = 64 * 1024;

/** The body of an answer is longer than anything we ask for. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError';
}

/** A body comes byte by byte, as if never to end. */
export class TooSlowError extends Error {
  override readonly name = 'TooSlowError';
}

/**
 * All bytes of a body. @throws TooLongError as soon as more than `limit` bytes came, TooSlowError if it is `overdue`
 * when some came
 */
export async function readBody(body: Readable, limit: number, overdue = (): boolean => false): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop destroys the stream, and with it the connection.
    if (length > limit) throw new TooLongError(`more than ${limit} bytes`);
    if (overdue()) throw new TooSlowError(`${length} bytes in too long a time`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The beginning of a body that only explains something: cut when it is long or `overdue`, or where it breaks off. */
export async function readBeginning(body: Readable, overdue = (): boolean => false): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > LONGEST_REFUSAL || overdue()) break;
    }
  } catch {
    // The status has come, and that is the answer; its explanation is a courtesy.
  }
  return Buffer.concat(chunks).subarray(0, LONGEST_REFUSAL);
}
