/**
 * How many publishers write one tag and none loses a file: the loop of docs/how-it-works.md, as pure decisions.
 *
 * A registry has no compare-and-swap for tags, so a read-modify-write may always put a stale index over a newer one.
 * What a version holds only grows, so a union is right, and whoever wrote looks again until its union stands. `next`
 * says what to do, `advance` takes what came of it; reading, writing, waiting and the clock are the caller's. The
 * tests walk every interleaving of several publishers through these very functions.
 */
import { type IndexEntry, isFile } from '../../pyoci/version-index.js';
import { laterOf } from '../../pyoci/yanking/yanked.js';
import { misplaced, waiting, yieldedTo } from './attachments.js';
import type { Claim } from './journal.js';
import { hurry, isOwed } from './last-steps.js';
import { type MergeState, type Move, type Outcome, SETTLE, type TagReading } from './merge-state.js';
import { currentClaims, type Dispute, disputesOf, holds, union } from './union.js';

/** Pause between two looks for the file of an attachment, in milliseconds: longer the longer it has taken. */
const LONGEST_LOOK = 15_000;
/** After so many reads too old to write on, one is used anyway: a slow network must end in a warning, not in a loop. */
const MOST_STALE = 3;
const MOST_FAILURES = 6;

/** What to do now. */
export function next(state: MergeState, now: number): Move {
  const move = choose(state, now);
  return state.leaving && !isOwed(move, state) ? { kind: 'leave' } : move;
}

function choose(state: MergeState, now: number): Move {
  if (state.phase === 'wait') return { kind: 'wait', milliseconds: state.waitFor };
  if (state.phase !== 'decide') return { kind: state.phase };
  const reading = state.tag;
  if (!reading) return { kind: 'read-tag' };
  const wanted = want(state);
  const early = state.disputes.length ? [] : waiting(state.mine, wanted);
  const exhausted = state.rounds >= state.rules.mostRounds || now - state.since > state.rules.longest;
  if (reading.digest !== undefined && holds(reading.entries, wanted) && isSaid(state, reading)) {
    if (state.disputes.length) return { kind: 'disputed' };
    if (early.length) return lookLater(state, now);
    const left = state.rules.hold > 0 ? holdFor(state) - (reading.sentAt - state.changed) : 0;
    if (left <= 0) return { kind: 'done' };
    return exhausted ? { kind: 'exhausted' } : { kind: 'wait', milliseconds: left };
  }
  if (reading.digest === undefined && state.word && !wanted.length) return { kind: 'gone' };
  // What a version says of itself is for a publisher of files to write.
  if (reading.digest === undefined && early.length === state.mine.length && early.length) return lookLater(state, now);
  if (state.failures >= MOST_FAILURES) return { kind: 'refused' };
  if (exhausted) return { kind: 'exhausted' };
  if (tooOld(state, now)) return { kind: state.rules.journaled ? 'read-journal' : 'read-tag' };
  return { kind: 'write', entries: wanted };
}

/** Whether what I say of the version stands, or more was said later. */
function isSaid({ word }: MergeState, reading: TagReading): boolean {
  return word === undefined || laterOf(reading.word, word) === reading.word;
}

function lookLater({ rules, since, rounds }: MergeState, now: number): Move {
  const gone = now - since;
  if (gone >= rules.patience || rounds >= rules.mostRounds) return { kind: 'unlisted' };
  return { kind: 'wait', milliseconds: Math.min(rules.hold + gone / 4, LONGEST_LOOK, rules.patience - gone) };
}

/** The state after `outcome`, which is what came of the move that `next` named. */
export function advance(state: MergeState, outcome: Outcome): MergeState {
  const after = follow(state, outcome);
  return after.leaving ? hurry(after) : after;
}

function follow(state: MergeState, outcome: Outcome): MergeState {
  const again = state.rules.journaled ? 'read-journal' : 'read-tag';
  switch (outcome.kind) {
    case 'journal':
      return { ...state, phase: 'read-tag', journal: currentClaims(outcome.claims) };
    case 'stopped':
      return { ...state, leaving: true };
    case 'journal-lost':
      return { ...state, phase: 'read-tag', rules: { ...state.rules, journaled: false } };
    case 'tag':
      return judge(takeIn(state, outcome.reading));
    case 'woke':
      return { ...state, phase: again, waitFor: 0 };
    case 'written':
      return {
        ...timed(state, outcome.at),
        phase: again,
        unread: true,
        failures: 0,
        refusal: undefined,
        written: [...state.written, outcome.digest],
      };
    case 'refused': {
      const failures = outcome.temporary ? state.failures + 1 : MOST_FAILURES;
      const after = outcome.mayHaveApplied ? { ...state, doubtful: true } : state;
      return { ...after, ...pausing(outcome.pause, again), unread: true, failures, refusal: outcome.error };
    }
    case 'unanswered':
      return {
        ...state,
        ...pausing(outcome.pause, again),
        unread: true,
        doubtful: true,
        failures: state.failures + 1,
        refusal: outcome.error,
      };
  }
}

/** Whether the tag was read too long ago to write on. After several such reads in a row the next one is used anyway. */
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

/** What a reading of the tag tells: who changed it, and what was lost by that. */
function takeIn(state: MergeState, reading: TagReading): MergeState {
  const before = state.tag;
  const moved = before === undefined || before.digest !== reading.digest;
  const foreign =
    moved && before !== undefined && reading.digest !== undefined && !state.written.includes(reading.digest);
  // Publishers on my journal hold still after their own writes, for all of us: they need not keep me waiting.
  const known = [...state.journal.map((claim) => claim.entry), ...(before?.entries ?? [])];
  const settledByOthers = foreign && state.rules.journaled && holds(known, reading.entries);
  const expected = [
    ...(before?.entries ?? []),
    ...(state.written.length ? state.mine.map((claim) => claim.entry).filter(isFile) : []),
  ];
  const standing = new Set(reading.entries.map((entry) => entry.architecture));
  const lost = new Set(
    expected.map((entry) => entry.architecture).filter((architecture) => !standing.has(architecture)),
  );
  return {
    ...state,
    phase: 'decide',
    tag: reading,
    unread: false,
    rounds: state.rounds + 1,
    changed: moved && !settledByOthers ? reading.answeredAt : state.changed,
    stale: reading.answeredAt - reading.sentAt > SETTLE / 2 ? state.stale + 1 : 0,
    met: state.met + (foreign ? 1 : 0),
    repaired: state.repaired + lost.size,
  };
}

/** Finds who disputes my files, in what was just read, and what is to be given up. */
function judge(state: MergeState): MergeState {
  const standing = state.tag?.entries ?? [];
  const left = givingUp(state, standing);
  if (left.rules.skipTaken || left.disputes.length) return left;
  const claimed = left.journal.map((claim) => claim.entry);
  const files = left.mine.filter(({ entry }) => isFile(entry));
  const disputed = files.flatMap((mine) => disputesOf(mine, [...standing, ...claimed], left.journal));
  return { ...left, disputes: [...disputed, ...misplaced(left.mine, standing, left.journal)] };
}

/** Attachments whose place is taken; and if so told, files that others published first, with what is attached to them. */
function givingUp(state: MergeState, standing: readonly IndexEntry[]): MergeState {
  const given: Dispute[] = [];
  if (state.rules.skipTaken) {
    const taken = state.mine.filter(({ entry }) => isFile(entry)).flatMap((mine) => disputesOf(mine, standing));
    const left = without(state.mine, taken);
    given.push(...taken, ...misplaced(left, standing, state.journal));
  }
  given.push(...yieldedTo(without(state.mine, given), standing, state.journal));
  return given.length ? { ...state, mine: without(state.mine, given), skipped: [...state.skipped, ...given] } : state;
}

function without(mine: readonly Claim[], given: readonly Dispute[]): readonly Claim[] {
  return mine.filter((claim) => !given.some((dispute) => dispute.mine === claim));
}

/** While failing, my claims do not count, nor do my records; what I gave up counts no longer either. */
function want(state: MergeState): readonly IndexEntry[] {
  const failing = state.disputes.length > 0;
  const withdrawn = [...(failing ? state.mine : []), ...state.skipped.map((dispute) => dispute.mine)];
  return union(state.tag?.entries ?? [], failing ? [] : state.mine, state.journal, withdrawn);
}
