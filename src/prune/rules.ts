import type { Age } from '../core/text/age.js';
import type { Class, Per } from './classes.js';
import type { Keep } from './keep.js';

/** What is to go: a version of a named class that neither `keepLast` nor `olderThan` nor `keep` holds. */
export interface Rules {
  /** Only versions of these go. */
  readonly classes: readonly Class[];
  /** So many of the newest of each class stay. */
  readonly keepLast: number | undefined;
  /** What is younger, or of unknown age, stays. */
  readonly olderThan: Age | undefined;
  /** The newest are counted for each of these lines; for the whole package without. */
  readonly per: Per | undefined;
  readonly keep: readonly Keep[];
  /** Times that publishers wrote are taken for ages. */
  readonly trustCreated: boolean;
  /** Every version may go, and the newest final. */
  readonly evenAll: boolean;
  /** Whether manifests go that no index names. */
  readonly untagged: boolean;
}
