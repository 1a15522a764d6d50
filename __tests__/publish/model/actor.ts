import { type IndexEntry, isFile, roleOf } from '../../../src/pyoci/version-index.js';
import { laterOf } from '../../../src/pyoci/yanking/yanked.js';
import type { Author, Claim } from '../../../src/release/merge/journal.js';
import { advance, next } from '../../../src/release/merge/merge.js';
import {
  type MergeRules,
  type MergeState,
  type Outcome,
  SETTLE,
  startMerge,
} from '../../../src/release/merge/merge-state.js';
import { type Publisher, type Scenario, split, wordEntry } from './scenario.js';

/** A tag's content, in one order so that equal sets are equal; `undefined` before the first write. */
export type Content = readonly IndexEntry[] | undefined;

/** One publisher in the middle of its work. Times in its state are relative to now, which is 0. */
export interface Actor {
  readonly fate: 'surveying' | 'appending' | 'merging' | 'success' | 'failure' | 'dead';
  readonly attempt: number;
  readonly state: MergeState;
  /** A request or a sleep that has begun and not ended; only where time passes. */
  readonly flight: Flight | undefined;
  /** Whether a write of its may still get lost on the way and come late. */
  readonly mayBeLate: boolean;
  /** Whether its survey found its file published with other bytes: it mends what may be lost, and fails. */
  readonly refused: boolean;
  /** Whether it said that its write may have cost others their files. */
  readonly warned: boolean;
}

export type Flight =
  /** Reads are served when they are sent and writes when they are answered: the worst of what can be. */
  | { readonly kind: 'read'; readonly content: Content; readonly sentAt: number }
  | { readonly kind: 'write'; readonly entries: readonly IndexEntry[] }
  | { readonly kind: 'wait'; readonly left: number };

/** What one step does to the actor and to the world. */
export interface Move {
  readonly actor: Actor;
  readonly tag?: readonly IndexEntry[];
  readonly appended?: readonly Claim[];
  /** A write that is on its way and may come at any time. */
  readonly delayed?: readonly IndexEntry[];
}

export function rulesOf(scenario: Scenario, { skips = false, outsider = false }: Publisher): MergeRules {
  return {
    hold: scenario.time ? SETTLE : 0,
    journaled: (scenario.journaled ?? true) && !outsider,
    skipTaken: skips,
    patience: Number.POSITIVE_INFINITY,
    longest: Number.POSITIVE_INFINITY,
    mostRounds: Number.POSITIVE_INFINITY,
  };
}

export function startActor(scenario: Scenario, publisher: Publisher): Actor {
  const rules = rulesOf(scenario, publisher);
  return {
    fate: rules.journaled ? 'appending' : 'merging',
    attempt: 1,
    state: startMerge(publisher.claims, rules, 0, publisher.word),
    flight: undefined,
    mayBeLate: scenario.late ?? false,
    refused: false,
    warned: false,
  };
}

/** A later attempt: it looks at the tag first, as every publish does, and knows nothing else of the first one. */
export function startAgain(scenario: Scenario, publisher: Publisher): Actor {
  const claims = publisher.rebuilt ?? publisher.claims;
  const first = startActor(scenario, { ...publisher, claims });
  return { ...first, fate: 'surveying', attempt: 2 };
}

/** Every step that the actor can take now. */
export function movesOf(
  scenario: Scenario,
  publisher: Publisher,
  actor: Actor,
  tag: Content,
  journal: readonly Claim[],
): readonly Move[] {
  const alive = !['success', 'failure', 'dead'].includes(actor.fate);
  const deaths: readonly Move[] =
    publisher.mortal && actor.attempt === 1 && alive ? [{ actor: ended(actor, 'dead') }] : [];
  switch (actor.fate) {
    case 'success':
    case 'failure':
      return [];
    case 'dead':
      return [{ actor: startAgain(scenario, publisher) }];
    case 'surveying':
      return [{ actor: surveyed(actor, tag) }];
    case 'appending':
      return [...deaths, { actor: { ...actor, fate: 'merging' }, appended: recordsOf(publisher, actor) }];
    case 'merging':
      return [...deaths, ...merging(scenario, actor, tag, journal)];
  }
}

/** What it has published stands: it only looks whether others' files were lost. Other bytes: it may not go on. */
function surveyed(actor: Actor, tag: Content): Actor {
  const { state } = actor;
  const standing = (claim: Claim) => tag?.find((entry) => entry.architecture === claim.entry.architecture);
  // Of an attachment that was made anew the first one stays.
  const stays = ({ entry }: Claim, there: IndexEntry) => !isFile(entry) && roleOf(there)?.of === roleOf(entry)?.of;
  const left = state.mine.filter((claim) => {
    const there = standing(claim);
    return !there || (there.sha256 !== claim.entry.sha256 && !stays(claim, there));
  });
  const taken = left.some((claim) => standing(claim) && standing(claim)?.sha256 !== claim.replaces?.sha256);
  const refused = taken && !state.rules.skipTaken;
  const mine = refused ? [] : left;
  const fate = mine.length > 0 && state.rules.journaled ? 'appending' : 'merging';
  return { ...actor, fate, refused, state: startMerge(mine, state.rules, 0) };
}

function recordsOf({ name }: Publisher, { attempt, state }: Actor): readonly Claim[] {
  const author: Author = { leg: name, attempt };
  return state.mine.map((claim) => ({ ...claim, author }));
}

function merging(scenario: Scenario, actor: Actor, tag: Content, journal: readonly Claim[]): readonly Move[] {
  const { state, flight } = actor;
  if (flight) return landing(scenario, actor, flight);
  const said = next(state, 0);
  const action = scenario.weaken?.(said, state) ?? said;
  switch (action.kind) {
    case 'read-journal':
      return [{ actor: after(actor, { kind: 'journal', claims: journal }) }];
    case 'read-tag':
      return begun(scenario, actor, { kind: 'read', content: tag, sentAt: 0 });
    case 'write':
      return begun(scenario, actor, { kind: 'write', entries: sorted([...action.entries, ...saidBy(state)]) });
    case 'wait':
      return begun(scenario, actor, { kind: 'wait', left: action.milliseconds });
    case 'done':
      return [{ actor: ended(actor, actor.refused ? 'failure' : 'success') }];
    case 'disputed':
    case 'refused':
    case 'gone':
      return [{ actor: ended(actor, 'failure') }];
    case 'unlisted':
    case 'exhausted':
    case 'leave':
      throw new Error(`a merge without bounds, that nobody stops, came to "${action.kind}"`);
  }
}

/** What an index says that is written now: my word, unless a later one stood. */
function saidBy({ tag, word }: MergeState): readonly IndexEntry[] {
  const later = laterOf(tag?.word, word);
  return later ? [wordEntry(later)] : [];
}

/** Where time stands still, what begins has ended. */
function begun(scenario: Scenario, actor: Actor, flight: Flight): readonly Move[] {
  return scenario.time ? [{ actor: { ...actor, flight } }] : landing(scenario, actor, flight);
}

function landing(scenario: Scenario, from: Actor, flight: Flight): readonly Move[] {
  const actor: Actor = { ...from, flight: undefined };
  switch (flight.kind) {
    case 'wait':
      return flight.left > 0 ? [] : [{ actor: after(actor, { kind: 'woke' }) }];
    case 'read': {
      const { content, sentAt } = flight;
      const reading = { digest: content && contentKey(content), ...split(content ?? []), sentAt, answeredAt: 0 };
      return [{ actor: after(actor, { kind: 'tag', reading }) }];
    }
    case 'write': {
      const { entries } = flight;
      const unanswered = after(actor, { kind: 'unanswered', pause: 0, error: 'cut', at: 0 });
      return [
        { actor: after(actor, { kind: 'written', digest: contentKey(entries), at: 0 }), tag: entries },
        ...(scenario.errors ? [{ actor: unanswered }, { actor: unanswered, tag: entries }] : []),
        ...(actor.mayBeLate ? [{ actor: { ...unanswered, mayBeLate: false }, delayed: entries }] : []),
      ];
    }
  }
}

/** What only counts for the report would make every state a new one; it decides nothing. */
function after(actor: Actor, outcome: Outcome): Actor {
  const state = advance(actor.state, outcome);
  const { rules } = state;
  const stale = Math.min(state.stale, 3);
  const written = rules.hold > 0 && rules.journaled ? state.written.slice(-1) : [];
  return { ...actor, state: { ...state, rounds: 0, written, met: 0, repaired: 0, since: 0, stale } };
}

/** Of an end only that matters which can be seen from outside. */
function ended(actor: Actor, fate: 'success' | 'failure' | 'dead'): Actor {
  const { mine, skipped, rules, doubtful, word } = actor.state;
  const state = { ...startMerge(mine, rules, 0, word), skipped };
  return { ...actor, fate, state, flight: undefined, mayBeLate: false, warned: doubtful && fate !== 'dead' };
}

/** One tick later; `undefined` if its next step may not wait that long. */
export function ticked(scenario: Scenario, index: number, actor: Actor): Actor | undefined {
  const { tick, slowest } = scenario.time ?? { tick: 0, slowest: [] };
  if (actor.fate !== 'merging') return actor.fate === 'appending' || actor.fate === 'surveying' ? undefined : actor;
  const { flight, state } = actor;
  if (!flight) return undefined;
  const longest = (slowest[index] ?? 0) * tick;
  const tag = state.tag && { ...state.tag, sentAt: state.tag.sentAt - tick, answeredAt: state.tag.answeredAt - tick };
  const later = { ...actor, state: { ...state, tag, changed: state.changed - tick } };
  switch (flight.kind) {
    case 'wait':
      return flight.left > 0 ? { ...later, flight: { ...flight, left: flight.left - tick } } : undefined;
    case 'read':
      return tick - flight.sentAt > longest
        ? undefined
        : { ...later, flight: { ...flight, sentAt: flight.sentAt - tick } };
    case 'write':
      return tag && -tag.sentAt > longest ? undefined : later;
  }
}

export function sorted(entries: readonly IndexEntry[]): readonly IndexEntry[] {
  return [...entries].sort((a, b) => (a.descriptor.digest < b.descriptor.digest ? -1 : 1));
}

export function contentKey(entries: readonly IndexEntry[]): string {
  return entries.map((entry) => entry.descriptor.digest.slice(7, 19)).join(',');
}

export function claimsKey(claims: readonly Claim[]): string {
  const keys = claims.map(({ entry, replaces, author }) =>
    [entry.descriptor.digest.slice(7, 19), replaces?.manifest.slice(7, 19), author?.leg, author?.attempt].join('<'),
  );
  return keys.join(',');
}

export function actorKey({ fate, attempt, state, flight, mayBeLate, refused, warned }: Actor): string {
  const reading = state.tag && [state.tag.digest ?? '-', state.tag.sentAt, state.tag.answeredAt];
  const going = flight && [
    flight.kind,
    flight.kind === 'read' ? [flight.content ? contentKey(flight.content) : '-', flight.sentAt] : '',
    flight.kind === 'write' ? contentKey(flight.entries) : '',
    flight.kind === 'wait' ? flight.left : '',
  ];
  const ways = [state.phase, state.changed, state.waitFor, state.stale, state.failures, state.doubtful];
  const files = [
    claimsKey(state.mine),
    claimsKey(state.journal),
    state.disputes.length,
    state.skipped.length,
    state.written,
  ];
  return [fate, attempt, reading, going, ways, files, mayBeLate, refused, warned].map(String).join('|');
}
