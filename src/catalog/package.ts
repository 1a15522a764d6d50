/** A repository in PyOCI's layout: its indexes, sorted by what they mean for readers. Pure. */
import { compareVersions, parseVersion } from '../python/version.js';
import type { ForeignTag, IndexedFile, StoredIndex } from './version.js';

/** @typeParam File what is known of each file */
export interface StoredPackage<File extends IndexedFile = IndexedFile> {
  /** The highest first. */
  readonly versions: readonly StoredIndex<File>[];
  /** Under tags that are no versions; in the order of the tags. */
  readonly unseen: readonly StoredIndex<File>[];
  /** Tags that keep PyOCI from listing the package; versions with an obstacle of their own are among them. */
  readonly foreign: readonly ForeignTag[];
}

/** @param held what each tag holds; `undefined` for one that is gone by now */
export function packageOf<File extends IndexedFile>(
  held: readonly (StoredIndex<File> | ForeignTag | undefined)[],
): StoredPackage<File> {
  const indexes = held.filter((one): one is StoredIndex<File> => one !== undefined && one.kind !== 'foreign');
  return {
    versions: indexes.filter(({ kind }) => kind === 'version').sort(byVersion),
    unseen: indexes.filter(({ kind }) => kind === 'unseen'),
    foreign: held.flatMap((one): readonly ForeignTag[] => {
      if (one?.kind === 'foreign') return [one];
      return one?.obstacle === undefined ? [] : [{ kind: 'foreign', tag: one.tag, why: one.obstacle }];
    }),
  };
}

function byVersion(one: StoredIndex, other: StoredIndex): number {
  const [a, b] = [parseVersion(one.version), parseVersion(other.version)];
  return a && b ? compareVersions(b, a) : 0;
}
