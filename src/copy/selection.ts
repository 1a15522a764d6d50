/** Which versions of a package are meant: by specifier, kind and age. Pure. */
import { ANY_VERSION, isPreRelease, matching, type Specifiers } from '../python/specifier.js';
import { parseVersion } from '../python/version.js';

/** What a user chose; everything unless something is chosen. */
export interface Selection {
  readonly specifiers: Specifiers | undefined;
  /** Pre-releases are taken wherever the specifiers take them, not by pip's rule alone. */
  readonly preReleases: boolean;
  readonly onlyFinals: boolean;
  /** Milliseconds since the epoch: versions whose newest entry is older are left out. */
  readonly since: number | undefined;
}

/**
 * Those of `candidates` that specifiers and kinds take, the highest first. Without specifiers that is every version.
 * @param versionOf what a candidate is a version of, as text; candidates that are none are never taken
 */
export function selected<T>(
  candidates: readonly T[],
  { specifiers, preReleases, onlyFinals }: Selection,
  versionOf: (candidate: T) => string,
): readonly T[] {
  const parsed = (candidate: T) => parseVersion(versionOf(candidate));
  const every = preReleases || specifiers === undefined;
  const found = matching(candidates, specifiers ?? ANY_VERSION, parsed, every ? 'as others' : 'as pip');
  return onlyFinals ? found.filter((candidate) => !isPre(parsed(candidate))) : found;
}

/** @param created RFC 3339, of each entry that says; a version that never says is taken */
export function isRecent(created: readonly string[], { since }: Pick<Selection, 'since'>): boolean {
  const times = created.map((text) => Date.parse(text)).filter((time) => !Number.isNaN(time));
  return since === undefined || !times.length || Math.max(...times) >= since;
}

function isPre(version: ReturnType<typeof parseVersion>): boolean {
  return version !== undefined && isPreRelease(version);
}
