import type { Digest } from '../core/digest.js';
import { type Annotations, annotationsOf } from '../oci/descriptor.js';
import type { Document } from '../oci/document.js';
import type { Tag } from '../oci/reference.js';
import type { Repository } from '../oci/store.js';
import { ANNOTATION } from '../pyoci/layout.js';
import { isVersionTag, versionOfTag } from '../pyoci/names.js';
import { entriesOf, type FileEntry, ForeignContentError } from '../pyoci/version-index.js';
import type { DocumentReader } from './document-reader.js';
import { type StoredFile, storedFile } from './stored-file.js';

/** A version of a package as it lies in a store. */
export interface StoredVersion {
  readonly kind: 'version';
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
}

/** A tag that is no version of a package. PyOCI cannot list the package while it is there. */
export interface ForeignTag {
  readonly kind: 'foreign';
  readonly tag: string;
  /** What is wrong with it: `it holds …`. */
  readonly why: string;
}

/**
 * What a tag holds.
 * @param pinned the index to read, whatever the tag points at by now
 * @returns `undefined` if there is no such tag or index
 */
export async function readTag(
  repository: Repository,
  tag: Tag,
  reader: DocumentReader,
  pinned?: Digest,
): Promise<StoredVersion | ForeignTag | undefined> {
  if (!isVersionTag(tag)) return foreignName(tag);
  const index = await reader.read(repository, pinned ?? tag);
  if (!index) return undefined;
  const entries = filesIn(index, tag);
  if (!entries) return { kind: 'foreign', tag, why: `it holds ${typeOf(index)}, not a Python package` };
  const project = repository.name.split('/').at(-1) ?? '';
  const files = entries.map(async (entry) => {
    const manifest = await reader.read(repository, entry.descriptor.digest);
    return storedFile(project, tag, entry, manifest);
  });
  const annotations = annotationsOf(index.value);
  return {
    kind: 'version',
    tag,
    version: versionOfTag(tag),
    digest: index.descriptor.digest,
    created: annotations[ANNOTATION.created],
    annotations,
    files: await Promise.all(files),
  };
}

export function foreignName(tag: string): ForeignTag {
  return { kind: 'foreign', tag, why: 'it is no version' };
}

function filesIn(index: Document, tag: string): readonly FileEntry[] | undefined {
  try {
    return entriesOf(index, tag);
  } catch (error) {
    if (error instanceof ForeignContentError) return undefined;
    throw error;
  }
}

function typeOf({ value, descriptor }: Document): string {
  return typeof value.artifactType === 'string' ? value.artifactType : descriptor.mediaType;
}
