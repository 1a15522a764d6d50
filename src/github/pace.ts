import type { Clock } from '../core/ports.js';

/** Lets at most so many begin within any span of time; the others wait in the order they came. */
export class Pace {
  readonly #most: number;
  readonly #span: number;
  readonly #clock: Clock;
  /** When the last of them began, in milliseconds since the epoch; the oldest first. */
  readonly #begun: number[] = [];

  /** @param span in milliseconds */
  constructor(most: number, span: number, clock: Clock) {
    this.#most = most;
    this.#span = span;
    this.#clock = clock;
  }

  /** Resolves when it is one's turn. @throws the signal's reason */
  async turn(signal: AbortSignal | undefined): Promise<void> {
    const now = this.#clock.now();
    const oldest = this.#begun.length < this.#most ? undefined : this.#begun.shift();
    const begins = oldest === undefined ? now : Math.max(now, oldest + this.#span);
    // Taken at once, so that whoever comes next counts it.
    this.#begun.push(begins);
    if (begins > now) await this.#clock.sleep(begins - now, signal);
  }
}
