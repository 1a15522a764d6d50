import type { Tag } from '../../oci/reference.js';
import type { Repository } from '../../oci/store.js';
import type { IndexEntry } from '../../pyoci/version-index.js';

/** A publisher's word that it has pushed a file and wants it listed, and what stood in its place that must give way. */
export interface Claim {
  readonly entry: IndexEntry;
  readonly replaces: Replaced | undefined;
  /** Who says so, as the record tells; my own claims need none. */
  readonly author?: Author | undefined;
}

/** One leg of a run. A re-run of it is another attempt of the same leg. */
export interface Author {
  /** The same in every attempt, and different for every leg: `build/3`. */
  readonly leg: string;
  /** Counted from 1. */
  readonly attempt: number;
}

/** An entry of the tag that was read before the uploads and is to be replaced. */
export interface Replaced {
  readonly sha256: string | undefined;
  /** Digest of its image manifest. */
  readonly manifest: string;
}

/**
 * Where publishers of one version, of one run, tell each other what they have pushed. Append-only. Records of other
 * runs and tags never come out of `read`.
 */
export interface Journal {
  /** For the log: "the registry's referrers". */
  readonly label: string;
  /** Whether a file that no record names was announced by nobody. A journal that may miss records only ever adds. */
  readonly complete: boolean;
  /** @throws if the journal cannot be trusted: it must give back at once what was just appended */
  append(claims: readonly Claim[]): Promise<void>;
  /** The claims of every record, my own included. */
  read(): Promise<readonly Claim[]>;
}

/**
 * Chooses the journal for a version by the kind of registry, never by a publisher's luck; `undefined` if it has none.
 * @throws if the registry cannot be asked
 */
export type OpenJournal = (repository: Repository, tag: Tag) => Promise<Journal | undefined>;
