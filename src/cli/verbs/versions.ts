/** Which versions a specifier beside an image means. */
import { findVersions } from '../../catalog/find.js';
import { UsageError } from '../../core/errors.js';
import type { Tag } from '../../oci/reference.js';
import { parseSpecifiers, type Specifiers } from '../../python/specifier.js';
import type { Package } from '../../run/open-repository.js';
import type { ReadingLine } from '../reading.js';

export interface SpecifiedLine extends ReadingLine {
  /** Which versions are meant; `undefined` if the image says, or all are. */
  readonly specifiers: Specifiers | undefined;
}

/** @throws UsageError if what stands beside the image is no specifier */
export function specified<L extends ReadingLine>(line: L): L & SpecifiedLine {
  return { ...line, specifiers: line.versions === undefined ? undefined : parseSpecifiers(line.versions) };
}

/**
 * Their tags, the highest first.
 * @throws UsageError if the image names a version itself; UserError if none fits
 */
export async function versionsOf(
  specifiers: Specifiers,
  { repository, image, tag, signal }: Pick<Package, 'repository' | 'image' | 'tag' | 'signal'>,
): Promise<readonly Tag[]> {
  if (tag === undefined) return findVersions(repository, image, specifiers, { signal });
  throw new UsageError(`Cannot look for "${specifiers.text}": ${image}:${tag} names a version already`, {
    hint: 'leave out the tag, or the specifier',
  });
}
