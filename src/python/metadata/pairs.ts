export type Pair = readonly [key: string, value: string];

/**
 * Texts by key in the order they came, the last of two with one key in its own place. No plain object, because that
 * would lose a key `__proto__` and move a key `2` to the front.
 */
export class PairList {
  readonly #values = new Map<string, string>();

  /** @returns whether another value gave way */
  put(key: string, value: string): boolean {
    const known = this.#values.delete(key);
    this.#values.set(key, value);
    return known;
  }

  list(): readonly Pair[] {
    return [...this.#values];
  }
}
