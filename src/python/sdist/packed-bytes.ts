import { isZipForPython, LOOKED_AT } from './zip-lookalike.js';

/** As much of the beginning as a member without data has: header, an empty block, checksum and size. */
const HEAD = 20;
const EMPTY = Buffer.from('03000000000000000000', 'hex');
/** The bit of a gzip header's flags that says so. */
const HEADER_CHECKSUM = 0x02;

/** What counts of a gzip file besides what it unpacks to, noted while its bytes go by once. */
export class PackedBytes {
  readonly #tail: Buffer[] = [];
  #kept = 0;
  #seen = 0;
  #several = false;
  #head: Buffer = Buffer.alloc(0);

  /** @param piece is kept: its memory must not serve again */
  add(piece: Buffer): void {
    this.#seen += piece.length;
    if (this.#head.length < HEAD) this.#head = Buffer.concat([this.#head, piece]).subarray(0, HEAD);
    this.#tail.push(piece);
    this.#kept += piece.length;
    for (let first = this.#tail[0]; first && this.#kept - first.length >= LOOKED_AT; first = this.#tail[0]) {
      this.#tail.shift();
      this.#kept -= first.length;
    }
  }

  /** Whether it is several gzip members in a row: the size in the last is not that of all, or the first has no data. */
  get hasSeveralMembers(): boolean {
    return this.#several;
  }

  /** Whether the header carries a checksum of itself, `FHCRC` in RFC 1952. */
  get hasHeaderChecksum(): boolean {
    return ((this.#head[3] ?? 0) & HEADER_CHECKSUM) !== 0;
  }

  /**
   * To be told when all is unpacked.
   *
   * @param end where the last member ends
   * @param unpacked bytes that all of them unpack to
   */
  finish(end: number, unpacked: number): void {
    const tail = Buffer.concat(this.#tail);
    const size = tail.subarray(0, Math.max(0, end - this.#seen + tail.length)).subarray(-4);
    const differs = size.length === 4 && size.readUInt32LE(0) !== unpacked % 2 ** 32;
    this.#several = differs || this.#head.subarray(-EMPTY.length).equals(EMPTY);
  }

  /** @param size of the whole file, whose bytes that did not go by are zero */
  isZipForPython(size: number): boolean {
    const zeros = Buffer.alloc(Math.min(LOOKED_AT, Math.max(0, size - this.#seen)));
    return isZipForPython(Buffer.concat([...this.#tail, zeros]).subarray(-LOOKED_AT));
  }
}
