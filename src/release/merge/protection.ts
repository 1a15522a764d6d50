/** Opens the journal of a version, sets the rules of its merge, and puts into words what protected it. */
import { messageOf } from '../../core/errors.js';
import type { Random } from '../../core/ports.js';
import { atOnce } from '../../oci/transfer.js';
import type { Claim, Journal, OpenJournal } from './journal.js';
import { type MergeRules, SETTLE } from './merge-state.js';
import { takingTurns } from './turns.js';
import type { Guard, TaggedVersion, WriterPorts, Written } from './writer.js';

/** What protects the versions of a run against other writers. Decided once, when the run begins. */
export type Protection =
  /** A folder: its `index.json` changes under a lock, and one job at a time publishes into it. */
  | { readonly kind: 'lock' }
  /** One look after the write; publishers at the same moment are not waited for. */
  | { readonly kind: 'read-back' }
  /** The index must hold still; publishers of one run meet in a journal, where the registry has a place for one. */
  | {
      readonly kind: 'settle';
      readonly openJournal: OpenJournal | undefined;
      /** A later attempt of a job: an earlier one may have died in the middle. */
      readonly rerun: boolean;
    };

/** Bounds of one merge: a release of 72 legs on a slow registry stays well below them. */
const BOUNDS = { longest: 15 * 60_000, mostRounds: 2_000 };

/**
 * Opens the journal of a version and leaves word there of `claims`, before the tag is read to be written. A journal that
 * fails this publisher is left, and that is said by `warn`.
 * @throws the signal's reason
 */
export async function guardVersion(
  { repository, tag, image }: TaggedVersion,
  claims: readonly Claim[],
  protection: Protection,
  skipTaken: boolean,
  { random, signal, inTurn = atOnce }: Pick<WriterPorts, 'random' | 'signal' | 'inTurn'>,
  warn: (message: string) => void,
): Promise<Guard> {
  if (protection.kind !== 'settle') return { journal: undefined, rules: { ...rulesOf(0), skipTaken } };
  let journal: Journal | undefined;
  try {
    journal = await protection.openJournal?.(takingTurns(repository, inTurn), tag);
    await journal?.append(claims);
  } catch (error) {
    signal.throwIfAborted();
    journal = undefined;
    warn(`${image}: this version is protected by timing only, its journal failed: ${messageOf(error)}`);
  }
  return { journal, rules: { ...rulesOf(settleTime(random), journal), skipTaken } };
}

/** Rules of a merge whose tag must hold still for `hold` milliseconds. */
export function rulesOf(hold: number, journal?: Journal): MergeRules {
  return {
    hold,
    journaled: journal !== undefined,
    skipTaken: false,
    patience: hold > 0 ? BOUNDS.longest : 0,
    ...BOUNDS,
  };
}

/** How long a tag must hold still, in milliseconds: at least the settle time, and not the same for all. */
export function settleTime(random: Random): number {
  return SETTLE * (1 + random() / 2);
}

/** One sentence for the log and the summary. */
export function protectionText(protection: Protection, { watched, journal }: Written): string {
  if (!watched) return UNWATCHED;
  if (protection.kind === 'lock') return 'the folder was read back once: let one job at a time publish into it';
  if (protection.kind === 'read-back') {
    return 'the index was read back once; publishers at the same moment were not waited for';
  }
  const still = 'protected by timing: the index held still for two seconds after the last change';
  if (!journal) return still;
  return journal.complete
    ? `publishers of this run agree through ${journal.label}; against all others timing protects`
    : `${still}; ${journal.label} told of other jobs as far as it could`;
}

/** Of a publisher that was told to stop as soon as its files stood in the index. */
const UNWATCHED =
  'stopped before the index had held still; if others published this version at that moment, run again to see that all is there';

/** What to warn of after a merge; `undefined` if nothing is in doubt. */
export function doubtText(image: string, { doubtful, journal }: Written): string | undefined {
  if (!doubtful) return undefined;
  const others = journal?.complete === true ? 'a publisher outside this run' : 'another publisher';
  return `${image}: writing the index took longer than publishers wait for each other, or got no answer; if ${others} added files at that moment they may be gone: compare the list in the summary, and run that publisher again if one is missing`;
}
