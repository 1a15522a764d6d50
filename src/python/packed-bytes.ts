import { isZipForPython, LOOKED_AT } from './zip-lookalike.js';

/** The bit of a gzip header's flags that says so. */
const HEADER_CHECKSUM = 0x02;

/** What counts of a gzip file besides what it unpacks to, noted while its bytes go by once. */
export class PackedBytes {
  readonly #tail: Buffer[] = [];
  #kept = 0;
  #seen = 0;
  #head: Buffer = Buffer.alloc(0);

  /** @param piece is kept: its memory must not serve again */
  add(piece: Buffer): void {
    this.#seen += piece.length;
    if (this.#head.length < 4) this.#head = Buffer.concat([this.#head, piece.subarray(0, 4)]);
    this.#tail.push(piece);
    this.#kept += piece.length;
    for (let first = this.#tail[0]; first && this.#kept - first.length >= LOOKED_AT; first = this.#tail[0]) {
      this.#tail.shift();
      this.#kept -= first.length;
    }
  }

  /** Whether the header carries a checksum of itself, `FHCRC` in RFC 1952. */
  get hasHeaderChecksum(): boolean {
    return ((this.#head[3] ?? 0) & HEADER_CHECKSUM) !== 0;
  }

  /** @param size of the whole file, whose bytes that did not go by are zero */
  isZipForPython(size: number): boolean {
    const zeros = Buffer.alloc(Math.min(LOOKED_AT, Math.max(0, size - this.#seen)));
    return isZipForPython(Buffer.concat([...this.#tail, zeros]).subarray(-LOOKED_AT));
  }
}
