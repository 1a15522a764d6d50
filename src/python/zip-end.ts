import type { ByteSource } from '../core/bytes.js';
import { ArchiveError } from './archive-error.js';
import { checkMembers, LARGEST_DIRECTORY } from './archive-limits.js';

const END = 22;
const LOCATOR = 20;
const WIDE_END = 56;
const END_SIGNATURE = 0x06054b50;
const LOCATOR_SIGNATURE = 0x07064b50;
const WIDE_END_SIGNATURE = 0x06064b50;
const LONGEST_COMMENT = 0xffff;

/** Where the directory of a ZIP archive lies and how much it holds. */
export interface ZipEnd {
  readonly members: number;
  /** In bytes from the start of the file. */
  readonly offset: number;
  /** In bytes. */
  readonly length: number;
}

interface Narrow extends ZipEnd {
  readonly membersHere: number;
}

/**
 * Reads the records at the end of a ZIP archive. They must be its very last bytes, without a comment, and must place
 * the directory right in front of themselves: with anything else, readers find different directories.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT sections 4.3.14 to 4.3.16
 * @throws ArchiveError
 */
export async function readEnd(bytes: ByteSource): Promise<ZipEnd> {
  const tail = await bytes.read(
    Math.max(0, bytes.size - END - LOCATOR - WIDE_END),
    Math.min(bytes.size, END + LOCATOR + WIDE_END),
  );
  if (tail.length < END) throw new ArchiveError(`its ${bytes.size} bytes are too few for a ZIP archive`);
  const narrow = parseEnd(tail.subarray(-END)) ?? (await noEnd(bytes));
  const locator = tail.length >= END + LOCATOR ? tail.subarray(-END - LOCATOR, -END) : undefined;
  const wide = locator?.readUInt32LE(0) === LOCATOR_SIGNATURE;
  const end = wide ? parseWideEnd(locator, tail, bytes.size, narrow) : narrow;

  const records = wide ? END + LOCATOR + WIDE_END : END;
  if (end.offset + end.length !== bytes.size - records) {
    throw new ArchiveError(
      `its end record places the directory at ${end.offset} to ${end.offset + end.length}, but it must end at ` +
        `${bytes.size - records}: something stands in front of the archive, or two archives are joined`,
    );
  }
  checkMembers(end.members);
  if (end.length > LARGEST_DIRECTORY) {
    throw new ArchiveError(`its directory has ${end.length} bytes, more than ${LARGEST_DIRECTORY}`);
  }
  return end;
}

function parseEnd(record: Buffer): Narrow | undefined {
  if (record.readUInt32LE(0) !== END_SIGNATURE || record.readUInt16LE(20) !== 0) return undefined;
  if (record.readUInt16LE(4) !== 0 || record.readUInt16LE(6) !== 0) throw severalDisks();
  const narrow = {
    membersHere: record.readUInt16LE(8),
    members: record.readUInt16LE(10),
    length: record.readUInt32LE(12),
    offset: record.readUInt32LE(16),
  };
  if (narrow.membersHere !== narrow.members) throw severalDisks();
  return narrow;
}

function parseWideEnd(locator: Buffer, tail: Buffer, size: number, narrow: Narrow): ZipEnd {
  const at = size - END - LOCATOR - WIDE_END;
  if (at < 0 || locator.readBigUInt64LE(8) !== BigInt(at)) {
    throw new ArchiveError('its ZIP64 locator does not point at a plain ZIP64 end record right in front of it');
  }
  const record = tail.subarray(0, WIDE_END);
  if (record.readUInt32LE(0) !== WIDE_END_SIGNATURE || record.readBigUInt64LE(4) !== BigInt(WIDE_END - 12)) {
    throw new ArchiveError('its ZIP64 end record is not the plain one of 56 bytes');
  }
  const disks = [record.readUInt32LE(16), record.readUInt32LE(20), locator.readUInt32LE(4)];
  const members = record.readBigUInt64LE(32);
  if (disks.some((disk) => disk !== 0) || locator.readUInt32LE(16) > 1 || record.readBigUInt64LE(24) !== members) {
    throw severalDisks();
  }
  const length = record.readBigUInt64LE(40);
  const offset = record.readBigUInt64LE(48);
  const agree =
    agrees(narrow.members, 0xffff, members) &&
    agrees(narrow.length, 0xffffffff, length) &&
    agrees(narrow.offset, 0xffffffff, offset);
  if (!agree) throw new ArchiveError('its ZIP64 end record and its end record tell different things');
  return { members: Number(members), length: Number(length), offset: Number(offset) };
}

/** A narrow field repeats the wide one or, all ones, leaves it the word. */
function agrees(narrow: number, ones: number, wide: bigint): boolean {
  return narrow === ones || BigInt(narrow) === wide;
}

/** Finds the words for an archive that does not end with an end record. */
async function noEnd(bytes: ByteSource): Promise<never> {
  const length = Math.min(bytes.size, END + LONGEST_COMMENT);
  const tail = await bytes.read(bytes.size - length, length);
  const signature = Buffer.alloc(4);
  signature.writeUInt32LE(END_SIGNATURE);
  const at = tail.subarray(0, length - END + 4).lastIndexOf(signature);
  if (at < 0) throw new ArchiveError('it does not end as a ZIP archive does: it was cut short, or it is none');
  throw new ArchiveError(
    `${length - at - END} bytes follow its end record (a comment, or something added later), ` +
      'and readers differ in what they make of them',
  );
}

function severalDisks(): ArchiveError {
  return new ArchiveError('it says that it is one part of an archive on several disks');
}
