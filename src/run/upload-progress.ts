import type { Clock, TransferProgress } from '../core/ports.js';
import { sizeText } from '../core/text/size.js';

export interface ProgressView {
  /** The least time between two texts, and before the first, in milliseconds. */
  readonly every: number;
  /** Shows how far the uploads are, in place of what was shown before or below it. */
  show(text: string): void;
  /** Nothing more will come. */
  end(): void;
}

/**
 * Adds up what is on the wire and tells it now and then. Driven by the bytes themselves, without a timer, so that it
 * keeps no process alive.
 */
export class UploadProgress implements TransferProgress {
  readonly #clock: Clock;
  readonly #view: ProgressView;
  readonly #sent = new Map<string, number>();
  #started = 0;
  #shown = 0;
  #total = { files: 0, bytes: 0 };
  #done = { files: 0, bytes: 0 };
  /** Everything that went out, bytes of broken attempts included: what the rate is made of. */
  #wire = 0;

  constructor(clock: Clock, view: ProgressView) {
    this.#clock = clock;
    this.#view = view;
  }

  start(files: number, bytes: number): void {
    this.#started = this.#clock.now();
    this.#shown = this.#started;
    this.#total = { files, bytes };
  }

  more(files: number, bytes: number): void {
    this.#total = { files: this.#total.files + files, bytes: this.#total.bytes + bytes };
  }

  sent(file: string, sent: number): void {
    this.#wire += Math.max(0, sent - (this.#sent.get(file) ?? 0));
    this.#sent.set(file, sent);
    this.#tell();
  }

  done(file: string, size: number): void {
    this.#sent.delete(file);
    this.#done = { files: this.#done.files + 1, bytes: this.#done.bytes + size };
    this.#tell();
  }

  end(): void {
    this.#view.end();
  }

  #tell(): void {
    const now = this.#clock.now();
    if (now - this.#shown < this.#view.every) return;
    this.#shown = now;
    this.#view.show(this.#text(now - this.#started));
  }

  #text(elapsed: number): string {
    const under = [...this.#sent.values()].reduce((sum, sent) => sum + sent, 0);
    const bytes = Math.min(this.#done.bytes + under, this.#total.bytes);
    const share = this.#total.bytes === 0 ? 100 : Math.floor((100 * bytes) / this.#total.bytes);
    const rate = elapsed > 0 ? `, ${sizeText(Math.round((this.#wire * 1_000) / elapsed))}/s` : '';
    return `${sizeText(bytes)} of ${sizeText(this.#total.bytes)} (${share}%), ${this.#done.files} of ${this.#total.files} files${rate}`;
  }
}
