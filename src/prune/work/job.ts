/** What is asked of pruning a package, and what becomes of it. */
import type { Digest } from '../../core/digest.js';
import type { Failure } from '../../core/failure.js';
import type { Clock, Log } from '../../core/ports.js';
import type { Fate, OtherTag } from '../plan.js';
import type { Rules } from '../rules.js';

export interface PruneJob {
  /** The package as its user knows it. */
  readonly image: string;
  readonly rules: Rules;
  /** Whether anything is deleted. */
  readonly apply: boolean;
  /** Requests in flight. */
  readonly concurrency: number;
  readonly spelled: (name: 'keep-last' | 'even-all' | 'untagged') => string;
}

export interface PrunePorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** A manifest that was deleted. */
export interface Deleted {
  readonly digest: Digest;
  /** What the registry called it, where it has it back by that. */
  readonly id: number | undefined;
  readonly kind: 'index' | 'manifest';
}

/** What became of a package. */
export interface Pruned {
  readonly image: string;
  readonly applied: boolean;
  /** The highest version first. */
  readonly fates: readonly Fate[];
  readonly others: readonly OtherTag[];
  /** Manifests that go without a version of theirs: what runs left that were stopped, and orphans that were asked for. */
  readonly loose: readonly Digest[];
  readonly deleted: readonly Deleted[];
  /** The command that brings a manifest back, with `ID` for its id; `undefined` where nothing does. */
  readonly restore: string | undefined;
  readonly failures: readonly Failure[];
}
