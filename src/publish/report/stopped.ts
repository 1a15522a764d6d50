import { explain, UserError } from '../../core/errors.js';
import { UnconfirmedError } from '../../release/merge/merge-errors.js';
import type { FailedVersion, Outcome, VersionOutcome } from './outcome.js';

/** Somebody stopped the run. Its message says what was published by then, and what was not. */
export class StoppedError extends UserError {
  override readonly name = 'StoppedError';
  readonly #reason: unknown;

  /**
   * @param reason of the signal that stopped it
   * @param outcome what it came to; `undefined` if it had not begun to publish
   */
  constructor(reason: unknown, outcome: Outcome | undefined) {
    const hint = reason instanceof UserError ? reason.hint : undefined;
    super(`${explain(reason)}; ${sumOf(outcome?.versions ?? [])}`, { hint });
    this.#reason = reason;
  }

  /** Whether a version failed for nothing but this, so that there is no more to tell of it. */
  covers({ error }: FailedVersion): boolean {
    return error === this.#reason || error.cause === this.#reason;
  }
}

function sumOf(versions: readonly VersionOutcome[]): string {
  const unknown = versions.filter((version) => !version.ok && version.error instanceof UnconfirmedError);
  const groups = [
    ['published', versions.filter(({ ok }) => ok)],
    ['not known', unknown],
    ['not published', versions.filter((version) => !version.ok && !unknown.includes(version))],
  ] as const;
  if (groups[0][1].length + unknown.length === 0) return 'nothing was published';
  const told = groups.filter(([, members]) => members.length);
  return told.map(([what, members]) => `${what}: ${members.map(named).join(', ')}`).join('; ');
}

function named({ name, version }: VersionOutcome): string {
  return `${name} ${version}`;
}
