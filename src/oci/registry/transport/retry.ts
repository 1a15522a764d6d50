/** How long we keep trying. Times in milliseconds. */
export interface Patience {
  /** Tries of one step, the first one included. */
  readonly attempts: number;
  /** Upper bound of the first wait; it doubles with every try. */
  readonly firstDelay: number;
  readonly longestDelay: number;
  /** A registry that asks to wait longer than this is not waited for. */
  readonly longestRetryAfter: number;
  /** Waiting that one step may take, and all steps of a run together. */
  readonly stepBudget: number;
  readonly totalBudget: number;
  /** Without a byte in either direction. A registry may look for long before it answers, but not forever. */
  readonly silence: number;
  /** The same after the bytes of a blob: it may move gigabytes from one place to another before it answers. */
  readonly silenceAfterBlob: number;
  /**
   * For the head of an answer beyond `silence`, and again for its body: bytes that come one by one are no silence. The
   * body of a blob takes as long as it takes.
   */
  readonly longestAnswer: number;
}

export const PATIENCE: Patience = {
  attempts: 6,
  firstDelay: 500,
  longestDelay: 20_000,
  longestRetryAfter: 90_000,
  stepBudget: 180_000,
  totalBudget: 900_000,
  silence: 60_000,
  silenceAfterBlob: 300_000,
  longestAnswer: 120_000,
};

/** Where a step stands after a failure that may pass. Times in milliseconds. */
export interface Tries {
  /** Tries so far. */
  readonly attempt: number;
  readonly waitedForStep: number;
  readonly waitedInAll: number;
  /** What the answer asked for; `undefined` if it said nothing or there was no answer. */
  readonly retryAfter: number | undefined;
}

/** Statuses behind which the same request may pass later. */
export function isTemporary(status: number): boolean {
  return [408, 429, 500, 502, 503, 504].includes(status);
}

/**
 * How long to wait before the next try, or `undefined` to give up. Exponential with full jitter: any wait from 0 to the
 * bound, so that publishers that failed together do not come back together. On top of what the registry asked for.
 * @param chance in [0, 1)
 */
export function delayBeforeRetry(standing: Tries, chance: number, patience: Patience): number | undefined {
  const { attempt, waitedForStep, waitedInAll, retryAfter = 0 } = standing;
  if (attempt >= patience.attempts || retryAfter > patience.longestRetryAfter) return undefined;
  const bound = Math.min(patience.longestDelay, patience.firstDelay * 2 ** (attempt - 1));
  const delay = Math.round(retryAfter + chance * bound);
  if (waitedForStep + delay > patience.stepBudget || waitedInAll + delay > patience.totalBudget) return undefined;
  return delay;
}

/**
 * `Retry-After` in milliseconds from `now`, given as seconds or as a date; `undefined` if it is neither. A date that
 * has passed means at once.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  // Only the form that HTTP has: Date.parse also takes "2" or "in 5 minutes" for a date.
  const date = /^[A-Z][a-z]{2,8}, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
