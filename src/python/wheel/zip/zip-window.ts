import type { ByteSource } from '../../../core/bytes.js';
import { ArchiveError, quoted } from '../../archive/archive-error.js';
import type { ZipMember } from './zip-directory.js';

const HEADER = 30;
/** Room for the extra fields that real headers carry (ZIP64, times, owners). */
const USUAL_EXTRA = 64;
/** Reading over a member this small costs less than another request. */
const SMALL = 32 * 1024;
const LARGEST_WINDOW = 1024 * 1024;

/**
 * Reads local headers in the order of the file. Headers that lie close together come with one read; the data of large
 * members is stepped over.
 */
export class ZipWindow {
  readonly #bytes: ByteSource;
  readonly #members: readonly ZipMember[];
  readonly #end: number;
  #start = 0;
  #window: Buffer = Buffer.alloc(0);

  /** @param end where the directory begins: no header reaches beyond it. */
  constructor(bytes: ByteSource, members: readonly ZipMember[], end: number) {
    this.#bytes = bytes;
    this.#members = members;
    this.#end = end;
  }

  /** The local header of the member of this index, name and extra fields included. */
  async header(index: number): Promise<Buffer> {
    const member = this.#members[index];
    if (!member) throw new RangeError(`there is no member ${index}`);
    const fixed = await this.#at(member, HEADER, index);
    return this.#at(member, HEADER + fixed.readUInt16LE(26) + fixed.readUInt16LE(28), index);
  }

  async #at(member: ZipMember, length: number, index: number): Promise<Buffer> {
    if (member.offset + length > this.#end) {
      throw new ArchiveError(`the header of ${quoted(member.name)} reaches into the directory`);
    }
    const known = this.#start + this.#window.length;
    if (member.offset < this.#start || member.offset + length > known) {
      this.#start = member.offset;
      const wanted = Math.max(length, this.#reach(index));
      this.#window = await this.#bytes.read(member.offset, Math.min(wanted, this.#end - member.offset));
    }
    return this.#window.subarray(member.offset - this.#start, member.offset - this.#start + length);
  }

  /** How many bytes from a member's start to read, so that the headers of small members behind it come too. */
  #reach(index: number): number {
    const start = this.#members[index]?.offset ?? 0;
    let reach = 0;
    for (let at = index; at < this.#members.length; at += 1) {
      const member = this.#members[at];
      if (!member || member.offset - start + HEADER > LARGEST_WINDOW) break;
      reach = member.offset - start + HEADER + member.nameBytes.length + USUAL_EXTRA;
      if (member.packed > SMALL) break;
    }
    return reach;
  }
}
