import { type Digest, digestOf, hexOf } from '../../../src/core/digest.js';
import { ATTACHMENT_OF, ATTACHMENT_TYPE } from '../../../src/pyoci/layout.js';
import type { IndexEntry } from '../../../src/pyoci/version-index.js';
import { type Yanked, yankedAnnotation, yankedIn } from '../../../src/pyoci/yanking/yanked.js';
import type { Claim } from '../../../src/release/merge/journal.js';
import type { MergeState, Move } from '../../../src/release/merge/merge-state.js';

/** Who publishes what beside whom, and what may go wrong. */
export interface Scenario {
  readonly publishers: readonly Publisher[];
  /** What the tag holds at the start. */
  readonly standing?: readonly IndexEntry[];
  /** Whether there is a journal; there is one unless this is `false`. */
  readonly journaled?: boolean;
  /** Writes may be answered with an error, applied or not. */
  readonly errors?: boolean;
  /** Once for each publisher a write may stay unanswered and be applied at any later time. */
  readonly late?: boolean;
  /** A weakened loop: what `next` says is passed through it. */
  readonly weaken?: (action: Move, state: MergeState) => Move;
  /** Lets time pass; without it everything happens at one moment and nobody settles. */
  readonly time?: Time;
}

export interface Time {
  /** Milliseconds of one tick. */
  readonly tick: number;
  /** The longest time from sending a read of the tag to the answer of the write that follows, in ticks; one a publisher. */
  readonly slowest: readonly number[];
}

export interface Publisher {
  readonly name: string;
  readonly claims: readonly Claim[];
  /** May die before any of its steps and is run again then, as a later attempt. */
  readonly mortal?: boolean;
  /** A later attempt of the leg of this name, whose first attempt still goes on: its runner was given up too early. */
  readonly again?: boolean;
  /** What the later attempt publishes, where a build does not give the same bytes twice. */
  readonly rebuilt?: readonly Claim[];
  /** Of another run, or another program that settles: it has no part in the journal. */
  readonly outsider?: boolean;
  /** `if-exists: skip`. */
  readonly skips?: boolean;
  /** What it says of the version. */
  readonly word?: Yanked;
}

const WORD = '(word)';

/** What a tag says of its version, in the form of an entry, so that contents stay lists. */
export function wordEntry(word: Yanked): IndexEntry {
  const annotations = yankedAnnotation(word);
  const digest = digestOf(Buffer.from(JSON.stringify(annotations)));
  return { architecture: WORD, sha256: undefined, descriptor: { mediaType: 'm', digest, size: 1, annotations } };
}

/** The files and attachments of a content, and what it says of its version. */
export function split(content: readonly IndexEntry[]): {
  readonly entries: readonly IndexEntry[];
  readonly word: Yanked | undefined;
} {
  const word = content.find(({ architecture }) => architecture === WORD);
  return {
    entries: content.filter((entry) => entry !== word),
    word: word && yankedIn(word.descriptor),
  };
}

/** @param at when it is said; of two words the later one counts */
export function says(name: string, yanked: boolean, at: number): Publisher {
  return { name, claims: [], word: { yanked, reason: '', at, id: name } };
}

/** A file by architecture and content; its manifest has a digest of its own. */
export function file(architecture: string, content = architecture): IndexEntry {
  const digest: Digest = digestOf(Buffer.from(`manifest of ${architecture} ${content}`));
  const descriptor = { mediaType: 'm', digest, size: 1, platform: { architecture, os: 'any' } };
  return { architecture, sha256: hexOf(digestOf(Buffer.from(content))), descriptor };
}

/** An attachment of a file; its bytes follow from its content. */
export function attachment(of: IndexEntry, content = 'signed'): IndexEntry {
  const architecture = `-${of.architecture}.sig`;
  const { sha256, descriptor } = file(architecture, `${content} ${of.sha256}`);
  const annotations = { [ATTACHMENT_TYPE]: 'signature', [ATTACHMENT_OF]: `sha256:${of.sha256}` };
  return { architecture, sha256, descriptor: { ...descriptor, annotations } };
}

export function adds(name: string, entry: IndexEntry = file(name)): Publisher {
  return { name, claims: [{ entry, replaces: undefined }] };
}

/** Publishes a file, and attachments of it or of others. */
export function attaches(name: string, ...entries: readonly IndexEntry[]): Publisher {
  return { name, claims: entries.map((entry) => ({ entry, replaces: undefined })) };
}

export function replaces(name: string, entry: IndexEntry, old: IndexEntry): Publisher {
  return { name, claims: [{ entry, replaces: { sha256: old.sha256, manifest: old.descriptor.digest } }] };
}
