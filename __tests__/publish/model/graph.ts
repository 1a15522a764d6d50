import { Numbers } from './rows.js';

/** States and the steps between them, in the order in which states are opened. */
export class Graph {
  readonly #starts = new Numbers();
  readonly #targets = new Numbers();

  /** The steps of the next state: 0 first, then 1, and so on. */
  add(targets: Iterable<number>): void {
    this.#starts.push(this.#targets.length);
    for (const target of targets) this.#targets.push(target);
  }

  get states(): number {
    return this.#starts.length;
  }

  get steps(): number {
    return this.#targets.length;
  }

  /** How many states can never come to one without steps. Walks backwards from those. */
  get trapped(): number {
    const before = this.#reversed();
    const met = new Uint8Array(this.states);
    const stack: number[] = [];
    for (let state = 0; state < this.states; state += 1) {
      if (this.#from(state) === this.#from(state + 1)) stack.push(state);
    }
    for (const state of stack) met[state] = 1;
    let count = stack.length;
    for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
      for (let at = before.starts[state] ?? 0; at < (before.starts[state + 1] ?? 0); at += 1) {
        const earlier = before.sources[at] ?? 0;
        if (met[earlier]) continue;
        met[earlier] = 1;
        count += 1;
        stack.push(earlier);
      }
    }
    return this.states - count;
  }

  #from(state: number): number {
    return state < this.states ? this.#starts.at(state) : this.#targets.length;
  }

  #reversed(): { readonly starts: Uint32Array; readonly sources: Uint32Array } {
    const starts = new Uint32Array(this.states + 1);
    for (let at = 0; at < this.steps; at += 1) {
      const target = this.#targets.at(at) + 1;
      starts[target] = (starts[target] ?? 0) + 1;
    }
    for (let state = 0; state < this.states; state += 1) {
      starts[state + 1] = (starts[state + 1] ?? 0) + (starts[state] ?? 0);
    }
    const filled = starts.slice();
    const sources = new Uint32Array(this.steps);
    for (let state = 0; state < this.states; state += 1) {
      for (let at = this.#from(state); at < this.#from(state + 1); at += 1) {
        const target = this.#targets.at(at);
        const place = filled[target] ?? 0;
        sources[place] = state;
        filled[target] = place + 1;
      }
    }
    return { starts, sources };
  }
}
