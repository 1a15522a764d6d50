import type { ByteSource } from '../../../core/bytes.js';
import { ArchiveError, quoted } from '../../archive/archive-error.js';
import { checkUnpacked } from '../../archive/archive-limits.js';
import { NEWEST_VERSION, parseDirectory, tooNew, type ZipMember } from './zip-directory.js';
import { readEnd } from './zip-end.js';
import { wideField, widen } from './zip-extra.js';
import { ZipWindow } from './zip-window.js';

const HEADER = 30;
const SIGNATURE = 0x04034b50;

/** A ZIP archive whose every byte is accounted for. */
export interface ZipFraming {
  readonly members: readonly ZipMember[];
  /** Of the directory, in bytes from the start of the file. */
  readonly offset: number;
  /** The directory and all that follows it, as it stands in the file. */
  readonly tail: Buffer;
}

/**
 * Shows that a ZIP archive means the same to those who read its directory and to those who read it from the start:
 * the local headers with their data fill the file up to the directory without gap or overlap, they are the members of
 * the directory, and they say the same about them. Nothing is unpacked.
 *
 * @throws ArchiveError
 */
export async function readZip(bytes: ByteSource): Promise<ZipFraming> {
  const end = await readEnd(bytes);
  const tail = await bytes.read(end.offset, bytes.size - end.offset);
  const members = parseDirectory(tail.subarray(0, end.length), end);
  checkUnpacked(
    members.reduce((total, member) => total + member.size, 0),
    bytes.size,
  );
  await checkLocals(bytes, members, end.offset);
  return { members, offset: end.offset, tail };
}

async function checkLocals(bytes: ByteSource, members: readonly ZipMember[], end: number): Promise<void> {
  const inOrder = [...members].sort((one, other) => one.offset - other.offset);
  const window = new ZipWindow(bytes, inOrder, end);
  let expected = 0;
  for (const [index, member] of inOrder.entries()) {
    if (member.offset > expected) throw hidden(expected, member.offset);
    if (member.offset < expected) {
      throw new ArchiveError(`${quoted(member.name)} at ${member.offset} overlaps with the member before it`);
    }
    const header = await window.header(index);
    checkLocal(header, member);
    expected = member.offset + header.length + member.packed;
    if (expected > end) throw new ArchiveError(`${quoted(member.name)} reaches into the directory`);
  }
  if (expected < end) throw hidden(expected, end);
}

function hidden(from: number, to: number): ArchiveError {
  return new ArchiveError(
    `its bytes ${from} to ${to} belong to no member of the directory, but are seen by readers that start at the front`,
  );
}

/** @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT section 4.3.7 */
function checkLocal(header: Buffer, member: ZipMember): void {
  const differs = (what: string): ArchiveError =>
    new ArchiveError(`the directory and the header of ${quoted(member.name)} disagree about its ${what}`);
  if (header.readUInt32LE(0) !== SIGNATURE) {
    throw new ArchiveError(`${quoted(member.name)} is not at ${member.offset}, where the directory says`);
  }
  // The directory asks for one of its own, which Python reads; uv reads both.
  if (header.readUInt8(4) > NEWEST_VERSION) throw tooNew(member.name);
  const extraStart = HEADER + header.readUInt16LE(26);
  if (!header.subarray(HEADER, extraStart).equals(member.nameBytes)) throw differs('name');
  if (header.readUInt16LE(6) !== member.flags) throw differs('flags');
  if (header.readUInt16LE(8) !== member.method) throw differs('method');
  if (header.readUInt32LE(14) !== member.crc) throw differs('CRC');
  const wide = wideField(header.subarray(extraStart), member.name);
  const [size, packed] = widen([header.readUInt32LE(22), header.readUInt32LE(18)], wide, member.name);
  if (size !== member.size || packed !== member.packed) throw differs('size');
}
