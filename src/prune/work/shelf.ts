import type { Digest } from '../../core/digest.js';
import type { Tag } from '../../oci/reference.js';
import type { ReadOptions, Repository } from '../../oci/store.js';

/** A repository as pruning sees it: what it knows of its manifests, and how they go. */
export interface Shelf {
  readonly repository: Repository;
  /**
   * What the registry itself says of all its manifests, tagged or not; absent where it does not say. Asked anew each time.
   * @throws UserError if no two readings agree
   */
  list?(options: ReadOptions): Promise<readonly Listed[]>;
  /** Manifests that nothing points at, where they can be told and `list` does not tell. */
  orphans?(options: ReadOptions): Promise<readonly { readonly digest: Digest; readonly since: number }[]>;
  /**
   * Deletes a manifest with every tag that points at it.
   * @throws NotDeletedError if this one stays, whatever becomes of others; anything else stands for all of them
   */
  delete(digest: Digest, options: ReadOptions): Promise<'deleted' | 'absent'>;
  /** Deletes a tag that is left although what it pointed at was deleted. */
  deleteTag?(tag: Tag, options: ReadOptions): Promise<unknown>;
  /**
   * Whether a run writes down in the repository what it is about to delete, so that the next one can finish it: where
   * nobody could find an untagged manifest otherwise.
   */
  readonly takesNotes: boolean;
  /** The command that brings a deleted manifest back, with `ID` for its id. */
  readonly restore?: string;
}

/** One manifest or index, as a registry lists it. */
export interface Listed {
  readonly digest: Digest;
  /** What the registry calls it, to have it back. */
  readonly id: number;
  readonly tags: readonly string[];
  /** Milliseconds since the epoch, by the registry's clock: the last change. */
  readonly changed: number;
  /** The same, when it came. */
  readonly created: number;
}
