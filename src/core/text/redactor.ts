import type { Masker } from '../ports.js';

/** Shorter texts are no secrets, and hiding them would wreck every line. */
const SHORTEST = 4;

/**
 * Remembers secrets and takes them out of texts, for where no runner hides them: on terminals, and in texts that are cut
 * before a runner sees them, which knows secrets as a whole only.
 */
export class Redactor implements Masker {
  /** Longest first, so that no secret shows the rest of another that it is a part of. */
  #secrets: readonly string[] = [];
  readonly #shortest: number;

  /** @param shortest what has fewer characters is not hidden */
  constructor(shortest = SHORTEST) {
    this.#shortest = shortest;
  }

  mask(secret: string): void {
    const parts = [secret, ...secret.split(/[\r\n]+/)]
      .map((part) => part.trim())
      .filter((part) => part.length >= this.#shortest)
      .flatMap((part) => [part, JSON.stringify(part).slice(1, -1)]);
    this.#secrets = [...new Set([...this.#secrets, ...parts])].sort((a, b) => b.length - a.length);
  }

  redact(text: string): string {
    return this.#secrets.reduce((redacted, secret) => redacted.replaceAll(secret, '***'), text);
  }
}
