import type { CacheEntries } from '../journals/cache-journal.js';
import type { PUBLISH_INPUTS, Spelling } from './settings/inputs.js';
import type { World } from './world.js';

/** What a face that publishes brings along. */
export interface Face extends World {
  readonly spelled: Spelling<typeof PUBLISH_INPUTS>;
  readonly files: FileFinder;
  /** The Actions cache, where a runner has one, for a user with a home folder: the command has none. */
  readonly cache?: CacheEntries | undefined;
}

/** What the input `files` stands for. Paths come as the user knows them, `/` between their parts, sorted. */
export interface FileFinder {
  /** Regular files, and links to some. @throws UsageError if what is named cannot be looked for */
  find(named: readonly string[]): Promise<readonly string[]>;
  /**
   * What one line of the input `attach` names, in the same form; none if nothing is there.
   * @throws UsageError as `find` does
   */
  attached(named: string): Promise<readonly string[]>;
  /** Files in the folders a little below, for the advice given when nothing was found. */
  deeper(named: readonly string[]): Promise<readonly string[]>;
}
