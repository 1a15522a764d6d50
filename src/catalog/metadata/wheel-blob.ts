/** A wheel that lies in a repository, as bytes that can be read here and there: few requests, each for a good piece. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { RandomAccessReader } from 'yauzl';
import { UserError } from '../../core/errors.js';
import type { Descriptor } from '../../oci/descriptor.js';
import { RangeRefusedError } from '../../oci/errors.js';
import { partOf } from '../../oci/part.js';
import { isRanged, type ReadOptions, type Repository } from '../../oci/store.js';

/** Bytes of the end that are read first: a directory of some hundred members, and METADATA, which stands before it. */
const TAIL = 64 * 1024;
/** A piece is at least so long: a header and its data come together. */
const PIECE = 16 * 1024;

/** Bytes that are read in all. The largest directory seen has 1.8 MB, the largest METADATA 233 kB. */
const MOST = 16 * 1024 * 1024;

/** How often a piece is asked for whose connection breaks off in the middle. */
const ATTEMPTS = 3;

interface Piece {
  readonly start: number;
  readonly length: number;
  readonly bytes: Promise<Buffer>;
}

/**
 * Reads a ZIP archive in a repository for yauzl. Pieces that were read are kept. One that goes on where another ended is
 * twice as long, so that a long directory takes few requests. Where parts are refused, the wheel is read up to each piece.
 */
export class WheelBlob extends RandomAccessReader {
  readonly #repository: Repository;
  readonly #blob: Descriptor;
  readonly #options: ReadOptions;
  readonly #pieces: Piece[] = [];
  #inParts = true;

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

  /** Fewer bytes where the blob ends. */
  async #at(position: number, length: number): Promise<Buffer> {
    if (position < 0 || position >= this.#blob.size) return Buffer.alloc(0);
    const end = Math.min(position + length, this.#blob.size);
    const known = this.#pieces.find((piece) => piece.start <= position && end <= piece.start + piece.length);
    const { start, bytes } = known ?? this.#fetch(position, end);
    return (await bytes).subarray(position - start, end - start);
  }

  #fetch(position: number, end: number): Piece {
    const { size, digest } = this.#blob;
    const tail = Math.max(0, size - TAIL);
    const before = this.#pieces.find(({ start, length }) => start <= position && position <= start + length);
    const start = Math.min(position, tail);
    const reach = before ? 2 * before.length : PIECE;
    // Not into the tail, which is there already, unless what is wanted lies across its beginning.
    const stop = position >= tail ? size : Math.max(end, Math.min(start + reach, tail));
    const length = stop - start;
    if (this.#pieces.reduce((sum, piece) => sum + piece.length, length) > MOST) {
      throw new UserError(`Cannot read the directory of ${digest}: it takes more than ${MOST} bytes of the file`);
    }
    const piece = { start, length, bytes: this.#read(start, length) };
    this.#pieces.push(piece);
    return piece;
  }

  /** What breaks off is read again, as the whole of a small answer would be. */
  async #read(skip: number, length: number): Promise<Buffer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await buffer(await this.#open(skip, length));
      } catch (error) {
        this.#options.signal?.throwIfAborted();
        if (error instanceof UserError) throw error;
        if (attempt === ATTEMPTS) {
          const place = `bytes ${skip} to ${skip + length - 1} of ${this.#blob.digest}`;
          throw new UserError(`Cannot read ${place}: the connection broke off ${ATTEMPTS} times`, { cause: error });
        }
      }
    }
  }

  async #open(skip: number, length: number): Promise<Readable> {
    const [repository, blob, options] = [this.#repository, this.#blob, this.#options];
    if (this.#inParts && isRanged(repository)) {
      try {
        return await repository.openBlobRange(blob, { first: skip, last: skip + length - 1 }, options);
      } catch (error) {
        if (!(error instanceof RangeRefusedError)) throw error;
        this.#inParts = false;
      }
    }
    return partOf(await repository.openBlob(blob, options), { skip, length }, blob.digest, options);
  }
}
