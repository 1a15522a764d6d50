/** Kept here, as jest hands out globals one by one: looked up for each cell, they would cost more than all the rest. */
const { imul } = Math;

/** A growing set of rows of small numbers, each with its place; exact, and compact enough for tens of millions. */
export class Rows {
  readonly #width: number;
  #cells: Uint16Array;
  /** Open addressing: place of a row plus one, 0 where nothing is. */
  #table = new Uint32Array(1 << 12);
  #count = 0;

  constructor(width: number) {
    this.#width = width;
    this.#cells = new Uint16Array(width << 10);
  }

  get count(): number {
    return this.#count;
  }

  /** The place of the row, counted from 0: a new one if it was not there. @throws RangeError above 65,535 */
  add(row: readonly number[]): number {
    if (this.#count * 2 >= this.#table.length) this.#rehash();
    const at = this.#slotOf(row);
    const found = this.#table[at] ?? 0;
    if (found > 0) return found - 1;
    const start = this.#count * this.#width;
    if (start + this.#width > this.#cells.length) this.#cells = grown(this.#cells);
    row.forEach((cell, column) => {
      if (cell > 0xffff) throw new RangeError('a row holds numbers up to 65,535 only');
      this.#cells[start + column] = cell;
    });
    this.#count += 1;
    this.#table[at] = this.#count;
    return this.#count - 1;
  }

  read(place: number): number[] {
    const row: number[] = [];
    const start = place * this.#width;
    for (let column = 0; column < this.#width; column += 1) row.push(this.#cells[start + column] ?? 0);
    return row;
  }

  #slotOf(row: readonly number[]): number {
    const mask = this.#table.length - 1;
    for (let at = hash(row) & mask; ; at = (at + 1) & mask) {
      const place = (this.#table[at] ?? 0) - 1;
      if (place < 0 || this.#equals(place, row)) return at;
    }
  }

  #equals(place: number, row: readonly number[]): boolean {
    const start = place * this.#width;
    for (let column = 0; column < this.#width; column += 1) {
      if (this.#cells[start + column] !== row[column]) return false;
    }
    return true;
  }

  #rehash(): void {
    this.#table = new Uint32Array(this.#table.length * 2);
    for (let place = 0; place < this.#count; place += 1) this.#table[this.#slotOf(this.read(place))] = place + 1;
  }
}

/** A growing list of numbers below 2^32. */
export class Numbers {
  #cells = new Uint32Array(1 << 10);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#cells.length) {
      const larger = new Uint32Array(this.#cells.length * 2);
      larger.set(this.#cells);
      this.#cells = larger;
    }
    this.#cells[this.#length] = value;
    this.#length += 1;
  }

  at(place: number): number {
    const value = place < this.#length ? this.#cells[place] : undefined;
    if (value === undefined) throw new RangeError(`the list has no place ${place}`);
    return value;
  }
}

function grown(cells: Uint16Array): Uint16Array {
  const larger = new Uint16Array(cells.length * 2);
  larger.set(cells);
  return larger;
}

/** FNV-1a over the cells, mixed once more at the end. */
function hash(row: readonly number[]): number {
  let sum = 0x811c9dc5;
  for (const cell of row) sum = imul(sum ^ cell, 0x01000193);
  sum ^= sum >>> 15;
  return imul(sum, 0x2c1b3c6d) >>> 0;
}
