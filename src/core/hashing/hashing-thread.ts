import { Worker } from 'node:worker_threads';
import { checkUnchanged, type FileState } from '../bytes.js';
import { type Digest, digestFromHex } from '../digest.js';

/**
 * Hashes files beside the main thread, which is busy moving bytes to sockets. The thread starts when it is first asked;
 * one file at a time. Its program is a file of its own, since one inside a string is neither checked nor readable; the
 * bundler sees its address and puts it beside the bundle, named after its content.
 */
export class HashingThread {
  readonly #program: URL | string | undefined;
  readonly #signal: AbortSignal;
  #worker: Worker | undefined;
  #unable = false;
  #settle: (answer: unknown) => void = () => {};

  constructor(signal: AbortSignal, program: URL | string | undefined) {
    this.#signal = signal;
    this.#program = program;
  }

  /**
   * @returns `undefined` if no thread can be had here, or it cannot read the file: whoever asks hashes it himself
   * @throws UserError if the file was changed since it was first looked at; the signal's reason
   */
  async digestOf(file: FileState): Promise<Digest | undefined> {
    this.#signal.throwIfAborted();
    const hex = await this.#ask(file.path);
    this.#signal.throwIfAborted();
    if (typeof hex !== 'string') return undefined;
    await checkUnchanged(file);
    return digestFromHex(hex);
  }

  /** Ends the thread, in the middle of a file if need be. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  async #ask(path: string): Promise<unknown> {
    const worker = this.#started();
    if (!worker) return undefined;
    const stop = (): void => void worker.terminate();
    this.#signal.addEventListener('abort', stop, { once: true });
    try {
      return await new Promise<unknown>((resolve) => {
        this.#settle = resolve;
        worker.postMessage(path);
      });
    } finally {
      this.#signal.removeEventListener('abort', stop);
    }
  }

  /** A thread that fails or ends is not tried again. */
  #started(): Worker | undefined {
    if (this.#worker || this.#unable) return this.#worker;
    const gone = (): void => {
      this.#unable = true;
      this.#worker = undefined;
      this.#settle(undefined);
    };
    try {
      this.#worker = new Worker(this.#program ?? new URL('./hashing-thread-main.js', import.meta.url))
        .on('message', (answer) => this.#settle(answer))
        .on('error', gone)
        .on('exit', gone);
    } catch {
      gone();
    }
    return this.#worker;
  }
}
