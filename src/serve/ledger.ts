/** Keeps account of what was served, and tells each failure and each redirected name once. */
import type { OnEvent, ServeFailure, ServeReport, Uploaded } from './event.js';

/** Names of each kind that are kept: whoever asks for more is no installer. */
const MOST_NAMES = 10_000;

export class Ledger {
  readonly #onEvent: OnEvent;
  readonly #served = new Map<string, { files: number; bytes: number }>();
  readonly #redirected = new Set<string>();
  readonly #failures = new Map<string, ServeFailure>();

  constructor(onEvent: OnEvent) {
    this.#onEvent = onEvent;
  }

  served(project: string, bytes: number): void {
    const entry = this.#served.get(project) ?? { files: 0, bytes: 0 };
    this.#served.set(project, { files: entry.files + 1, bytes: entry.bytes + bytes });
  }

  uploaded(file: string, { image, status }: Pick<Uploaded, 'image' | 'status'>): void {
    this.#onEvent({ kind: 'uploaded', file, image, status });
  }

  redirected(project: string): void {
    if (this.#redirected.has(project) || this.#redirected.size >= MOST_NAMES) return;
    this.#redirected.add(project);
    this.#onEvent({ kind: 'redirected', project });
  }

  failed(failure: ServeFailure): void {
    const key = `${failure.project}: ${failure.message}`;
    if (this.#failures.has(key) || this.#failures.size >= MOST_NAMES) return;
    this.#failures.set(key, failure);
    this.#onEvent({ kind: 'failed', ...failure });
  }

  get report(): ServeReport {
    return {
      served: [...this.#served].map(([project, sums]) => ({ project, ...sums })),
      redirected: [...this.#redirected].sort(),
      failures: [...this.#failures.values()],
    };
  }
}
