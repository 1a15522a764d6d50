import type { Clock, Env, Log, Masker, Random, TransferProgress } from '../core/ports.js';
import type { Patience } from '../oci/registry/transport/retry.js';
import type { READING_INPUTS, Spelling } from './settings/inputs.js';

/** The place of a face in the world, and how it speaks to its user. */
export interface World {
  readonly env: Env;
  readonly log: Log;
  readonly masker: Masker;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly progress: TransferProgress;
  readonly spelled: Spelling<typeof READING_INPUTS>;
  readonly userAgent: string;
  /** With registries; the usual unless given. */
  readonly patience?: Patience;
}
