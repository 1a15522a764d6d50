import { UserError } from '../../core/errors.js';
import type { Clock } from '../../core/ports.js';

/**
 * Milliseconds that a write under way has left to come to its answer, and to be read back, once the run is told to stop.
 * A runner kills after 10 s, but a person who presses Ctrl-C waits for no more than this.
 */
export const GRACE = 1_500;

/** Aborts `GRACE` after `signal` has, for what must not be cut at once; and without delay when the run is `over`. */
export function afterGrace(signal: AbortSignal, over: AbortSignal, clock: Clock): AbortSignal {
  const end = new AbortController();
  const wait = async (): Promise<void> => {
    try {
      await clock.sleep(GRACE, over);
      end.abort(new UserError(`Cannot finish: no answer within ${GRACE / 1000} s`, { cause: signal.reason }));
    } catch {
      // The run is over before its grace is, which is what everybody hopes for.
    }
  };
  if (signal.aborted) void wait();
  else signal.addEventListener('abort', wait, { once: true, signal: over });
  return AbortSignal.any([over, end.signal]);
}
