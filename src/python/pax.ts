import { isUtf8 } from 'node:buffer';
import { ArchiveError, quoted } from './archive-error.js';

const UTF8 = 'ISO-IR 10646 2000 UTF-8';
/** Keys that turn a member into something other than its bytes. */
const SPARSE = /^(GNU\.sparse\.|SCHILY\.realsize$)/;

/** What a pax header changes about the member behind it. */
export interface PaxChanges {
  readonly path?: Buffer;
  /** In bytes. */
  readonly size?: number;
}

/**
 * Reads the records of a pax header, `length key=value` and a line end each.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03 (pax Extended Header)
 * @throws ArchiveError if they are malformed or doubled, or say what readers don't share.
 */
export function parsePax(data: Buffer): PaxChanges {
  const records = parseRecords(data);
  const path = records.get('path');
  const size = records.get('size');
  return {
    ...(path !== undefined && { path: Buffer.from(path) }),
    ...(size !== undefined && { size: parseSize(size) }),
  };
}

/** Checks a global pax header (`g`): it may comment, but must not change members, as only some readers obey it. */
export function checkGlobalPax(data: Buffer): void {
  const records = parseRecords(data);
  for (const key of ['path', 'size', 'linkpath']) {
    if (records.has(key)) {
      throw new ArchiveError(`a global pax header sets the ${key} of all members, which only some readers obey`);
    }
  }
}

function parseRecords(data: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < data.length; ) {
    const [key, value, end] = parseRecord(data, at);
    if (records.has(key)) throw new ArchiveError(`a pax header sets ${quoted(key)} twice`);
    if (SPARSE.test(key)) throw new ArchiveError('it has a sparse member, which not every installer unpacks');
    if (key === 'hdrcharset' && value !== UTF8)
      throw new ArchiveError(`a pax header is not in UTF-8 but ${quoted(value)}`);
    records.set(key, value);
    at = end;
  }
  return records;
}

function parseRecord(data: Buffer, at: number): readonly [key: string, value: string, end: number] {
  const digits = /^[1-9][0-9]{0,6} /.exec(data.toString('latin1', at, at + 8))?.[0];
  if (digits === undefined) throw malformed();
  const end = at + Number.parseInt(digits, 10);
  const record = data.subarray(at + digits.length, end);
  const equals = record.indexOf('=');
  const whole = end <= data.length && equals > 0 && record.at(-1) === 0x0a;
  if (!whole || record.includes(0) || !isUtf8(record)) throw malformed();
  return [record.toString('utf8', 0, equals), record.toString('utf8', equals + 1, record.length - 1), end];
}

function malformed(): ArchiveError {
  return new ArchiveError('a pax header is malformed');
}

function parseSize(text: string): number {
  const size = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw new ArchiveError(`a pax header states the size ${quoted(text)}`);
  return size;
}
