import { ArchiveError } from '../../archive/archive-error.js';
import { isNumber, parseNumber } from './tar-number.js';

export const BLOCK = 512;

const NOTHING = Buffer.alloc(0);
const USTAR = Buffer.from('ustar\x0000', 'latin1');
const GNU = Buffer.from('ustar  \0');

/** The numbers that we have no use for, where they stand: a header in which one is broken ends the archive for some. */
const UNUSED_NUMBERS: readonly (readonly [what: string, start: number, end: number])[] = [
  ['mode', 100, 108],
  ['owner', 108, 116],
  ['group', 116, 124],
  ['time', 136, 148],
  ['major device number', 329, 337],
  ['minor device number', 337, 345],
];

/** Which of two formats a header is in by its mark: that of POSIX (ustar, and pax upon it), or that of GNU. */
export type TarFormat = 'ustar' | 'GNU';

/** One 512-byte header block, before extension headers change what it says. */
export interface TarHeader {
  readonly format: TarFormat;
  /** Bytes of the path, ustar prefix included. */
  readonly path: Buffer;
  /** The type flag as a character. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** Bytes of the link target, none if there is none. */
  readonly link: Buffer;
}

/**
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06 (ustar Interchange Format)
 * @throws ArchiveError
 */
export function parseHeader(block: Buffer): TarHeader {
  const stated = parseNumber(block.subarray(148, 156), 'checksum');
  if (stated !== checksum(block)) {
    throw new ArchiveError('a tar header does not fit its checksum: the archive is damaged, or it is no tar archive');
  }
  for (const [what, start, end] of UNUSED_NUMBERS) {
    if (isNumber(block.subarray(start, end))) continue;
    throw new ArchiveError(`a tar header has a ${what} that is no number, so some readers stop there`);
  }
  const format = parseFormat(block);
  return {
    format,
    path: parsePathFields(block, format),
    type: block.toString('latin1', 156, 157),
    size: parseNumber(block.subarray(124, 136), 'size'),
    link: block[157] === 0 ? NOTHING : upToNul(block.subarray(157, 257)),
  };
}

/** The sum of all bytes, those of the checksum itself counted as blanks. */
function checksum(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < 148; at += 1) sum += block[at] ?? 0;
  for (let at = 156; at < BLOCK; at += 1) sum += block[at] ?? 0;
  return sum;
}

function parseFormat(block: Buffer): TarFormat {
  const mark = block.subarray(257, 265);
  if (mark.equals(USTAR)) return 'ustar';
  if (mark.equals(GNU)) return 'GNU';
  const kind = mark.subarray(0, 6).equals(USTAR.subarray(0, 6))
    ? 'ustar of a version other than 00'
    : 'neither ustar nor GNU';
  throw new ArchiveError(`a tar header is ${kind}: uv refuses to unpack it`);
}

function parsePathFields(block: Buffer, format: TarFormat): Buffer {
  const name = upToNul(block.subarray(0, 100));
  const prefix = upToNul(block.subarray(345, 500));
  if (!prefix.length) return name;
  if (format === 'ustar') return Buffer.concat([prefix, Buffer.from('/'), name]);
  throw new ArchiveError('a GNU tar header has bytes where some readers look for a part of the path');
}

export function upToNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
