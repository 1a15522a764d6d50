/**
 * How many publishers write one tag and none loses a file: the loop of docs/how-it-works.md, as pure decisions.
 *
 * A registry has no compare-and-swap for tags, so a read-modify-write may always put a stale index over a newer one.
 * What a version holds only grows, so a union is right, and whoever wrote looks again until its union stands. `next`
 * says what to do, `advance` takes what came of it; reading, writing, waiting and the clock are the caller's. States
 * are plain data: the tests walk every interleaving of several publishers through these very functions.
 */
import type { FileEntry } from '../../pyoci/version-index.js';
import type { Claim } from './journal.js';
import { currentClaims, type Dispute, disputesOf, holds, union } from './union.js';

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
  /** Bounds, so that the loop ends whatever the others do. Reaching one is an error, not a success. */
  readonly longest: number;
  readonly mostRounds: number;
}

export interface MergeState {
  readonly rules: MergeRules;
  readonly phase: 'read-journal' | 'read-tag' | 'decide' | 'wait';
  /** What I want listed. Files given up are no longer among them. */
  readonly mine: readonly Claim[];
  readonly skipped: readonly Dispute[];
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
  /** How often the tag was seen to be changed by somebody else, and how many files had been lost by that. */
  readonly met: number;
  readonly repaired: number;
}

/** The tag as it was read: its files, or none if it does not exist yet. Times in milliseconds since the epoch. */
export interface TagReading {
  readonly digest: string | undefined;
  readonly entries: readonly FileEntry[];
  readonly sentAt: number;
  readonly answeredAt: number;
}

export type Action =
  | { readonly kind: 'read-journal' }
  | { readonly kind: 'read-tag' }
  /** Point the tag at an index with exactly these files, built on the index read last. Send it once. */
  | { readonly kind: 'write'; readonly entries: readonly FileEntry[] }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'disputed' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'exhausted' };

export type Event =
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
  | { readonly kind: 'woke' };

/** After so many reads too old to write on, one is used anyway: a slow network must end in a warning, not in a loop. */
const MOST_STALE = 3;
const MOST_FAILURES = 6;

export function startMerge(mine: readonly Claim[], rules: MergeRules, now: number): MergeState {
  return {
    rules,
    phase: rules.journaled ? 'read-journal' : 'read-tag',
    mine,
    skipped: [],
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
    met: 0,
    repaired: 0,
  };
}

/** What to do now. */
export function next(state: MergeState, now: number): Action {
  if (state.phase === 'wait') return { kind: 'wait', milliseconds: state.waitFor };
  if (state.phase !== 'decide') return { kind: state.phase };
  const reading = state.tag;
  if (!reading) return { kind: 'read-tag' };
  const wanted = want(state);
  const exhausted = state.rounds >= state.rules.mostRounds || now - state.since > state.rules.longest;
  if (reading.digest !== undefined && holds(reading.entries, wanted)) {
    if (state.disputes.length) return { kind: 'disputed' };
    const left = state.rules.hold > 0 ? holdFor(state) - (reading.sentAt - state.changed) : 0;
    if (left <= 0) return { kind: 'done' };
    return exhausted ? { kind: 'exhausted' } : { kind: 'wait', milliseconds: left };
  }
  if (state.failures >= MOST_FAILURES) return { kind: 'refused' };
  if (exhausted) return { kind: 'exhausted' };
  if (tooOld(state, now)) return { kind: state.rules.journaled ? 'read-journal' : 'read-tag' };
  return { kind: 'write', entries: wanted };
}

/** The state after `event`, which is what came of the action that `next` named. */
export function advance(state: MergeState, event: Event): MergeState {
  const again = state.rules.journaled ? 'read-journal' : 'read-tag';
  switch (event.kind) {
    case 'journal':
      return { ...state, phase: 'read-tag', journal: currentClaims(event.claims) };
    case 'journal-lost':
      return { ...state, phase: 'read-tag', rules: { ...state.rules, journaled: false } };
    case 'tag':
      return judge(read(state, event.reading));
    case 'woke':
      return { ...state, phase: again, waitFor: 0 };
    case 'written':
      return {
        ...timed(state, event.at),
        phase: again,
        failures: 0,
        refusal: undefined,
        written: [...state.written, event.digest],
      };
    case 'refused': {
      const failures = event.temporary ? state.failures + 1 : MOST_FAILURES;
      const after = event.mayHaveApplied ? { ...state, doubtful: true } : state;
      return { ...after, ...pausing(event.pause, again), failures, refusal: event.error };
    }
    case 'unanswered':
      return {
        ...state,
        ...pausing(event.pause, again),
        doubtful: true,
        failures: state.failures + 1,
        refusal: event.error,
      };
  }
}

/** A read too old to write on counts, so that the next decision knows how often it happened in a row. */
function tooOld(state: MergeState, now: number): boolean {
  return state.tag !== undefined && now - state.tag.sentAt > SETTLE / 2 && state.stale < MOST_STALE;
}

function pausing(pause: number, again: 'read-journal' | 'read-tag'): Pick<MergeState, 'phase' | 'waitFor'> {
  return pause > 0 ? { phase: 'wait', waitFor: pause } : { phase: again, waitFor: 0 };
}

/** Read-to-write time runs from sending the read to the answer of the write. */
function timed(state: MergeState, writtenAt: number): MergeState {
  const slow = state.tag !== undefined && writtenAt - state.tag.sentAt >= SETTLE;
  return slow ? { ...state, doubtful: true } : state;
}

function holdFor(state: MergeState): number {
  return state.rules.hold + (state.doubtful ? 2 * SETTLE : 0);
}

function read(state: MergeState, reading: TagReading): MergeState {
  const before = state.tag;
  const moved = before === undefined || before.digest !== reading.digest;
  const foreign =
    moved && before !== undefined && reading.digest !== undefined && !state.written.includes(reading.digest);
  // Publishers on my journal hold still after their own writes, for all of us: they need not keep me waiting.
  const known = [...state.journal.map((claim) => claim.entry), ...(before?.entries ?? [])];
  const settledByOthers = foreign && state.rules.journaled && holds(known, reading.entries);
  const expected = [
    ...(before?.entries ?? []),
    ...(state.written.length ? state.mine.map((claim) => claim.entry) : []),
  ];
  const standing = new Set(reading.entries.map((entry) => entry.architecture));
  const lost = new Set(
    expected.map((entry) => entry.architecture).filter((architecture) => !standing.has(architecture)),
  );
  return {
    ...state,
    phase: 'decide',
    tag: reading,
    rounds: state.rounds + 1,
    changed: moved && !settledByOthers ? reading.answeredAt : state.changed,
    stale: reading.answeredAt - reading.sentAt > SETTLE / 2 ? state.stale + 1 : 0,
    met: state.met + (foreign ? 1 : 0),
    repaired: state.repaired + lost.size,
  };
}

/** Finds who disputes my files, in what was just read. */
function judge(state: MergeState): MergeState {
  const standing = state.tag?.entries ?? [];
  if (state.rules.skipTaken) {
    const taken = state.mine.flatMap((mine) => disputesOf(mine, standing));
    if (!taken.length) return state;
    const mine = state.mine.filter((claim) => !taken.some((dispute) => dispute.mine === claim));
    return { ...state, mine, skipped: [...state.skipped, ...taken] };
  }
  if (state.disputes.length) return state;
  const claimed = state.journal.map((claim) => claim.entry);
  return {
    ...state,
    disputes: state.mine.flatMap((mine) => disputesOf(mine, [...standing, ...claimed], state.journal)),
  };
}

/** While failing, my claims do not count, nor do my records; what I gave up counts no longer either. */
function want(state: MergeState): readonly FileEntry[] {
  const failing = state.disputes.length > 0;
  const withdrawn = [...(failing ? state.mine : []), ...state.skipped.map((dispute) => dispute.mine)];
  return union(state.tag?.entries ?? [], failing ? [] : state.mine, state.journal, withdrawn);
}
