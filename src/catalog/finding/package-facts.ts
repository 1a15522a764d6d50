/** What one package is found by: its newest version, as the list of tags and one or two documents tell. */
import { type Annotations, annotationsOf } from '../../oci/descriptor.js';
import { isTag, type Tag } from '../../oci/reference.js';
import type { Repository } from '../../oci/store.js';
import { entryFacts } from '../../pyoci/entry-facts.js';
import { ANNOTATION } from '../../pyoci/layout.js';
import { isVersionTag, versionOfTag } from '../../pyoci/names.js';
import { ANY_VERSION, matching } from '../../python/specifier.js';
import { parseVersion } from '../../python/version.js';
import { contentOf } from '../contents.js';
import type { DocumentReader } from '../document-reader.js';
import { readTag, type StoredIndex } from '../version.js';

export interface PackageFacts {
  /** Of its repository: `octo-org/my_package`. */
  readonly repository: string;
  /** How many tags are versions. */
  readonly versions: number;
  /** The newest that installers take: the highest final one that is not yanked, or else the highest one. */
  readonly version: string;
  readonly tag: string;
  /** Names that its files are served under. */
  readonly files: readonly string[];
  /** Bytes of all its files; `undefined` where its index does not say. */
  readonly size: number | undefined;
  /** RFC 3339, the latest that its entries say. */
  readonly created: string | undefined;
  readonly yanked: boolean;
  /** Annotations of its index, and those of its first file where they were asked for. */
  readonly annotations: Annotations;
}

/**
 * Two requests a package, one more for labels, and one for each version that is yanked.
 * @param labels whether the manifest of the first file is read: labels stand there
 * @returns `undefined` for a repository that holds no package of PyOCI's
 */
export async function packageFacts(
  repository: Repository,
  reader: DocumentReader,
  labels: boolean,
): Promise<PackageFacts | undefined> {
  const tags = await reader.inTurn(() => repository.tags({ signal: reader.signal }));
  const versions = tags.filter((tag): tag is Tag => isTag(tag) && isVersionTag(tag));
  const sorted = matching(versions, ANY_VERSION, (tag) => parseVersion(versionOfTag(tag)));
  const index = await newest(repository, [...sorted, ...versions.filter((tag) => !sorted.includes(tag))], reader);
  if (!index) return undefined;
  const [first] = index.files;
  const manifest = labels && first ? await reader.readIfReadable(repository, first.manifest.digest) : undefined;
  const sizes = index.files.map(({ manifest: entry }) => entryFacts(entry).size);
  const times = index.files.flatMap(({ manifest: entry }) => annotationsOf(entry)[ANNOTATION.created] ?? []);
  return {
    repository: repository.name,
    versions: versions.length,
    version: index.version,
    tag: index.tag,
    files: index.files.map(({ served }) => served),
    size: sizes.some((size) => size === undefined) ? undefined : sizes.reduce<number>((sum, size = 0) => sum + size, 0),
    created: [...times, ...(index.created === undefined ? [] : [index.created])].sort().at(-1),
    yanked: index.yanked?.yanked ?? false,
    annotations: { ...(manifest && contentOf(manifest)?.annotations), ...index.annotations },
  };
}

async function newest(
  repository: Repository,
  tags: readonly Tag[],
  reader: DocumentReader,
): Promise<StoredIndex | undefined> {
  let highest: StoredIndex | undefined;
  for (const tag of tags) {
    const index = await readTag(repository, tag, reader);
    if (index?.kind !== 'version') continue;
    if (!index.yanked?.yanked) return index;
    highest ??= index;
  }
  return highest;
}
