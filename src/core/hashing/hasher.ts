import type { ByteSource } from '../bytes.js';
import { unlessAborted } from '../cancellation.js';
import { type Digest, digestOfSource } from '../digest.js';
import { Lane } from '../lane.js';
import { HashingThread } from './hashing-thread.js';

/**
 * Bytes that are hashed in the main thread. Beyond, another thread pays: to start one costs as much processor time as
 * hashing some 50 MiB, and takes 40 to 80 ms.
 */
const HERE = 48 * 1024 * 1024;

export interface HasherOptions {
  /** In bytes, instead of the measured number. */
  readonly here?: number;
  /** Of the other thread, instead of the one beside the bundle. */
  readonly program?: URL | string;
}

/**
 * Digests of files, each hashed once however often it is asked for. Large ones in a thread of their own, which keeps the
 * main thread free for the wire; small ones here and meanwhile, so that the wire has something to do at once.
 */
export class Hasher {
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #thread: HashingThread;
  readonly #main = new Lane(1);
  readonly #beside = new Lane(1);
  readonly #digests = new WeakMap<ByteSource, Promise<Digest>>();
  /** Bytes that will yet be hashed here. */
  #left: number;

  constructor(signal: AbortSignal, options: HasherOptions = {}) {
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    this.#left = options.here ?? HERE;
    this.#thread = new HashingThread(this.#signal, options.program);
  }

  /** Takes a digest that was found while the bytes came in: they are not read for it again. */
  know(bytes: ByteSource, digest: Digest): void {
    this.#digests.set(bytes, Promise.resolve(digest));
  }

  /** Begins with files whose digests will be asked for. The largest come first: their uploads take longest. */
  begin(files: readonly ByteSource[]): void {
    for (const file of files.toSorted((one, other) => other.size - one.size)) void this.#digestOf(file);
  }

  /**
   * @param signal ends the wait, not the hashing
   * @throws UserError if the bytes have changed since they were first looked at; the signal's reason
   */
  async digestOf(bytes: ByteSource, signal: AbortSignal): Promise<Digest> {
    return unlessAborted(this.#digestOf(bytes), signal);
  }

  /** Stops whatever is still being hashed. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#thread.close();
  }

  #digestOf(bytes: ByteSource): Promise<Digest> {
    const known = this.#digests.get(bytes);
    if (known) return known;
    const digest = this.#hash(bytes);
    // Begun ahead, it may fail before anybody waits for it: whoever does is told.
    digest.catch(() => {});
    this.#digests.set(bytes, digest);
    return digest;
  }

  async #hash(bytes: ByteSource): Promise<Digest> {
    const { file, size } = bytes;
    const large = size > this.#left;
    if (!large) this.#left -= size;
    const digest = large && file ? await this.#beside.run(() => this.#thread.digestOf(file)) : undefined;
    return digest ?? this.#main.run(() => digestOfSource(bytes, this.#signal));
  }
}
