import type { Clock, Log } from '../core/ports.js';
import type { Meeting, Signature } from './record.js';

/** A publisher at a meeting: what every journal is opened with. */
export interface Member extends Signature {
  readonly meeting: Meeting;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}
