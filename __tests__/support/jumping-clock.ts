import type { Clock } from '../../src/core/ports.js';

/** As long as anybody really sleeps, in milliseconds: enough for others to get on. */
const NAP = 10;

/** Real time, but nobody waits for long: whoever sleeps jumps to the time at which he would have woken. */
export class JumpingClock implements Clock {
  #ahead = 0;

  now(): number {
    return Date.now() + this.#ahead;
  }

  /** Milliseconds that were slept through, where sleeps that overlap count once. */
  get jumped(): number {
    return this.#ahead;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const end = this.now() + milliseconds;
    await new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds, NAP)));
    signal?.throwIfAborted();
    this.#ahead += Math.max(0, end - this.now());
  }
}
