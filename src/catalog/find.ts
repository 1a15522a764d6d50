/** Finds what a name stands for: a repository with all its tags, or one of them. Reads indexes alone. */
import type { Digest } from '../core/digest.js';
import { UserError } from '../core/errors.js';
import { isTag, type Tag } from '../oci/reference.js';
import type { ReadOptions, Repository } from '../oci/store.js';
import { isVersionTag, repositoryOf, versionOfTag } from '../pyoci/names.js';
import { normalName } from '../python/name.js';
import { ANY_VERSION, matching, type Specifiers } from '../python/specifier.js';
import { parseVersion } from '../python/version.js';
import type { DocumentReader } from './document-reader.js';
import { packageOf, type StoredPackage } from './package.js';
import { type ForeignTag, readTag, type StoredIndex } from './version.js';

/**
 * Everything a repository holds, as its indexes tell: one request for each tag, beside the list of them.
 * @param image the repository as the user knows it: `ghcr.io/owner/name`
 * @throws UserError if it holds no tag at all
 */
export async function readPackage(
  repository: Repository,
  image: string,
  reader: DocumentReader,
): Promise<StoredPackage> {
  const tags = await repository.tags({ signal: reader.signal }).catch((error: unknown) => {
    throw unlisted(error, image);
  });
  if (!tags.length) throw absent(image);
  const held = await Promise.all(tags.map((tag) => (isTag(tag) ? readTag(repository, tag, reader) : illegal(tag))));
  return packageOf(held);
}

/**
 * The tags of the versions that a set of specifiers takes, the highest first: one request, the list of tags.
 * @throws UserError if the set takes none
 */
export async function findVersions(
  repository: Repository,
  image: string,
  specifiers: Specifiers,
  { signal }: ReadOptions,
): Promise<readonly Tag[]> {
  const tags = await repository.tags({ signal }).catch((error: unknown) => {
    throw unlisted(error, image);
  });
  if (!tags.length) throw absent(image);
  const versionOf = (tag: Tag) => parseVersion(versionOfTag(tag));
  const versions = tags.filter((tag): tag is Tag => isTag(tag) && isVersionTag(tag));
  const found = matching(versions, specifiers, versionOf);
  if (found.length) return found;
  const all = matching(versions, ANY_VERSION, versionOf).map(versionOfTag);
  const shown = all.slice(0, MOST_SHOWN).join(', ');
  const more = all.length > MOST_SHOWN ? ` and ${all.length - MOST_SHOWN} more` : '';
  throw new UserError(`Cannot find a version of ${image} that fits "${specifiers.text}"`, {
    hint: all.length
      ? `there are ${shown}${more}`
      : 'it has no version at all; `pyoci-publish show` lists what there is',
  });
}

const MOST_SHOWN = 10;

/**
 * One version, or the files under a tag that is none, as the index tells: one request.
 * @param reference tag, and digest of the index if it is to be no other
 * @throws UserError if there is none, or the tag holds something else
 */
export async function readVersion(
  repository: Repository,
  image: string,
  { tag, digest }: { readonly tag: Tag; readonly digest?: Digest | undefined },
  reader: DocumentReader,
): Promise<StoredIndex> {
  const held = await readTag(repository, tag, reader, digest);
  const name = `${image}:${tag}${digest === undefined ? '' : `@${digest}`}`;
  if (!held) throw absent(name);
  if (held.kind !== 'foreign') return held;
  if (held.error !== undefined) throw held.error;
  throw new UserError(`Cannot read ${name} as a package: ${held.why}`, {
    hint: 'PyOCI keeps each version under a tag of its own; name such a tag, or none to see all there are',
  });
}

function absent(image: string): UserError {
  const [, folder = '', name = '', rest = ''] = /^(.*\/)?([^/:@]+)(.*)$/s.exec(image) ?? [];
  const kept = repositoryOf(normalName(name) ?? name);
  const hint =
    kept === name
      ? 'check the spelling, and that these credentials may read it: many registries say of what they hide that it is not there'
      : `PyOCI keeps this project under another name: ${folder}${kept}${rest}`;
  return new UserError(`Cannot find ${image}: there is nothing under this name`, { hint });
}

/** Where only the list is refused, there is another way. */
function unlisted(error: unknown, image: string): unknown {
  if (!(error instanceof UserError) || !('status' in error)) return error;
  if (![403, 404, 405].includes(Number(error.status))) return error;
  const other = `name one version, as in ${image}:1.0, which needs no list`;
  const hint = error.hint === undefined ? other : `${error.hint}; or ${other}`;
  return new UserError(error.message, { cause: error.cause, hint });
}

/** No registry that keeps to the specification lists such a tag, and none could be asked for it. */
function illegal(tag: string): ForeignTag {
  return { kind: 'foreign', tag, why: 'it is no legal tag' };
}
