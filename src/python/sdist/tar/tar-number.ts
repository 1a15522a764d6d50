import { ArchiveError } from '../../archive/archive-error.js';

/**
 * A number in a tar header: octal digits that end with NUL or blank, or GNU's base-256 form (first bit set).
 * An empty field is 0.
 *
 * @throws ArchiveError for anything that readers take differently: other characters, negative or giant numbers.
 */
export function parseNumber(field: Buffer, what: string): number {
  const first = field[0] ?? 0;
  if (first & 0x80) return parseBinary(field, what);
  const text = field.toString('latin1');
  const digits = /^ *([0-7]*)[ \0]*$/.exec(text)?.[1];
  if (digits === undefined) throw new ArchiveError(`a tar header has a ${what} that is no number`);
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function parseBinary(field: Buffer, what: string): number {
  if (field[0] !== 0x80) throw new ArchiveError(`a tar header has a ${what} below zero, or one beyond all measure`);
  const value = BigInt(`0x${field.subarray(1).toString('hex')}`);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ArchiveError(`a tar header has a ${what} beyond all measure`);
  return Number(value);
}

/**
 * Whether a field that we don't use is a number of any kind. Python's tarfile takes a header with a field that is none
 * for the end of the archive.
 */
export function isNumber(field: Buffer): boolean {
  return field[0] === 0x80 || field[0] === 0xff || /^ *[0-7]* *(\0|$)/.test(field.toString('latin1'));
}
