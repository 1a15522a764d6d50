import type { ByteSource } from '../../../core/bytes.js';
import { ArchiveError } from '../../archive/archive-error.js';
import { checkMembers, LARGEST_DIRECTORY } from '../../archive/archive-limits.js';
import { areZeros } from '../../archive/zeros.js';

const END = 22;
const LOCATOR = 20;
const WIDE_END = 56;
const LOCATOR_SIGNATURE = 0x07064b50;
const WIDE_END_SIGNATURE = 0x06064b50;
const LONGEST_COMMENT = 0xffff;
const END_MARK = Buffer.from('PK\x05\x06', 'latin1');
/** What begins each kind of record: an archive in a comment would hold some. */
const MARKS = ['\x01\x02', '\x03\x04', '\x05\x06', '\x06\x06', '\x06\x07', '\x07\x08'].map((kind) =>
  Buffer.from(`PK${kind}`, 'latin1'),
);

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
 * Reads the records at the end of a ZIP archive. They must place the directory right in front of themselves, and only a
 * comment may follow that fills the file and holds no mark of a ZIP record: with anything else, readers find different
 * directories.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT sections 4.3.14 to 4.3.16
 * @throws ArchiveError
 */
export async function readEnd(bytes: ByteSource): Promise<ZipEnd> {
  if (bytes.size < END) throw new ArchiveError(`its ${bytes.size} bytes are too few for a ZIP archive`);
  const at = await findEnd(bytes);
  const start = Math.max(0, at - LOCATOR - WIDE_END);
  const tail = await bytes.read(start, at + END - start);
  const narrow = parseEnd(tail.subarray(-END));
  const locator = tail.length >= END + LOCATOR ? tail.subarray(-END - LOCATOR, -END) : undefined;
  const wide = locator?.readUInt32LE(0) === LOCATOR_SIGNATURE;
  const end = wide ? parseWideEnd(locator, tail, at, narrow) : narrow;

  const directoryEnd = wide ? at - LOCATOR - WIDE_END : at;
  if (end.offset + end.length !== directoryEnd) {
    throw new ArchiveError(
      `its end record places the directory at ${end.offset} to ${end.offset + end.length}, but it must end at ` +
        `${directoryEnd}: something stands in front of the archive, or two archives are joined`,
    );
  }
  checkMembers(end.members);
  if (end.length > LARGEST_DIRECTORY) {
    throw new ArchiveError(`its directory has ${end.length} bytes, more than ${LARGEST_DIRECTORY}`);
  }
  return end;
}

/** Where the end record begins: the last one, as Python searches it, which must be the only one to be found behind there. */
async function findEnd(bytes: ByteSource): Promise<number> {
  const usual = await bytes.read(bytes.size - END, END);
  if (usual.indexOf(END_MARK) === 0 && usual.readUInt16LE(20) === 0) return bytes.size - END;
  const length = Math.min(bytes.size, END + LONGEST_COMMENT);
  const tail = await bytes.read(bytes.size - length, length);
  const at = tail.lastIndexOf(END_MARK);
  if (at < 0) throw new ArchiveError('it does not end as a ZIP archive does: it was cut short, or it is none');
  const left = length - at - END;
  const comment = left < 0 ? undefined : tail.readUInt16LE(at + 20);
  if (comment !== left) {
    const who = areZeros(tail.subarray(at + END)) ? 'the public index' : 'uv, the public index';
    throw new ArchiveError(
      `${Math.max(0, left)} bytes follow its end record, which speaks of ${comment ?? 0}: ` +
        `${who} and other readers refuse what was added later`,
    );
  }
  // From within the record on: its last bytes and the first of the comment may make a mark together.
  const rest = tail.subarray(at + 1);
  if (MARKS.some((mark) => rest.includes(mark))) {
    throw new ArchiveError(
      'its comment holds the mark of a ZIP record, as if another archive were in it: uv refuses it',
    );
  }
  return bytes.size - length + at;
}

function parseEnd(record: Buffer): Narrow {
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

function parseWideEnd(locator: Buffer, tail: Buffer, narrowAt: number, narrow: Narrow): ZipEnd {
  const at = narrowAt - LOCATOR - WIDE_END;
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

function severalDisks(): ArchiveError {
  return new ArchiveError('it says that it is one part of an archive on several disks');
}
