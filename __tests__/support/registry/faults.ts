import type { Answer } from './exchange.js';

/**
 * Where a connection is cut: before anything is read (`request`), in the middle of what the client sends (`upload`),
 * after the request took effect but before its answer (`answer`), in the middle of what the client gets (`download`).
 */
export type Cut = 'request' | 'upload' | 'answer' | 'download';

export type Effect =
  /** `applied`: the request takes effect all the same, as when a gateway gives up on a registry that goes on. */
  | { readonly kind: 'refuse'; readonly answer: Answer; readonly applied: boolean }
  | { readonly kind: 'cut'; readonly where: Cut }
  /** `answer`: never answered. `download`: half of the body, then silence. */
  | { readonly kind: 'stall'; readonly where: 'answer' | 'download' }
  | { readonly kind: 'alter'; readonly change: (answer: Answer) => Answer }
  | { readonly kind: 'before' | 'after'; readonly act: () => void | Promise<void> };

interface Fault {
  readonly method: string;
  readonly path: RegExp;
  readonly effect: Effect;
  left: number;
}

/** One-fault switches: each breaks the next matching request (or the next few) and then is spent. */
export class Faults {
  readonly #waiting: Fault[] = [];

  set(method: string, path: RegExp, effect: Effect, times = 1): void {
    this.#waiting.push({ method, path, effect, left: times });
  }

  /** The first fault, in the order they were set, that this request meets. */
  take(method: string, path: string): Effect | undefined {
    const fault = this.#waiting.find((each) => each.left > 0 && each.method === method && each.path.test(path));
    if (fault) fault.left -= 1;
    return fault?.effect;
  }

  /** Faults that no request met: a test that set one of these proved nothing. */
  get unmet(): readonly string[] {
    return this.#waiting.filter(({ left }) => left > 0).map(({ method, path }) => `${method} ${path}`);
  }
}
