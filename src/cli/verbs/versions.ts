/** Which versions a specifier beside an image means. */
import type { DocumentReader } from '../../catalog/document-reader.js';
import { findVersions, readVersion } from '../../catalog/find.js';
import { UsageError, UserError } from '../../core/errors.js';
import type { Log } from '../../core/ports.js';
import type { Tag } from '../../oci/reference.js';
import { isPinned, parseSpecifiers, type Specifiers } from '../../python/specifier.js';
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

/**
 * The highest version that fits and is not yanked; of pinned ones, as pip has it, a yanked one as well.
 * @throws UserError if there is none
 */
export async function wantedVersion(
  specifiers: Specifiers,
  found: Pick<Package, 'repository' | 'image' | 'tag' | 'signal'>,
  reader: DocumentReader,
  log: Log,
): Promise<Tag> {
  const { repository, image } = found;
  const tags = await versionsOf(specifiers, found);
  for (const tag of tags) {
    const { yanked } = await readVersion(repository, image, { tag }, reader);
    if (!yanked?.yanked || isPinned(specifiers)) return tag;
    log.info(`${image}:${tag} is yanked${yanked.reason === '' ? '' : `: ${yanked.reason}`}; passed over`);
  }
  throw new UserError(`Cannot find a version of ${image} that fits "${specifiers.text}": all that fit are yanked`, {
    hint: `name one, as in ${image}:${tags[0] ?? '1.0'}, or pin it with ==`,
  });
}
