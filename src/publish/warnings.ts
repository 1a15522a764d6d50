import type { Log } from '../core/ports.js';

/** Warnings of a run, each said once, kept for the summary. */
export class Warnings {
  readonly #log: Log;
  readonly #said = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  say(message: string): void {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.#log.warning(message);
  }

  list(): readonly string[] {
    return [...this.#said];
  }
}
