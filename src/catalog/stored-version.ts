import type { Digest } from '../core/digest.js';
import { type Annotations, annotationsOf } from '../oci/descriptor.js';
import type { Document } from '../oci/document.js';
import { isUnreadable } from '../oci/errors.js';
import type { Tag } from '../oci/reference.js';
import type { Repository } from '../oci/store.js';
import { ANNOTATION } from '../pyoci/layout.js';
import { isVersionTag, versionOfTag } from '../pyoci/names.js';
import { type Oddity, obstacleIn, odditiesOf } from '../pyoci/oddities.js';
import { entriesOf, isPackageIndex } from '../pyoci/version-index.js';
import type { DocumentReader } from './document-reader.js';
import { type StoredFile, storedFile } from './stored-file.js';

/** A version of a package as it lies in a store. */
export interface StoredVersion extends StoredIndex {
  readonly kind: 'version';
}

/** Files under a tag that is no version. PyOCI lists them, and installers pass over names that hold no version. */
export interface UnseenFiles extends StoredIndex {
  readonly kind: 'unseen';
}

/** An index of PyOCI's. All text in it is somebody else's. */
export interface StoredIndex {
  /** Last part of the repository's name, which is PyOCI's form of the project's. */
  readonly repository: string;
  readonly tag: string;
  /** What PyOCI takes the tag for. */
  readonly version: string;
  /** Of the index. */
  readonly digest: Digest;
  /** RFC 3339, as whoever wrote it has it. */
  readonly created: string | undefined;
  /** Of the index. */
  readonly annotations: Annotations;
  /** In the order of the index. */
  readonly files: readonly StoredFile[];
  /** Entries of the index that PyOCI cannot read or does not serve. */
  readonly oddities: readonly Oddity[];
  /** Why PyOCI cannot list the package while this index is as it is; see `ForeignTag`. */
  readonly obstacle: string | undefined;
}

/** A tag that holds no version of a package. PyOCI cannot list the package while it is there. */
export interface ForeignTag {
  readonly kind: 'foreign';
  readonly tag: string;
  /** What is wrong with it: `it holds …`. */
  readonly why: string;
  /** What came of reading it, where that was the trouble. */
  readonly error?: unknown;
}

export type Held = StoredVersion | UnseenFiles | ForeignTag;

/**
 * What a tag holds, judged by its content.
 * @param pinned the index to read, whatever the tag points at by now
 * @returns `undefined` if there is no such tag or index
 */
export async function readTag(
  repository: Repository,
  tag: Tag,
  reader: DocumentReader,
  pinned?: Digest,
): Promise<Held | undefined> {
  let index: Document | undefined;
  try {
    index = await reader.read(repository, pinned ?? tag);
  } catch (error) {
    if (!isUnreadable(error) || !(error instanceof Error)) throw error;
    return { kind: 'foreign', tag, why: `what it holds cannot be read: ${error.message}`, error };
  }
  if (!index) return undefined;
  const obstacle = obstacleIn(index);
  if (!isPackageIndex(index)) return { kind: 'foreign', tag, why: obstacle ?? 'it holds no Python package' };
  const name = repository.name.split('/').at(-1) ?? '';
  const files = entriesOf(index, tag).map(async (entry) => {
    const manifest = await reader.readIfReadable(repository, entry.descriptor.digest);
    return storedFile(name, tag, entry, manifest);
  });
  const annotations = annotationsOf(index.value);
  return {
    kind: isVersionTag(tag) ? 'version' : 'unseen',
    repository: name,
    tag,
    version: versionOfTag(tag),
    digest: index.descriptor.digest,
    created: annotations[ANNOTATION.created],
    annotations,
    files: await Promise.all(files),
    oddities: odditiesOf(index),
    obstacle,
  };
}
