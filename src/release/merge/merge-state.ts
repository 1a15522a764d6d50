/** What one writer of a tag knows and wants, what it may do, and what may come of that: the plain data of `merge.ts`. */
import type { Document } from '../../oci/document.js';
import type { IndexEntry } from '../../pyoci/version-index.js';
import type { Yanked } from '../../pyoci/yanking/yanked.js';
import type { Claim } from './journal.js';
import type { Dispute } from './union.js';

/**
 * S of the loop, in milliseconds: the settle time that every publisher grants to all others. A constant, because a slow
 * publisher must not judge the others by its own pace.
 */
export const SETTLE = 2_000;

export interface MergeRules {
  /** How long the tag must hold still before we leave it, in milliseconds; 0 = one read-back is enough. */
  readonly hold: number;
  readonly journaled: boolean;
  /** A file that stands in the tag with other bytes by now: give it up, instead of failing. */
  readonly skipTaken: boolean;
  /** How long an attachment may wait for its file to be listed, in milliseconds; 0 = it must be listed already. */
  readonly patience: number;
  /** Bounds, so that the loop ends whatever the others do. Reaching one is an error, not a success. */
  readonly longest: number;
  readonly mostRounds: number;
}

export interface MergeState {
  readonly rules: MergeRules;
  readonly phase: 'read-journal' | 'read-tag' | 'decide' | 'wait';
  /** What I want listed. Files and attachments given up are no longer among them. */
  readonly mine: readonly Claim[];
  readonly skipped: readonly Dispute[];
  /** What I say of the version, if anything: yanked, or taken back in. It stands as long as nobody says more later. */
  readonly word: Yanked | undefined;
  /** Once disputed I am failing; I leave only when the others' files are whole. */
  readonly disputes: readonly Dispute[];
  readonly journal: readonly Claim[];
  readonly tag: TagReading | undefined;
  /** Milliseconds since the epoch: when the loop began, and when the tag was last seen to be another than before. */
  readonly since: number;
  readonly changed: number;
  readonly waitFor: number;
  readonly rounds: number;
  /** Reads of the tag in a row that were too old to write on. */
  readonly stale: number;
  /** Writes in a row that were answered with an error. */
  readonly failures: number;
  /** The last such answer; not looked into here. */
  readonly refusal: unknown;
  /** A write of mine took longer than the others wait, or its answer is not known. */
  readonly doubtful: boolean;
  /** Digests of the indexes that I wrote. */
  readonly written: readonly string[];
  /** A write was sent, and the tag has not been read since. */
  readonly unread: boolean;
  /** Told to stop: only what is owed to others is still done. */
  readonly leaving: boolean;
  /** How often the tag was seen to be changed by somebody else, and how many files had been lost by that. */
  readonly met: number;
  readonly repaired: number;
}

/** The tag as it was read: its files, or none if it does not exist yet. Times in milliseconds since the epoch. */
export interface TagReading {
  readonly digest: string | undefined;
  /** The index itself, which the next one is built on; not looked into here. */
  readonly document?: Document | undefined;
  readonly entries: readonly IndexEntry[];
  /** What it says of itself. */
  readonly word?: Yanked | undefined;
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** What to do next. */
export type Move =
  | { readonly kind: 'read-journal' }
  | { readonly kind: 'read-tag' }
  /** Point the tag at an index with exactly these files, built on the index read last. Send it once. */
  | { readonly kind: 'write'; readonly entries: readonly IndexEntry[] }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'disputed' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'exhausted' }
  /** The file of an attachment of mine was not listed in all that time. */
  | { readonly kind: 'unlisted' }
  /** There is no version any more, and none of my files to make one of. */
  | { readonly kind: 'gone' }
  /** Told to stop, and nothing is owed: leave the loop without a result. */
  | { readonly kind: 'leave' };

/** What came of a move. */
export type Outcome =
  | { readonly kind: 'journal'; readonly claims: readonly Claim[] }
  /** The journal failed for us: from here on timing alone protects the version. */
  | { readonly kind: 'journal-lost' }
  | { readonly kind: 'tag'; readonly reading: TagReading }
  | { readonly kind: 'written'; readonly digest: string; readonly at: number }
  /** The store answered with an error. `temporary`: worth another try, after `pause` milliseconds. */
  | {
      readonly kind: 'refused';
      readonly temporary: boolean;
      readonly mayHaveApplied: boolean;
      readonly pause: number;
      readonly error: unknown;
      readonly at: number;
    }
  /** No answer came: the write may have been applied, or may be applied yet. */
  | { readonly kind: 'unanswered'; readonly pause: number; readonly error: unknown; readonly at: number }
  | { readonly kind: 'woke' }
  /** Somebody told this publisher to stop; may come at any time. */
  | { readonly kind: 'stopped' };

/** How a merge begins. @param now milliseconds since the epoch */
export function startMerge(mine: readonly Claim[], rules: MergeRules, now: number, word?: Yanked): MergeState {
  return {
    rules,
    phase: rules.journaled ? 'read-journal' : 'read-tag',
    mine,
    skipped: [],
    word,
    disputes: [],
    journal: [],
    tag: undefined,
    since: now,
    changed: now,
    waitFor: 0,
    rounds: 0,
    stale: 0,
    failures: 0,
    refusal: undefined,
    doubtful: false,
    written: [],
    unread: false,
    leaving: false,
    met: 0,
    repaired: 0,
  };
}
