/** Runs at most so many pieces of work at a time, the others wait in the order they came. */
export class Lane {
  readonly #width: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param width at least 1 */
  constructor(width: number) {
    this.#width = Math.max(1, width);
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#width) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      // The place goes straight to whoever waits longest, so the count stays as it is.
      const heir = this.#waiting.shift();
      if (heir) heir();
      else this.#running -= 1;
    }
  }
}
