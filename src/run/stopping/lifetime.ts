/** How long a run lasts: one signal for what may end at once, one for what has a moment more. */
import { UserError } from '../../core/errors.js';
import type { Clock } from '../../core/ports.js';
import { afterGrace } from './grace.js';

/** How long the work of a run may go on: until it is told to stop, or is over. */
export interface Lifetime {
  /** For all that comes before the first write: ends at once. */
  readonly signal: AbortSignal;
  /** For requests of the store: one that is under way has a moment more to come to its answer. */
  readonly lasting: AbortSignal;
  /** The run is over: whatever is still on its way ends, so that nothing is said after the report. */
  end(): void;
}

/** @param signal tells the run to stop */
export function lifetimeOf(signal: AbortSignal, clock: Clock): Lifetime {
  const over = new AbortController();
  return {
    signal: AbortSignal.any([signal, over.signal]),
    lasting: afterGrace(signal, over.signal, clock),
    end: () => over.abort(new UserError('the run is over')),
  };
}
