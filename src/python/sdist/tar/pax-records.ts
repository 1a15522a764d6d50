import { isUtf8 } from 'node:buffer';
import { ArchiveError, quoted } from '../../archive/archive-error.js';

/** What the records of a pax header say, by keyword. */
export type PaxRecords = ReadonlyMap<string, Buffer>;

/** Python's tarfile says BINARY where an attribute is. Texts must be UTF-8 all the same. */
const CHARSETS = ['BINARY', 'ISO-IR 10646 2000 UTF-8'];
/** Keys that turn a member into something other than its bytes. */
const SPARSE = /^(GNU\.sparse\.|SCHILY\.realsize$)/;
/** Extended attributes and the like, whose values are any bytes: `tar --xattrs` writes them. uv knows no other vendor's. */
const VENDOR = /^(SCHILY|LIBARCHIVE)\../;
/** Reserved by POSIX for what is yet to come. */
const RESERVED = /^(realtime|security)\../;
const TEXTS = ['charset', 'comment', 'gname', 'hdrcharset', 'linkpath', 'path', 'size', 'uname'];
/** Keywords with numbers; an empty value takes back what was said before. */
const NUMBERS: Readonly<Record<string, RegExp>> = {
  atime: /^([0-9]{1,18}(\.[0-9]+)?)?$/,
  ctime: /^([0-9]{1,18}(\.[0-9]+)?)?$/,
  mtime: /^([0-9]{1,18}(\.[0-9]+)?)?$/,
  gid: /^[0-9]{0,19}$/,
  uid: /^[0-9]{0,19}$/,
};

/**
 * Reads the records of a pax header, `length key=value` and a line end each.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03 (pax Extended Header)
 * @throws ArchiveError if they are malformed or doubled, or are none that pip and uv both read.
 */
export function parsePaxRecords(data: Buffer): PaxRecords {
  const records = new Map<string, Buffer>();
  for (let at = 0; at < data.length; ) {
    const [key, value, end] = parseRecord(data, at);
    if (records.has(key)) throw new ArchiveError(`a pax header sets ${quoted(key)} twice`);
    checkRecord(key, value);
    records.set(key, value);
    at = end;
  }
  return records;
}

function parseRecord(data: Buffer, at: number): readonly [key: string, value: Buffer, end: number] {
  const digits = /^[1-9][0-9]{0,6} /.exec(data.toString('latin1', at, at + 8))?.[0];
  if (digits === undefined) throw malformed();
  const end = at + Number.parseInt(digits, 10);
  const record = data.subarray(at + digits.length, end);
  const equals = record.indexOf('=');
  const keyword = record.subarray(0, Math.max(0, equals));
  const whole = end <= data.length && equals > 0 && record.at(-1) === 0x0a;
  if (!whole || keyword.includes(0) || !isUtf8(keyword)) throw malformed();
  return [keyword.toString(), record.subarray(equals + 1, -1), end];
}

function checkRecord(key: string, value: Buffer): void {
  if (SPARSE.test(key)) throw new ArchiveError('it has a sparse member, which not every installer unpacks');
  if (VENDOR.test(key)) return;
  const number = Object.hasOwn(NUMBERS, key) ? NUMBERS[key] : undefined;
  if (!number && !TEXTS.includes(key) && !RESERVED.test(key)) {
    throw new ArchiveError(
      `a pax header sets ${quoted(key)}, a keyword at which uv stops`,
      'build it with a build backend (python -m build), or tell tar to leave such attributes out',
    );
  }
  // A reader in C takes the value to its first NUL, another takes all of it.
  if (value.includes(0) || !isUtf8(value)) throw malformed(key);
  const text = value.toString();
  if (key === 'hdrcharset' && !CHARSETS.includes(text))
    throw new ArchiveError(`a pax header is not in UTF-8 but ${quoted(text)}`);
  if (number && !number.test(text)) {
    throw new ArchiveError(`a pax header states the ${key} ${quoted(text)}, at which uv stops`);
  }
}

function malformed(key?: string): ArchiveError {
  return new ArchiveError(
    `a pax header is malformed${key === undefined ? '' : `: its ${quoted(key)} is not UTF-8 text`}`,
  );
}
