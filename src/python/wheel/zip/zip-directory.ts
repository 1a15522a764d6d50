import { ArchiveError, quoted } from '../../archive/archive-error.js';
import { parsePath, withoutSlash } from '../../archive/member-path.js';
import type { ZipEnd } from './zip-end.js';
import { wideField, widen } from './zip-extra.js';

const HEADER = 46;
const SIGNATURE = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 0x0001 | 0x0040 | 0x2000;
/** What follows is the difference to another archive. Python refuses it, others don't know of it. */
const PATCH = 0x0020;
const DATA_DESCRIPTOR = 0x0008;
const UTF8_NAME = 0x0800;
/** Version 6.3 of the format, the last that Python's zipfile opens. */
export const NEWEST_VERSION = 63;

/** One member as the directory of a ZIP archive describes it. */
export interface ZipMember {
  /** With a slash at the end for a folder. */
  readonly name: string;
  /** The name's bytes, general purpose bits, method and CRC: a local header must repeat them. */
  readonly nameBytes: Buffer;
  readonly flags: number;
  readonly method: typeof STORED | typeof DEFLATED;
  readonly crc: number;
  /** In bytes, as stored in the archive. */
  readonly packed: number;
  /** In bytes, unpacked. */
  readonly size: number;
  /** Of the local header, in bytes from the start of the file. */
  readonly offset: number;
  /** Unix file type and permissions, 0 if the archive gives none. */
  readonly mode: number;
}

/**
 * Reads the directory of a ZIP archive. `bytes` are the directory alone.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT section 4.3.12
 * @throws ArchiveError if it is not exactly the members that the end record promised, if two have one name, or if one
 * is packed in a way that installers don't share.
 */
export function parseDirectory(bytes: Buffer, end: ZipEnd): readonly ZipMember[] {
  const members: ZipMember[] = [];
  const names = new Set<string>();
  let at = 0;
  while (at < bytes.length) {
    if (members.length === end.members) throw new ArchiveError('its directory lists more members than its end record');
    const [member, length] = parseEntry(bytes, at);
    const name = withoutSlash(member.name);
    if (names.has(name)) throw new ArchiveError(`it has two members named ${quoted(name)}: readers take either`);
    names.add(name);
    members.push(member);
    at += length;
  }
  if (members.length !== end.members) {
    throw new ArchiveError(`its directory lists ${members.length} members, its end record ${end.members}`);
  }
  return members;
}

function parseEntry(bytes: Buffer, at: number): readonly [ZipMember, number] {
  const cut = (): ArchiveError => new ArchiveError('its directory is broken: an entry is cut short, or is none');
  if (at + HEADER > bytes.length || bytes.readUInt32LE(at) !== SIGNATURE) throw cut();
  const nameEnd = at + HEADER + bytes.readUInt16LE(at + 28);
  const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
  const length = extraEnd + bytes.readUInt16LE(at + 32) - at;
  if (at + length > bytes.length) throw cut();

  const nameBytes = bytes.subarray(at + HEADER, nameEnd);
  const name = parseName(nameBytes, bytes.readUInt16LE(at + 8));
  const narrow = [bytes.readUInt32LE(at + 24), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)];
  const [size = 0, packed = 0, offset = 0] = widen(narrow, wideField(bytes.subarray(nameEnd, extraEnd), name), name);
  if (bytes.readUInt8(at + 6) > NEWEST_VERSION) throw tooNew(name);
  if (bytes.readUInt16LE(at + 34) !== 0) throw new ArchiveError(`${quoted(name)} is said to lie on another disk`);
  const member = {
    name,
    nameBytes,
    flags: parseFlags(bytes.readUInt16LE(at + 8), name),
    method: parseMethod(bytes.readUInt16LE(at + 10), name),
    crc: bytes.readUInt32LE(at + 16),
    packed,
    size,
    offset,
    mode: bytes.readUInt16LE(at + 40),
  };
  if (member.method === STORED && packed !== size) {
    throw new ArchiveError(`${quoted(name)} is stored as it is, yet has ${packed} bytes inside and ${size} outside`);
  }
  return [member, length];
}

export function tooNew(name: string): ArchiveError {
  return new ArchiveError(`${quoted(name)} asks for a newer version of the ZIP format than installers know`);
}

/** Names beyond ASCII must be marked as UTF-8: without the mark readers choose between code page 437 and UTF-8. */
function parseName(bytes: Buffer, flags: number): string {
  const name = parsePath(bytes);
  if (name.includes('\\')) throw new ArchiveError(`the path ${quoted(name)} of a member holds a backslash`);
  if (!(flags & UTF8_NAME) && bytes.some((byte) => byte > 0x7f)) {
    throw new ArchiveError(`the path ${quoted(name)} of a member is not marked as UTF-8, so readers see other names`);
  }
  return name;
}

function parseFlags(flags: number, name: string): number {
  if (flags & ENCRYPTED) throw new ArchiveError(`${quoted(name)} is encrypted`);
  if (flags & PATCH) throw new ArchiveError(`${quoted(name)} is said to be a patch, which not every installer opens`);
  if (flags & DATA_DESCRIPTOR) {
    throw new ArchiveError(
      `${quoted(name)} has its size behind its data (a data descriptor), which the public index refuses, since readers of a stream can be misled`,
      'write the archive to a file and not to a pipe: python -m build',
    );
  }
  return flags;
}

function parseMethod(method: number, name: string): typeof STORED | typeof DEFLATED {
  if (method === STORED || method === DEFLATED) return method;
  throw new ArchiveError(`${quoted(name)} is compressed with method ${method}; installers share only deflate (8)`);
}
