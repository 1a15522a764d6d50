import type { EventEmitter } from 'node:events';
import { fstatSync, writeFileSync } from 'node:fs';
import { codeOf } from '../../core/error-code.js';

/** A stream that a process writes to: `process.stdout` is one. */
export interface OutletStream extends EventEmitter {
  readonly fd?: number;
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string, done: (error?: unknown) => void): unknown;
}

/** What a stream says once nobody reads it any more: at once, and to whoever goes on writing. */
const GONE: readonly (string | undefined)[] = ['EPIPE', 'ERR_STREAM_DESTROYED'];

/**
 * A stream of the process that outlives its troubles: the work goes on, and `settled` tells whether everything was
 * written. A reader that left early, as `head` does, is no trouble.
 */
export class Outlet {
  readonly #stream: OutletStream;
  readonly #file: number | undefined;
  readonly #writing = new Set<Promise<void>>();
  /** Resolves with the first error: what is written after it may never be called back for. */
  readonly #broken: Promise<void>;
  #trouble: unknown;

  constructor(stream: OutletStream) {
    this.#stream = stream;
    this.#file = fileOf(stream);
    this.#broken = new Promise((resolve) => {
      stream.on('error', (error: unknown) => {
        this.#note(error);
        resolve();
      });
    });
  }

  get isTTY(): boolean {
    return this.#stream.isTTY ?? false;
  }

  get columns(): number | undefined {
    return this.#stream.columns;
  }

  write(text: string): void {
    if (this.#file !== undefined) this.#writeFile(this.#file, text);
    else {
      const writing = new Promise<void>((resolve) => {
        this.#stream.write(text, (error) => {
          this.#note(error);
          resolve();
        });
      }).finally(() => this.#writing.delete(writing));
      this.#writing.add(writing);
    }
  }

  /** What was in the way first, as far as it is known yet; `undefined` if nothing was. */
  get trouble(): unknown {
    return this.#trouble;
  }

  /** Waits until all that was written is out, or lost. @returns `trouble` */
  async settled(): Promise<unknown> {
    await Promise.race([Promise.all(this.#writing), this.#broken]);
    return this.#trouble;
  }

  /** Node's own stream of a file takes for done what a disk took a part of before it was full. */
  #writeFile(file: number, text: string): void {
    try {
      writeFileSync(file, Buffer.from(text));
    } catch (error) {
      this.#note(error);
    }
  }

  #note(error: unknown): void {
    if (error && !GONE.includes(codeOf(error))) this.#trouble ??= error;
  }
}

function fileOf({ fd }: OutletStream): number | undefined {
  try {
    return fd !== undefined && fstatSync(fd).isFile() ? fd : undefined;
  } catch {
    return undefined;
  }
}
