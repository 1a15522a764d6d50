import type { Lane } from '../../core/lane.js';
import { isUnreadable } from '../../oci/errors.js';
import { isTag } from '../../oci/reference.js';
import type { ReadOptions, Repository } from '../../oci/store.js';
import { obstacleIn } from '../../pyoci/oddities.js';
import { trueNames } from '../../pyoci/true-names.js';
import { entriesOf, isFile, isPackageIndex } from '../../pyoci/version-index.js';
import { inOrderOfLooking, isOfDigest } from './tag-findings.js';

/** Tags that are no versions, by what they hold. */
export interface OddTags {
  /** PyOCI cannot list the package while they are there. Those of digests are such, looked into or not. */
  readonly foreign: readonly string[];
  /** PyOCI lists their files and installers pass over them: uploads whose names PyOCI has cut. */
  readonly misfiled: readonly MisfiledTag[];
  /** The same with files of another origin, such as a version with a second tag. */
  readonly passedOver: readonly string[];
  /** Nobody knows what these hold. */
  readonly unread: readonly string[];
}

export interface MisfiledTag {
  readonly tag: string;
  /** Likeliest names of its files, at least one. */
  readonly filenames: readonly string[];
}

/** Tags of one repository that are looked into. A repository of signatures may have thousands. */
export const MOST_LOOKS = 16;

/**
 * Looks into tags that are no versions; those that are gone by then are left out. A refusal is no error.
 * @param asking where these requests take their turn
 */
export async function readOddTags(
  repository: Repository,
  odd: readonly string[],
  asking: Lane,
  options: ReadOptions,
): Promise<OddTags> {
  const name = repository.name.split('/').at(-1) ?? '';
  const ordered = inOrderOfLooking(odd, name);
  const looked = await Promise.all(
    ordered.slice(0, MOST_LOOKS).map((tag) => asking.run(() => readOddTag(repository, name, tag, options))),
  );
  const rest = ordered.slice(MOST_LOOKS);
  const tagsOf = (kind: OddTag['kind']) => looked.flatMap((one) => (one?.kind === kind ? [one.tag] : []));
  return {
    foreign: [...tagsOf('foreign'), ...rest.filter(isOfDigest)],
    misfiled: looked.filter((one) => one?.kind === 'misfiled'),
    passedOver: tagsOf('passed-over'),
    unread: [...tagsOf('unread'), ...rest.filter((tag) => !isOfDigest(tag))],
  };
}

type OddTag =
  | { readonly kind: 'foreign' | 'passed-over' | 'unread'; readonly tag: string }
  | ({ readonly kind: 'misfiled' } & MisfiledTag);

async function readOddTag(
  repository: Repository,
  name: string,
  tag: string,
  options: ReadOptions,
): Promise<OddTag | undefined> {
  if (!isTag(tag)) return { kind: 'foreign', tag };
  try {
    const document = await repository.getManifest(tag, options);
    if (!document) return undefined;
    if (!isPackageIndex(document) || obstacleIn(document) !== undefined) return { kind: 'foreign', tag };
    const filenames = entriesOf(document)
      .filter(isFile)
      .flatMap(({ architecture }) =>
        trueNames(name, tag, architecture)
          .slice(0, 1)
          .map(({ filename }) => filename),
      );
    return filenames.length ? { kind: 'misfiled', tag, filenames } : { kind: 'passed-over', tag };
  } catch (error) {
    options.signal?.throwIfAborted();
    return { kind: isUnreadable(error) ? 'foreign' : 'unread', tag };
  }
}
