import type { Clock } from '../../src/core/ports.js';

/**
 * One time for many workers that sleep and work in turn: it goes on as soon as all of them sleep, to where the first one
 * wakes. What they do in between takes no time.
 */
export class SharedClock implements Clock {
  #now = 0;
  #workers = 0;
  #sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  /** Runs all of them to their ends; each may be in one sleep at a time. */
  async run<T>(workers: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
    this.#workers += workers.length;
    return Promise.all(
      workers.map(async (work) => {
        try {
          return await work();
        } finally {
          this.#workers -= 1;
          this.#advance();
        }
      }),
    );
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#sleepers.push({ at: this.#now + Math.max(0, milliseconds), wake: resolve });
      this.#advance();
    });
  }

  #advance(): void {
    if (this.#workers === 0 || this.#sleepers.length < this.#workers) return;
    this.#now = Math.min(...this.#sleepers.map(({ at }) => at));
    const due = this.#sleepers.filter(({ at }) => at <= this.#now);
    this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#now);
    for (const { wake } of due) wake();
  }
}
