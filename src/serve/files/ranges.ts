/** What part of a file a request asks for. @see https://www.rfc-editor.org/rfc/rfc9110#section-14 */
import type { ByteRange } from '../../oci/store.js';

/** `whole`: no range, several of them, or none that can be read. `beyond`: nothing of what is asked is there. */
export type Part = 'whole' | 'beyond' | ByteRange;

/** One range with its first byte, or the length of an end. Several are answered with everything, as the RFC allows. */
const RANGE = /^bytes=(?:([0-9]{1,15})-([0-9]{0,15})|-([0-9]{1,15}))$/i;

/**
 * @param headers `range`, and `if-range` with the entity tag that the client has a part of
 * @param size of the file, in bytes
 * @param etag of the file, with its quotes
 */
export function partAsked(
  headers: { readonly range?: string | undefined; readonly 'if-range'?: string | string[] | undefined },
  size: number,
  etag: string,
): Part {
  const { range, 'if-range': condition } = headers;
  if (range === undefined || (condition !== undefined && condition !== etag)) return 'whole';
  const [, from, to, end] = RANGE.exec(range.trim()) ?? [];
  if (end !== undefined) return within(size - Math.min(Number(end), size), size - 1, size);
  if (from === undefined) return 'whole';
  const last = to ? Number(to) : size - 1;
  // One that ends before it begins is no range.
  return to && last < Number(from) ? 'whole' : within(Number(from), last, size);
}

function within(first: number, last: number, size: number): Part {
  return first < size ? { first, last: Math.min(last, size - 1) } : 'beyond';
}
