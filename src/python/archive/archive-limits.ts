import { ArchiveError } from './archive-error.js';

const MIB = 1024 * 1024;

/** Members of one archive. The largest wheel seen has 16,235. */
export const MOST_MEMBERS = 200_000;
/** Folders of one archive, whose names are kept in mind. */
export const MOST_FOLDERS = 100_000;
/** Characters of all paths of one archive, which are kept in mind. */
export const LARGEST_PATHS = 64 * MIB;
/** Links of one sdist, whose paths and targets are kept in mind. */
export const MOST_LINKS = 10_000;
/** Bytes of one ZIP directory. The largest seen has 1.8 MB. */
export const LARGEST_DIRECTORY = 64 * MIB;
/** Bytes of METADATA or PKG-INFO. The largest seen has 233 kB. */
export const LARGEST_METADATA = 4 * MIB;
/** Bytes of a RECORD that we compare with the members; a larger one is not compared. */
export const LARGEST_RECORD = 32 * MIB;
/** Bytes of a WHEEL file. The largest seen has 1 kB. */
export const LARGEST_WHEEL_FILE = 256 * 1024;
/** Bytes of entry_points.txt. The largest have some 100 kB. */
export const LARGEST_ENTRY_POINTS = 1024 * 1024;
/** Bytes of one pax header. */
export const LARGEST_PAX = 256 * 1024;
/** Bytes of one GNU long name. */
export const LARGEST_LONG_NAME = 128 * 1024;
/** Bytes of one part of a path: what Linux, macOS and Windows have room for at most. */
export const LONGEST_NAME = 255;
/** Bytes of one member's path. */
export const LONGEST_PATH = 4_096;

/** True wheels unpack to 18 times their size at most; small archives may do what they like. */
const LARGEST_RATIO = 50;
const RATIO_FREE = 64 * MIB;

/** The most bytes that an archive of `packed` bytes may unpack to. */
export function unpackedLimit(packed: number): number {
  return Math.max(RATIO_FREE, LARGEST_RATIO * packed);
}

/** @throws ArchiveError if `unpacked` bytes are more than an archive of `packed` bytes can honestly hold. */
export function checkUnpacked(unpacked: number, packed: number): void {
  if (unpacked <= unpackedLimit(packed)) return;
  throw new ArchiveError(
    `it unpacks to more than ${unpackedLimit(packed)} bytes, over ${LARGEST_RATIO} times its ${packed} bytes, ` +
      'as archives do that are made to exhaust whoever opens them',
  );
}

/** @throws ArchiveError if an archive has too many members. */
export function checkMembers(members: number): void {
  if (members > MOST_MEMBERS) throw new ArchiveError(`it has more than ${MOST_MEMBERS} members`);
}
