import type { Log } from '../../../core/ports.js';

/** A registry has nothing to say that needs more. */
const MOST = 10;

/**
 * What a registry wants its users to know (a pending removal, a full quota): shown once each, never acted upon.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#warnings
 */
export class RegistryWarnings {
  readonly #log: Log;
  readonly #shown = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** @param header the `Warning` header, several of them joined with commas */
  show(header: string | undefined, host: string): void {
    for (const text of parseWarnings(header)) {
      if (this.#shown.has(text) || this.#shown.size >= MOST) continue;
      this.#shown.add(text);
      this.#log.warning(`${host} says: ${text}`);
    }
  }
}

/** The texts with code 299 and no agent, which is all the spec allows. */
export function parseWarnings(header: string | undefined): readonly string[] {
  const found = (header ?? '').matchAll(/(?:^|,)\s*299 - "((?:[^"\\]|\\.)*)"/g);
  return [...found].map(([, text = '']) => text.replace(/\\(.)/g, '$1').trim()).filter(Boolean);
}
