/** Part of a stream: so many bytes after so many, and a failure if they do not come. */
import { addAbortSignal, Readable } from 'node:stream';
import { anySignal } from '../core/cancellation.js';
import { UserError } from '../core/errors.js';
import type { ReadOptions } from './store.js';

/** Where a part lies in its source, in bytes. */
export interface Place {
  /** Passed over first. */
  readonly skip: number;
  readonly length: number;
}

/**
 * `length` bytes of `source`, after the first `skip`. Then the source is closed, whatever is left in it.
 * The stream fails if the source ends before, or fails, or the signal aborts; it never just ends short.
 * @param what of which it is a part, for errors
 */
export function partOf(source: Readable, { skip, length }: Place, what: string, { signal }: ReadOptions): Readable {
  const part = new Part(source, skip, length, what);
  if (signal) addAbortSignal(anySignal(signal, undefined), part);
  return part;
}

class Part extends Readable {
  readonly #source: Readable;
  #toSkip: number;
  #left: number;

  constructor(source: Readable, skip: number, length: number, what: string) {
    super();
    this.#source = source;
    this.#toSkip = skip;
    this.#left = length;
    source.on('data', (chunk: Buffer) => this.#take(chunk));
    source.on('error', (error) => this.destroy(error));
    source.on('close', () => {
      if (this.#left === 0 || this.destroyed) return;
      this.destroy(new UserError(`Cannot read ${what}: it ended ${this.#left} bytes too early`));
    });
    if (length === 0) this.#end();
    source.pause();
  }

  override _read(): void {
    this.#source.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#source.destroy();
    done(error);
  }

  #take(chunk: Buffer): void {
    if (this.#left === 0) return;
    const passed = Math.min(this.#toSkip, chunk.length);
    this.#toSkip -= passed;
    const taken = chunk.subarray(passed, passed + this.#left);
    if (taken.length === 0) return;
    this.#left -= taken.length;
    if (!this.push(taken)) this.#source.pause();
    if (this.#left === 0) this.#end();
  }

  #end(): void {
    this.push(null);
    this.#source.destroy();
  }
}
