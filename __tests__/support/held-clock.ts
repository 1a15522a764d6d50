import type { Clock } from '../../src/core/ports.js';

/** A clock on which nobody wakes by himself: whoever sleeps is let go by the test, or by his signal. */
export class HeldClock implements Clock {
  readonly #sleepers = new Set<{ readonly milliseconds: number; readonly wake: () => void }>();
  #now = 1_000_000;

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const gone = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', gone);
        resolve();
      };
      const sleeper = { milliseconds, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', gone, { once: true });
    });
  }

  /** How long each of those who sleep now wants to. */
  get asleep(): readonly number[] {
    return [...this.#sleepers].map(({ milliseconds }) => milliseconds);
  }

  /** Wakes whoever wanted to sleep for so long. Tells whether anybody did. */
  wake(milliseconds: number): boolean {
    const woken = [...this.#sleepers].filter((sleeper) => sleeper.milliseconds === milliseconds);
    this.#now += milliseconds;
    for (const sleeper of woken) {
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
    return woken.length > 0;
  }
}
