/** Holds back the end of a stream until all of it was seen, so that a reader never has the whole of something wrong. */
import { Transform, type TransformCallback } from 'node:stream';

/** Bytes that are held back. */
const HELD = 64 * 1024;

/**
 * The same bytes, of which the last 64 KiB come only after the source has ended well. A source that verifies its bytes
 * fails at its end if they are wrong: then the reader is left with a short answer.
 */
export class HeldBack extends Transform {
  #held: Buffer[] = [];
  #length = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#held.push(chunk);
    this.#length += chunk.length;
    while (this.#held[0] && this.#length - this.#held[0].length >= HELD) this.#release(this.#held[0].length);
    done();
  }

  override _flush(done: TransformCallback): void {
    while (this.#held[0]) this.#release(this.#held[0].length);
    done();
  }

  #release(length: number): void {
    const [first] = this.#held.splice(0, 1);
    this.#length -= length;
    this.push(first);
  }
}
