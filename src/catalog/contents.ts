/** What the manifests of a version's files tell beyond its index: one request for each file. */
import { type Annotations, annotationsOf, isDescriptor } from '../oci/descriptor.js';
import type { Document } from '../oci/document.js';
import type { Repository } from '../oci/store.js';
import { ANNOTATION } from '../pyoci/layout.js';
import { fileDigestOf } from '../pyoci/version-index.js';
import type { DocumentReader } from './document-reader.js';
import type { StoredPackage } from './package.js';
import type { BlobContent, IndexedFile, StoredIndex } from './version.js';

/** One file of a version, as index and manifest tell. All text in it is somebody else's. */
export interface StoredFile extends IndexedFile {
  /** `undefined` if the manifest is gone, or is none of one file. */
  readonly content: BlobContent | undefined;
}

/**
 * The index with the contents of its files.
 * @param repository where the index was read
 * @throws UserError if a manifest is refused, or all that was read comes to too many bytes
 */
export async function readContents(
  repository: Repository,
  index: StoredIndex,
  reader: DocumentReader,
): Promise<StoredIndex<StoredFile>> {
  const files = index.files.map(async (file): Promise<StoredFile> => {
    const manifest = await reader.readIfReadable(repository, file.manifest.digest);
    return { ...file, content: manifest && contentOf(manifest) };
  });
  return { ...index, files: await Promise.all(files) };
}

/** The same for all indexes of a package. */
export async function readAllContents(
  repository: Repository,
  { versions, unseen, foreign }: StoredPackage,
  reader: DocumentReader,
): Promise<StoredPackage<StoredFile>> {
  const read = (indexes: readonly StoredIndex[]) =>
    Promise.all(indexes.map((index) => readContents(repository, index, reader)));
  const [ofVersions, ofUnseen] = await Promise.all([read(versions), read(unseen)]);
  return { versions: ofVersions, unseen: ofUnseen, foreign };
}

/** What describes a file or dates it; publishing writes these of itself. */
const DESCRIPTIONS: readonly string[] = Object.values(ANNOTATION);

/**
 * Annotations that are no descriptions: as a rule these are the labels of the package. A label that goes by the name of
 * a description cannot be told from one.
 */
export function labelsOf(annotations: Annotations): Annotations {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => !DESCRIPTIONS.includes(key)));
}

/** What the manifest of a file or of an attachment tells; `undefined` if it is none. */
export function contentOf(manifest: Document): BlobContent | undefined {
  if (fileDigestOf(manifest) === undefined) return undefined;
  const [first] = manifest.value.layers as readonly unknown[];
  if (!isDescriptor(first)) return undefined;
  return { layer: first, annotations: annotationsOf(manifest.value), title: annotationsOf(first)[ANNOTATION.title] };
}
