/** Gives equal values one small number, so that a world is a handful of numbers and a step is computed once. */
export class Interned<T> {
  readonly values: T[] = [];
  readonly #keyOf: (value: T) => string;
  readonly #ids = new Map<string, number>();

  constructor(keyOf: (value: T) => string) {
    this.#keyOf = keyOf;
  }

  idOf(value: T): number {
    const key = this.#keyOf(value);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#ids.set(key, this.values.length);
    this.values.push(value);
    return this.values.length - 1;
  }

  valueOf(id: number): T {
    const value = this.values[id];
    if (value === undefined) throw new RangeError(`no value has the number ${id}`);
    return value;
  }
}
