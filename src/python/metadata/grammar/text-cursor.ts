/** A place in a text that a grammar is being read from. */
export class TextCursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** What `pattern` matches here, which is then read. @param pattern sticky, so that nothing is skipped */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  /** Blanks as the grammar of requirements has them: no line ends and no other white space. */
  skipBlanks(): void {
    this.take(/[\t ]*/y);
  }

  /** The character here, empty at the end. */
  get next(): string {
    return this.#text.charAt(this.#at);
  }

  /** All that is left, not read by this. */
  get rest(): string {
    return this.#text.slice(this.#at);
  }
}
