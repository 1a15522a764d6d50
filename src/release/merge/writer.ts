/** Brings claims into the index under a tag: carries out the moves of `merge.ts` on a store. */
import type { Digest } from '../../core/digest.js';
import { messageOf } from '../../core/errors.js';
import type { Clock, Log, Random } from '../../core/ports.js';
import type { Annotations } from '../../oci/descriptor.js';
import type { Document } from '../../oci/document.js';
import { MissingReferenceError, WriteRefusedError } from '../../oci/errors.js';
import type { Tag } from '../../oci/reference.js';
import type { InTurn, Repository } from '../../oci/store.js';
import { atOnce } from '../../oci/transfer.js';
import { type IndexEntry, withEntries } from '../../pyoci/version-index.js';
import { laterOf, type Yanked, yankedAnnotation, yankedIn } from '../../pyoci/yanking/yanked.js';
import { waiting } from './attachments.js';
import type { Claim, Journal } from './journal.js';
import { advance, next } from './merge.js';
import {
  disputedError,
  exhaustedError,
  goneError,
  refusedError,
  UnconfirmedError,
  unlistedError,
} from './merge-errors.js';
import { type MergeRules, type MergeState, type Move, type Outcome, SETTLE, startMerge } from './merge-state.js';
import { standingEntries } from './standing-entries.js';
import type { Dispute } from './union.js';

/** A version by the tag it stands under. */
export interface TaggedVersion {
  readonly repository: Repository;
  readonly tag: Tag;
  /** For messages: `ghcr.io/owner/name:1.0`. */
  readonly image: string;
}

/** What is to be brought into the index of a version. */
export interface Change {
  readonly claims: readonly Claim[];
  /** What an index that does not exist yet begins as; as an empty one unless given. */
  readonly beginning?: Document | undefined;
  /** For an index that does not exist yet, and for what an existing one lacks. */
  readonly annotations: Annotations;
  /** What is said of the version: yanked, or taken back in. The later word counts, mine or the one that stands. */
  readonly word?: Yanked | undefined;
  /** Stores the manifests of the claims once more, blobs and all: a store can lose what it has accepted. */
  restore(): Promise<void>;
}

/** What keeps the files of other publishers from being lost. */
export interface Guard {
  readonly journal: Journal | undefined;
  readonly rules: MergeRules;
}

export interface WriterPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Tells to stop; what is owed to others is still done. */
  readonly signal: AbortSignal;
  /** Runs requests when it is their turn; at once unless given. */
  readonly inTurn?: InTurn;
}

/** The version as it was read last, and what a user should know of the way there. */
export interface Written {
  /** Of the index. */
  readonly digest: Digest;
  readonly entries: readonly IndexEntry[];
  /** What it says of itself: my word, or a later one. */
  readonly word: Yanked | undefined;
  /** Whether a write of ours was needed. */
  readonly wrote: boolean;
  /** Files of mine that others had published with other bytes meanwhile (`if-exists: skip`). */
  readonly skipped: readonly Dispute[];
  /** How often others changed the index meanwhile, and how many files had been lost by that and were put back. */
  readonly met: number;
  readonly repaired: number;
  /** The journal, if it did not fail on the way. */
  readonly journal: Journal | undefined;
  /** A write took longer than publishers wait for each other, or got no answer. */
  readonly doubtful: boolean;
  /** Whether the index had held still. Not so for a publisher that was told to stop. */
  readonly watched: boolean;
}

/** Milliseconds before the first new try after a failed write; doubles with each. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 15_000;

/**
 * Carries out the loop of `merge.ts` on a store: brings the claims into the index under the tag, with one write on a quiet
 * registry, and leaves only when they stand there together with everybody else's.
 * @throws UserError if another publisher has other bytes for one of my files, if the store refuses the index for
 * good, or if the loop reaches a bound; the signal's reason if it was told to stop and nothing is listed;
 * UnconfirmedError if that could not be seen
 */
export async function writeVersion(
  version: TaggedVersion,
  change: Change,
  guard: Guard,
  ports: WriterPorts,
): Promise<Written> {
  const { clock, signal } = ports;
  const steps = new Steps(version, change, guard, ports);
  let state = startMerge(change.claims, guard.rules, clock.now(), change.word);
  for (;;) {
    if (signal.aborted && !state.leaving) state = advance(state, { kind: 'stopped' });
    const move = next(state, clock.now());
    switch (move.kind) {
      case 'done':
        return writtenAs(state, guard);
      case 'disputed':
        throw disputedError(version.image, state.disputes);
      case 'refused':
        throw refusedError(version.image, state.refusal);
      case 'unlisted':
        throw unlistedError(version.image, waiting(state.mine, state.tag?.entries ?? []));
      case 'exhausted':
        throw exhaustedError(version.image, state);
      case 'gone':
        throw goneError(version.image);
      case 'leave':
        throw state.doubtful ? new UnconfirmedError(version.image) : signal.reason;
    }
    try {
      state = await steps.take(move, state);
    } catch (error) {
      // Told to stop meanwhile: the next round knows what is owed still.
      if (!state.leaving && signal.aborted) continue;
      throw state.leaving && state.unread ? new UnconfirmedError(version.image) : error;
    }
  }
}

function writtenAs(
  { tag, skipped, met, repaired, doubtful, leaving, written, rules }: MergeState,
  guard: Guard,
): Written {
  if (!tag?.document) throw new Error('the merge ended without a reading of the tag');
  const { document, entries } = tag;
  const journal = rules.journaled ? guard.journal : undefined;
  const wrote = written.length > 0;
  const { digest } = document.descriptor;
  return { digest, entries, word: tag.word, wrote, skipped, met, repaired, journal, doubtful, watched: !leaving };
}

/** Moves that ask the store, the journal or the clock. */
type Step = Extract<Move, { kind: 'read-journal' | 'read-tag' | 'write' | 'wait' }>;

/** What came back of a write: nothing but an answer, or why there is none. */
type Sent = { readonly digest: Digest } | { readonly error: unknown };

class Steps {
  readonly #version: TaggedVersion;
  readonly #change: Change;
  readonly #journal: Journal | undefined;
  readonly #ports: WriterPorts;
  readonly #inTurn: InTurn;
  /** Whether manifests that records name are really there, each asked for once. */
  readonly #stored = new Map<Digest, Promise<boolean>>();
  /** Whether it was said that attachments wait for their files. */
  #waits = false;

  constructor(version: TaggedVersion, change: Change, guard: Guard, ports: WriterPorts) {
    this.#version = version;
    this.#change = change;
    this.#journal = guard.journal;
    this.#ports = ports;
    this.#inTurn = ports.inTurn ?? atOnce;
  }

  /**
   * @returns the state after the move
   * @throws what a failed read throws; the signal's reason if it came before anything was sent
   */
  async take(move: Step, state: MergeState): Promise<MergeState> {
    switch (move.kind) {
      case 'read-journal':
        return advance(state, await this.#readJournal(state));
      case 'read-tag':
      case 'write':
        return this.#lookAndWrite(move, state);
      case 'wait':
        this.#tellOfWaiting(state);
        await this.#ports.clock.sleep(move.milliseconds, this.#ports.signal);
        return advance(state, { kind: 'woke' });
    }
  }

  /** Once: it may take minutes. */
  #tellOfWaiting({ mine, tag, rules }: MergeState): void {
    const names = waiting(mine, tag?.entries ?? []).map(({ entry }) => entry.architecture);
    if (!names.length || this.#waits) return;
    this.#waits = true;
    this.#ports.log.info(
      `${this.#version.image}: waiting up to ${Math.round(rules.patience / 60_000)} minutes for the files that ${names.join(', ')} are about`,
    );
  }

  /** A write that a reading calls for goes in the same turn: what was read would grow old while waiting for another. */
  async #lookAndWrite(move: Extract<Step, { kind: 'read-tag' | 'write' }>, from: MergeState): Promise<MergeState> {
    const { clock, signal } = this.#ports;
    let state = from;
    try {
      const sent = await this.#inTurn(async () => {
        if (move.kind === 'read-tag') state = advance(from, await this.#readTag(from));
        const then = move.kind === 'write' ? move : next(state, clock.now());
        const writes = then.kind === 'write' && (move.kind === 'write' || !signal.aborted);
        return writes ? this.#send(then.entries, state) : undefined;
      });
      if (!sent) return state;
      if ('error' in sent) return advance(state, await this.#failedWrite(sent.error, state));
      return advance(state, { kind: 'written', digest: sent.digest, at: clock.now() });
    } catch (error) {
      // Told to stop after the reading: what it showed to be lost is owed still.
      if (state !== from && signal.aborted && !from.leaving) return state;
      throw error;
    }
  }

  async #readTag({ leaving }: MergeState): Promise<Outcome> {
    const { clock, signal } = this.#ports;
    const { repository, tag, image } = this.#version;
    const sentAt = clock.now();
    // A last look is not for `signal` to end; the store itself ends it when there is no more time.
    const document = await repository.getManifest(tag, leaving ? {} : { signal });
    const entries = standingEntries(document, image);
    const digest = document?.descriptor.digest;
    const word = document && yankedIn(document.value);
    return { kind: 'tag', reading: { digest, document, entries, word, sentAt, answeredAt: clock.now() } };
  }

  /** @throws the signal's reason if it came in time, so that nothing was sent */
  async #send(entries: readonly IndexEntry[], state: MergeState): Promise<Sent> {
    const { clock, signal } = this.#ports;
    const { repository, tag } = this.#version;
    const { beginning, annotations, word } = this.#change;
    const base = state.tag?.document ?? beginning;
    const said = base && yankedIn(base.value);
    const always = word && laterOf(said, word) !== said ? yankedAnnotation(word) : {};
    const document: Document = withEntries(base, entries, annotations, always);
    try {
      const repeatUntil = (state.tag?.sentAt ?? clock.now()) + SETTLE / 2;
      // `signal` ends only what has not been sent; and what a publisher that is leaving owes, it must not end.
      await repository.putTag(tag, document, state.leaving ? { repeatUntil } : { signal, repeatUntil });
      return { digest: document.descriptor.digest };
    } catch (error) {
      if (signal.aborted && error === signal.reason) throw error;
      return { error };
    }
  }

  async #readJournal({ mine, tag }: MergeState): Promise<Outcome> {
    const journal = this.#journal;
    if (!journal) return { kind: 'journal-lost' };
    const { log, signal } = this.#ports;
    try {
      const claims = await journal.read();
      const standing = [...mine.map((claim) => claim.entry), ...(tag?.entries ?? [])];
      const known = new Set(standing.map((entry) => entry.descriptor.digest));
      const present = await Promise.all(
        claims.map(({ entry: { descriptor } }) => known.has(descriptor.digest) || this.#isStored(descriptor.digest)),
      );
      return { kind: 'journal', claims: claims.filter((_, index) => present[index]) };
    } catch (error) {
      signal.throwIfAborted();
      log.warning(
        `${this.#version.image}: ${journal.label} can no longer be read, so this version is now protected by timing only: ${messageOf(error)}`,
      );
      return { kind: 'journal-lost' };
    }
  }

  #isStored(digest: Digest): Promise<boolean> {
    const asked =
      this.#stored.get(digest) ?? this.#inTurn(() => this.#version.repository.hasManifest(digest, this.#ports));
    this.#stored.set(digest, asked);
    return asked;
  }

  /** A write is never sent again as it was: whatever came back, the next step is to read. */
  async #failedWrite(error: unknown, state: MergeState): Promise<Outcome> {
    const { clock, random, log } = this.#ports;
    log.info(`${this.#version.image}: writing the index did not succeed, reading it again: ${messageOf(error)}`);
    const backoff = Math.min(FIRST_PAUSE * 2 ** state.failures, LONGEST_PAUSE) * (0.5 + random() / 2);
    const at = clock.now();
    if (error instanceof MissingReferenceError) {
      const mine = new Set<string>(state.mine.map((claim) => claim.entry.descriptor.digest));
      const curable = error.missing.length === 0 || error.missing.some((digest) => mine.has(digest));
      if (curable) await this.#change.restore();
      return { kind: 'refused', temporary: curable, mayHaveApplied: false, pause: curable ? backoff : 0, error, at };
    }
    if (error instanceof WriteRefusedError) {
      const pause = error.temporary ? Math.max(backoff, error.retryAfter ?? 0) : 0;
      return { kind: 'refused', temporary: error.temporary, mayHaveApplied: error.mayHaveApplied, pause, error, at };
    }
    return { kind: 'unanswered', pause: backoff, error, at };
  }
}
