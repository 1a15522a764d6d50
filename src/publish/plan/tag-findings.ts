/** What a repository's tags mean for the readers of a version. Pure: names in, findings out. */
import { beyondListing, isVersionTag, versionOfTag } from '../../pyoci/names.js';
import { trueNames } from '../../pyoci/true-names.js';
import type { Version } from '../../python/version.js';
import { parseVersion } from '../../python/version.js';

export interface TagFindings {
  /** Tags that are no version, by their names. What they mean depends on what they hold: see `readOddTags`. */
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

/**
 * What registries and signing tools make of a digest: `sha256-…`, `sha256-….sig`. No upload of a package makes such a tag.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema
 */
export function isOfDigest(tag: string): boolean {
  return /^sha(?:256|512)-[0-9a-f]{32,}/.test(tag);
}

/**
 * Tags that are no version, in the order in which it is worth while to look into them: first where PyOCI may have filed
 * an upload, last those of digests.
 * @param repository last part of its name
 */
export function inOrderOfLooking(tags: readonly string[], repository: string): readonly string[] {
  const rank = (tag: string): number => {
    if (isOfDigest(tag)) return 2;
    return trueNames(repository, tag, '.tar.gz').length ? 0 : 1;
  };
  return [...tags].sort((one, other) => rank(one) - rank(other));
}
