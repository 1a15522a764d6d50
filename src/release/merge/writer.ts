import type { Digest } from '../../core/digest.js';
import { PublishError } from '../../core/errors.js';
import type { Annotations } from '../../oci/descriptor.js';
import type { Document } from '../../oci/document.js';
import { MissingReferenceError, WriteRefusedError } from '../../oci/errors.js';
import type { Tag } from '../../oci/reference.js';
import type { InTurn, Repository } from '../../oci/store.js';
import type { Ports } from '../../publish/job.js';
import { entriesOf, type FileEntry, withEntries } from '../../pyoci/version-index.js';
import type { Claim, Journal } from './journal.js';
import { hurried, isLastStep, UnconfirmedError } from './last-steps.js';
import {
  type Action,
  advance,
  type Event,
  type MergeRules,
  type MergeState,
  next,
  SETTLE,
  startMerge,
} from './merge.js';
import type { Dispute } from './union.js';

export interface VersionWriter {
  readonly repository: Repository;
  readonly tag: Tag;
  /** For messages: `ghcr.io/owner/name:1.0`. */
  readonly image: string;
  /** For an index that does not exist yet, and for what an existing one lacks. */
  readonly annotations: Annotations;
  readonly journal: Journal | undefined;
  readonly rules: MergeRules;
  /** Whether an image manifest that a record names is really there; asked once per digest. */
  readonly isStored: (manifest: Digest) => Promise<boolean>;
  /** Pushes my image manifests once more, blobs and all: a store can lose what it has accepted. */
  readonly restore: () => Promise<void>;
  /** Runs a look at the tag, and the write that follows it, when it is their turn; at once unless given. */
  readonly inTurn?: InTurn | undefined;
  readonly ports: Pick<Ports, 'clock' | 'random' | 'log' | 'signal'>;
}

/** How the merge ended: the index as it was last read, and what a user should know of the way there. */
export interface Merged {
  readonly document: Document;
  readonly entries: readonly FileEntry[];
  /** Files of mine that others had published with other bytes meanwhile (`if-exists: skip`). */
  readonly skipped: readonly Dispute[];
  readonly state: MergeState;
  /** Told to stop before the index had held still: it stands as it was read last, but was not watched. */
  readonly hurried: boolean;
}

/** Bounds of one merge: a release of 72 legs on a slow registry stays well below them. */
export const BOUNDS = { longest: 15 * 60_000, mostRounds: 2_000 };

/** Milliseconds before the first new try after a failed write; doubles with each. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 15_000;

/**
 * Carries out the loop of `merge.ts` on a store: brings `claims` into the index under the tag, with one write on a quiet
 * registry, and leaves only when they stand there together with everybody else's.
 * @throws PublishError if another publisher has other bytes for one of my files, if the store refuses the index for
 * good, or if the loop reaches a bound; the signal's reason if it was told to stop and nothing is listed;
 * UnconfirmedError if that could not be seen
 */
export async function writeVersion(writer: VersionWriter, claims: readonly Claim[]): Promise<Merged> {
  const { clock, signal } = writer.ports;
  const { inTurn = atOnce } = writer;
  let state = startMerge(claims, writer.rules, clock.now());
  let document: Document | undefined;
  let unread = false;
  for (;;) {
    const stopping = signal.aborted;
    if (stopping) state = hurried(state, unread);
    const action = next(state, clock.now());
    if (stopping && !isLastStep(action, state, unread)) {
      throw state.doubtful ? new UnconfirmedError(writer.image) : signal.reason;
    }
    try {
      switch (action.kind) {
        case 'done':
          if (!document || !state.tag) throw new Error('the merge ended without a reading of the tag');
          return { document, entries: state.tag.entries, skipped: state.skipped, state, hurried: stopping };
        case 'disputed':
          throw disputed(writer, state.disputes);
        case 'refused':
          throw refused(writer, state.refusal);
        case 'exhausted':
          throw exhausted(writer, state);
        case 'read-tag': {
          const sent = await inTurn(async () => {
            const sentAt = clock.now();
            // A last look is not for `signal` to end; the store itself ends it when there is no more time.
            document = await writer.repository.getManifest(writer.tag, stopping ? {} : { signal });
            const entries = document ? entriesOf(document, writer.image) : [];
            const reading = { digest: document?.descriptor.digest, entries, sentAt, answeredAt: clock.now() };
            state = advance(state, { kind: 'tag', reading });
            unread = false;
            // In the same turn: what was read would grow old while waiting for another one.
            const then = next(state, clock.now());
            return then.kind === 'write' && !signal.aborted ? send(writer, then.entries, document, state) : undefined;
          });
          if (!sent) break;
          state = advance(state, await outcomeOf(writer, sent, state));
          unread = true;
          break;
        }
        case 'write':
          state = advance(state, await outcomeOf(writer, await send(writer, action.entries, document, state), state));
          unread = true;
          break;
        default:
          state = advance(state, await act(writer, action, state));
      }
    } catch (error) {
      if (stopping && unread) throw new UnconfirmedError(writer.image);
      if (stopping || !signal.aborted) throw error;
      // Told to stop meanwhile: the next round knows what is owed still.
    }
  }
}

async function act(
  writer: VersionWriter,
  action: Extract<Action, { kind: 'read-journal' | 'wait' }>,
  state: MergeState,
): Promise<Event> {
  const { clock, signal } = writer.ports;
  if (action.kind === 'read-journal') return readJournal(writer, state);
  await clock.sleep(action.milliseconds, signal);
  return { kind: 'woke' };
}

const atOnce: InTurn = (work) => work();

type Sent = { readonly digest: Digest } | { readonly error: unknown };

/** @throws the signal's reason if it came in time, so that nothing was sent */
async function send(
  writer: VersionWriter,
  entries: readonly FileEntry[],
  standing: Document | undefined,
  state: MergeState,
): Promise<Sent> {
  const { clock, signal } = writer.ports;
  const document = withEntries(standing, entries, writer.annotations);
  try {
    const repeatUntil = (state.tag?.sentAt ?? clock.now()) + SETTLE / 2;
    // `signal` ends only what has not been sent; and what is owed by one who was told to stop, it must not end.
    await writer.repository.putTag(writer.tag, document, signal.aborted ? { repeatUntil } : { signal, repeatUntil });
    return { digest: document.descriptor.digest };
  } catch (error) {
    if (signal.aborted && error === signal.reason) throw error;
    return { error };
  }
}

async function outcomeOf(writer: VersionWriter, sent: Sent, state: MergeState): Promise<Event> {
  if ('error' in sent) return failedWrite(writer, sent.error, state);
  return { kind: 'written', digest: sent.digest, at: writer.ports.clock.now() };
}

async function readJournal(writer: VersionWriter, { mine, tag }: MergeState): Promise<Event> {
  const { journal, ports, inTurn = atOnce } = writer;
  if (!journal) return { kind: 'journal-lost' };
  try {
    const claims = await inTurn(() => journal.read());
    const standing = [...mine.map((claim) => claim.entry), ...(tag?.entries ?? [])];
    const known = new Set(standing.map((entry) => entry.descriptor.digest));
    const present = await Promise.all(
      claims.map(({ entry: { descriptor } }) => known.has(descriptor.digest) || writer.isStored(descriptor.digest)),
    );
    return { kind: 'journal', claims: claims.filter((_, index) => present[index]) };
  } catch (error) {
    ports.signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    ports.log.warning(
      `${writer.image}: ${journal.label} can no longer be read, so this version is now protected by timing only: ${why}`,
    );
    return { kind: 'journal-lost' };
  }
}

/** A write is never sent again as it was: whatever came back, the next step is to read. */
async function failedWrite(writer: VersionWriter, error: unknown, state: MergeState): Promise<Event> {
  const { clock, random, log } = writer.ports;
  log.info(
    `${writer.image}: writing the index did not succeed, reading it again: ${error instanceof Error ? error.message : String(error)}`,
  );
  const backoff = Math.min(FIRST_PAUSE * 2 ** state.failures, LONGEST_PAUSE) * (0.5 + random() / 2);
  const at = clock.now();
  if (error instanceof MissingReferenceError) {
    const mine = new Set<string>(state.mine.map((claim) => claim.entry.descriptor.digest));
    const curable = error.missing.length === 0 || error.missing.some((digest) => mine.has(digest));
    if (curable) await writer.restore();
    return { kind: 'refused', temporary: curable, mayHaveApplied: false, pause: curable ? backoff : 0, error, at };
  }
  if (error instanceof WriteRefusedError) {
    const pause = error.temporary ? Math.max(backoff, error.retryAfter ?? 0) : 0;
    return { kind: 'refused', temporary: error.temporary, mayHaveApplied: error.mayHaveApplied, pause, error, at };
  }
  return { kind: 'unanswered', pause: backoff, error, at };
}

function disputed(writer: VersionWriter, disputes: readonly Dispute[]): PublishError {
  const lines = disputes.map(({ mine, theirs }) => {
    const { architecture, sha256 } = mine.entry;
    return `${architecture} has sha256:${sha256} here, and another publisher of this version has sha256:${theirs.sha256 ?? 'unknown'}`;
  });
  return new PublishError(`Cannot publish to ${writer.image}: ${lines.join('; ')}`, {
    hint: 'two jobs built the same file with different bytes; let only one of them publish it, or make the build reproducible (SOURCE_DATE_EPOCH)',
  });
}

function refused(writer: VersionWriter, cause: unknown): PublishError {
  if (cause instanceof MissingReferenceError) {
    const named = cause.missing.length ? `: ${cause.missing.join(', ')}` : '';
    return new PublishError(
      `Cannot publish to ${writer.image}: the registry refuses the index, because something it lists is no longer there${named}`,
      {
        cause,
        hint: 'a clean-up has probably deleted untagged image manifests that this version still lists; publish the files they stood for again, or delete the tag and publish the whole version',
      },
    );
  }
  return cause instanceof PublishError
    ? cause
    : new PublishError(`Cannot publish to ${writer.image}: the index could not be written`, { cause });
}

function exhausted(writer: VersionWriter, state: MergeState): PublishError {
  const why = state.refusal === undefined ? 'others kept changing it' : 'and the last write of it failed';
  return new PublishError(
    `Cannot publish to ${writer.image}: its index did not come to rest in ${state.rounds} readings, ${why}`,
    { cause: state.refusal, hint: 'run this job again; what is uploaded already is not sent twice' },
  );
}
