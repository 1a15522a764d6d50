/** What a repository's tags mean for the readers of a version. Pure: names in, findings out. */
import { beyondListing, isVersionTag, versionOfTag } from '../pyoci/names.js';
import type { Version } from '../python/version.js';
import { parseVersion } from '../python/version.js';

export interface TagFindings {
  /** Tags that are no version: PyOCI cannot list the package while they are there. */
  readonly foreign: readonly string[];
  /** A tag of an equal version in another spelling (`1.0` beside `1.0.0`). */
  readonly twin: string | undefined;
  /** PyOCI shows 100 versions by default, in reverse string order of the tags; this one is not among them. */
  readonly beyond: boolean;
}

export function studyTags(tags: readonly string[], tag: string, version: Version): TagFindings {
  const foreign = tags.filter((candidate) => !isVersionTag(candidate));
  const twin = tags.find(
    (candidate) =>
      candidate !== tag && isVersionTag(candidate) && parseVersion(versionOfTag(candidate))?.key === version.key,
  );
  return { foreign, twin, beyond: beyondListing(tag, tags) };
}
