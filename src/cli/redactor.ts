import type { Masker } from '../core/ports.js';

/** Shorter texts are no secrets, and hiding them would wreck every line. */
const SHORTEST = 4;

/** Outside a runner nobody hides secrets for us: it remembers them, and takes them out of every text. */
export class Redactor implements Masker {
  /** Longest first, so that no secret shows the rest of another that it is a part of. */
  #secrets: readonly string[] = [];

  mask(secret: string): void {
    const parts = [secret, ...secret.split(/[\r\n]+/)]
      .map((part) => part.trim())
      .filter((part) => part.length >= SHORTEST);
    this.#secrets = [...new Set([...this.#secrets, ...parts])].sort((a, b) => b.length - a.length);
  }

  redact(text: string): string {
    return this.#secrets.reduce((redacted, secret) => redacted.replaceAll(secret, '***'), text);
  }
}
