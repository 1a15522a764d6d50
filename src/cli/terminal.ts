import type { Log } from '../core/ports.js';
import { printable, printableLines } from '../core/text/printable.js';
import type { Redactor } from '../core/text/redactor.js';
import type { ProgressView } from '../run/upload-progress.js';

/** Where text for people goes; `process.stderr` is one. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Milliseconds between two looks of the live line, and between two plain lines. */
const LIVE_EVERY = 100;
const LINE_EVERY = 5_000;
/** Back to the first column, and clear to the end of the line (ECMA-48). */
const CLEAR = '\r\x1b[K';

/**
 * The log of a terminal, with a live line of progress below it; plain lines where nobody watches. Only we write escape
 * sequences: what comes in is made safe and stripped of secrets first.
 */
export class Terminal implements Log {
  readonly #stream: TextStream;
  readonly #redactor: Redactor;
  readonly #verbose: boolean;
  #live = '';

  constructor(stream: TextStream, redactor: Redactor, verbose: boolean) {
    this.#stream = stream;
    this.#redactor = redactor;
    this.#verbose = verbose;
  }

  debug(message: string): void {
    if (this.#verbose) this.#line(`debug: ${message}`);
  }

  info(message: string): void {
    this.#line(message);
  }

  notice(message: string): void {
    this.#line(`note: ${message}`);
  }

  warning(message: string): void {
    this.#line(`warning: ${message}`);
  }

  error(message: string): void {
    this.#line(`error: ${message}`);
  }

  async group<T>(title: string, work: () => Promise<T>): Promise<T> {
    this.#line(title);
    return work();
  }

  /** How progress is shown here. */
  get progress(): ProgressView {
    if (!this.#stream.isTTY) return { every: LINE_EVERY, show: (text) => this.#line(text), end: () => {} };
    return { every: LIVE_EVERY, show: (text) => this.#show(text), end: () => this.#show('') };
  }

  #line(text: string): void {
    const below = this.#live;
    this.#show('');
    this.#stream.write(`${printableLines(this.#redactor.redact(text))}\n`);
    this.#show(below);
  }

  /** A line longer than the terminal would wrap, and could not be cleared as one. */
  #show(text: string): void {
    if (text === '' && this.#live === '') return;
    const fitting = printable(text).slice(0, (this.#stream.columns ?? 80) - 1);
    this.#stream.write(text === '' ? CLEAR : `${CLEAR}${fitting}`);
    this.#live = text;
  }
}
