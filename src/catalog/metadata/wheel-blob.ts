/** A wheel that lies in a repository, as bytes that can be read here and there: few requests, each for a good piece. */

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { RandomAccessReader } from 'yauzl';
import type { Descriptor } from '../../oci/descriptor.js';
import { partOf } from '../../oci/part.js';
import { isRanged, type ReadOptions, type Repository } from '../../oci/store.js';

/** Bytes of the end that are read first: a directory of some hundred members, and METADATA, which stands before it. */
const TAIL = 64 * 1024;
/** A piece is at least so long: a header and its data come together. */
const PIECE = 16 * 1024;

/** Reads a ZIP archive in a repository for yauzl. Pieces that were read are kept, as they are few. */
export class WheelBlob extends RandomAccessReader {
  readonly #repository: Repository;
  readonly #blob: Descriptor;
  readonly #options: ReadOptions;
  readonly #pieces: { readonly start: number; readonly bytes: Promise<Buffer>; readonly length: number }[] = [];

  constructor(repository: Repository, blob: Descriptor, options: ReadOptions) {
    super();
    this.#repository = repository;
    this.#blob = blob;
    this.#options = options;
  }

  override read(
    target: Buffer,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, read?: number) => void,
  ): void {
    this.#at(position, length).then(
      (bytes) => done(null, bytes.copy(target, offset)),
      (error: Error) => done(error),
    );
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const at = this.#at.bind(this);
    const chunks = async function* (): AsyncGenerator<Buffer> {
      for (let from = start; from < end; from += TAIL) yield await at(from, Math.min(TAIL, end - from));
    };
    return Readable.from(chunks(), { objectMode: false });
  }

  async #at(position: number, length: number): Promise<Buffer> {
    const end = position + length;
    const known = this.#pieces.find((piece) => piece.start <= position && end <= piece.start + piece.length);
    const piece = known ?? this.#fetch(position, end);
    const bytes = await piece.bytes;
    return bytes.subarray(position - piece.start, end - piece.start);
  }

  #fetch(position: number, end: number) {
    const { size } = this.#blob;
    const tail = Math.max(0, size - TAIL);
    const start = position >= tail ? tail : position;
    const stop = Math.min(size, Math.max(end, start + (start === tail ? TAIL : PIECE)));
    const piece = { start, length: stop - start, bytes: this.#read(start, stop - 1) };
    this.#pieces.push(piece);
    return piece;
  }

  async #read(first: number, last: number): Promise<Buffer> {
    const repository = this.#repository;
    const place = { skip: first, length: last - first + 1 };
    const stream = isRanged(repository)
      ? await repository.openBlobRange(this.#blob, { first, last }, this.#options)
      : partOf(await repository.openBlob(this.#blob, this.#options), place, this.#blob.digest, this.#options);
    return buffer(stream);
  }
}
