import { ArchiveError, quoted } from '../../archive/archive-error.js';

const WIDE = 0x0001;
const UNICODE_PATH = 0x7075;
const ONES = 0xffffffff;

/**
 * The data of the ZIP64 extra field among a header's extra fields.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT section 4.5
 * @throws ArchiveError if the fields don't fill their space, if one renames the member, or if two are ZIP64 fields.
 */
export function wideField(extra: Buffer, name: string): Buffer | undefined {
  let wide: Buffer | undefined;
  for (let at = 0; at < extra.length; ) {
    const end = at + 4 <= extra.length ? at + 4 + extra.readUInt16LE(at + 2) : Number.POSITIVE_INFINITY;
    if (end > extra.length) throw new ArchiveError(`an extra field of ${quoted(name)} is cut short`);
    const id = extra.readUInt16LE(at);
    if (id === UNICODE_PATH) {
      throw new ArchiveError(
        `${quoted(name)} has a second name in an extra field (0x7075), which only some readers use`,
      );
    }
    if (id === WIDE && wide) throw new ArchiveError(`${quoted(name)} has two ZIP64 extra fields`);
    if (id === WIDE) wide = extra.subarray(at + 4, end);
    at = end;
  }
  return wide;
}

/**
 * The true values of a header's 32-bit fields: one that is all ones is found in the ZIP64 field, in order.
 * Values there that nobody asked for must repeat what the header says, so that every way of reading gives the same.
 *
 * @see APPNOTE section 4.5.3
 * @throws ArchiveError
 */
export function widen(fields: readonly number[], wide: Buffer | undefined, name: string): readonly number[] {
  let at = 0;
  const values = fields.map((field) => {
    if (field !== ONES) return BigInt(field);
    if (!wide || at + 8 > wide.length) throw new ArchiveError(`${quoted(name)} lacks a value of its ZIP64 extra field`);
    at += 8;
    return wide.readBigUInt64LE(at - 8);
  });
  if (wide && wide.length !== at && !repeats(wide, values)) {
    throw new ArchiveError(`the ZIP64 extra field of ${quoted(name)} does not fit its header`);
  }
  if (values.some((value) => value > BigInt(Number.MAX_SAFE_INTEGER))) {
    throw new ArchiveError(`${quoted(name)} states an impossible size or place`);
  }
  return values.map(Number);
}

/** Whether a ZIP64 field is all values in order, cut behind any of them, or all of them and disk 0. */
function repeats(wide: Buffer, values: readonly bigint[]): boolean {
  const all = Buffer.alloc(8 * values.length + 4);
  for (const [index, value] of values.entries()) all.writeBigUInt64LE(value, 8 * index);
  return (wide.length % 8 === 0 || wide.length === all.length) && all.subarray(0, wide.length).equals(wide);
}
