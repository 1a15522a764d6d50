/** What part of a file a request asks for. @see https://www.rfc-editor.org/rfc/rfc9110#section-14 */
import parseRange from 'range-parser';
import type { ByteRange } from '../../oci/store.js';

/** `whole`: no range, several of them, or none that can be read. `beyond`: nothing of what is asked is there. */
export type Part = 'whole' | 'beyond' | ByteRange;

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
  const asked = parseRange(size, range);
  if (asked === -1) return 'beyond';
  if (asked === -2 || asked.type !== 'bytes' || asked.length !== 1) return 'whole';
  const [only] = asked;
  return only ? { first: only.start, last: only.end } : 'whole';
}
