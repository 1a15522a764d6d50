/** Which versions a specifier beside an image means. */
import type { DocumentReader } from '../../catalog/document-reader.js';
import { findVersions, readVersion } from '../../catalog/find.js';
import type { StoredIndex } from '../../catalog/version.js';
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
 * @param serves whether a version has what is wanted of it
 * @throws UserError if there is none
 */
export async function wantedVersion(
  specifiers: Specifiers,
  found: Pick<Package, 'repository' | 'image' | 'tag' | 'signal'>,
  reader: DocumentReader,
  log: Log,
  serves: (index: StoredIndex) => boolean = () => true,
): Promise<Tag> {
  const { repository, image } = found;
  const tags = await versionsOf(specifiers, found);
  const why: string[] = [];
  for (const tag of tags) {
    const index = await readVersion(repository, image, { tag }, reader);
    const { yanked } = index;
    const withdrawn = yanked?.yanked === true && !isPinned(specifiers);
    if (!withdrawn && serves(index)) return tag;
    const reason = withdrawn
      ? `is yanked${yanked.reason === '' ? '' : `: ${yanked.reason}`}`
      : 'has no file for this Python';
    log.info(`${image}:${tag} ${reason}; passed over`);
    why.push(withdrawn ? 'yanked' : 'without a file for this Python');
  }
  throw new UserError(
    `Cannot find a version of ${image} that fits "${specifiers.text}": all that fit are ${[...new Set(why)].join(' or ')}`,
    { hint: `name one, as in ${image}:${tags[0] ?? '1.0'}${why.includes('yanked') ? ', or pin it with ==' : ''}` },
  );
}
