import { PublishError } from '../core/errors.js';
import { isTag, type Tag } from '../oci/reference.js';
import type { Repository } from '../oci/store.js';
import { repositoryOf } from '../pyoci/names.js';
import { normalName } from '../python/name.js';
import { compareVersions, parseVersion } from '../python/version.js';
import type { DocumentReader } from './document-reader.js';
import { type ForeignTag, type Held, readTag, type StoredVersion, type UnseenFiles } from './stored-version.js';

/** A repository in PyOCI's layout. */
export interface StoredPackage {
  /** The highest first. */
  readonly versions: readonly StoredVersion[];
  /** Under tags that are no versions; in the order of the tags. */
  readonly unseen: readonly UnseenFiles[];
  /** Tags that keep PyOCI from listing the package; versions with an obstacle of their own are among them. */
  readonly foreign: readonly ForeignTag[];
}

/**
 * Everything a repository holds.
 * @param image the repository as the user knows it: `ghcr.io/owner/name`
 * @throws PublishError if it holds no tag at all
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
  const contents = await Promise.all(tags.map((tag) => (isTag(tag) ? readTag(repository, tag, reader) : illegal(tag))));
  return packageOf(contents);
}

/** Sorts what tags hold by what it means for readers. */
export function packageOf(contents: readonly (Held | undefined)[]): StoredPackage {
  return {
    versions: contents.filter((held) => held?.kind === 'version').sort(byVersion),
    unseen: contents.filter((held) => held?.kind === 'unseen'),
    foreign: contents.flatMap((held): readonly ForeignTag[] => {
      if (held?.kind === 'foreign') return [held];
      return held?.obstacle === undefined ? [] : [{ kind: 'foreign', tag: held.tag, why: held.obstacle }];
    }),
  };
}

/**
 * One version, or the files under a tag that is none.
 * @param place tag, and digest of the index if it is to be no other
 * @throws PublishError if there is none, or the tag holds something else
 */
export async function readVersion(
  repository: Repository,
  image: string,
  { tag, digest }: { readonly tag: Tag; readonly digest?: Parameters<typeof readTag>[3] },
  reader: DocumentReader,
): Promise<StoredVersion | UnseenFiles> {
  const held = await readTag(repository, tag, reader, digest);
  const name = `${image}:${tag}${digest === undefined ? '' : `@${digest}`}`;
  if (!held) throw absent(name);
  if (held.kind !== 'foreign') return held;
  if (held.error !== undefined) throw held.error;
  throw new PublishError(`Cannot read ${name} as a package: ${held.why}`, {
    hint: 'PyOCI keeps each version under a tag of its own; name such a tag, or none to see all there are',
  });
}

function absent(image: string): PublishError {
  const [, folder = '', name = '', rest = ''] = /^(.*\/)?([^/:@]+)(.*)$/s.exec(image) ?? [];
  const kept = repositoryOf(normalName(name) ?? name);
  const hint =
    kept === name
      ? 'check the spelling, and that these credentials may read it: many registries say of what they hide that it is not there'
      : `PyOCI keeps this project under another name: ${folder}${kept}${rest}`;
  return new PublishError(`Cannot find ${image}: there is nothing under this name`, { hint });
}

/** Where only the list is refused, there is another way. */
function unlisted(error: unknown, image: string): unknown {
  if (!(error instanceof PublishError) || !('status' in error)) return error;
  if (![403, 404, 405].includes(Number(error.status))) return error;
  const other = `name one version, as in ${image}:1.0, which needs no list`;
  const hint = error.hint === undefined ? other : `${error.hint}; or ${other}`;
  return new PublishError(error.message, { cause: error.cause, hint });
}

/** No registry that keeps to the specification lists such a tag, and none could be asked for it. */
function illegal(tag: string): ForeignTag {
  return { kind: 'foreign', tag, why: 'it is no legal tag' };
}

function byVersion(one: StoredVersion, other: StoredVersion): number {
  const [a, b] = [parseVersion(one.version), parseVersion(other.version)];
  return a && b ? compareVersions(b, a) : 0;
}
