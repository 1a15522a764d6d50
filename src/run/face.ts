import type { Clock, Env, Log, Masker, Random, TransferProgress } from '../core/ports.js';
import type { CacheEntries } from '../journals/cache-journal.js';
import type { Patience } from '../oci/registry/transport/retry.js';
import type { Spelling } from './settings/inputs.js';

/** The place of a face in the world, and how it speaks to its user. */
export interface World {
  readonly env: Env;
  readonly log: Log;
  readonly masker: Masker;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly progress: TransferProgress;
  readonly spelled: Spelling;
  readonly userAgent: string;
  /** With registries; the usual unless given. */
  readonly patience?: Patience;
}

/** What a face that publishes brings along. */
export interface Face extends World {
  readonly files: FileFinder;
  /** The Actions cache, where a runner has one, for a user with a home folder: the command has none. */
  readonly cache?: CacheEntries | undefined;
}

/** What the input `files` stands for. Paths come as the user knows them, `/` between their parts, sorted. */
export interface FileFinder {
  /** Regular files, and links to some. @throws UsageError if what is named cannot be looked for */
  find(named: readonly string[]): Promise<readonly string[]>;
  /** Files in the folders a little below, for the advice given when nothing was found. */
  deeper(named: readonly string[]): Promise<readonly string[]>;
}
