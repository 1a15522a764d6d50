import { readAllContents, readContents, type StoredFile } from '../../src/catalog/contents.js';
import type { DocumentReader } from '../../src/catalog/document-reader.js';
import { readPackage, readVersion } from '../../src/catalog/find.js';
import type { StoredPackage } from '../../src/catalog/package.js';
import type { StoredIndex } from '../../src/catalog/version.js';
import { parseTag } from '../../src/oci/reference.js';
import type { Repository } from '../../src/oci/store.js';

/** Everything a repository holds, indexes and manifests. */
export async function wholePackage(
  repository: Repository,
  image: string,
  reader: DocumentReader,
): Promise<StoredPackage<StoredFile>> {
  return readAllContents(repository, await readPackage(repository, image, reader), reader);
}

/** One version, index and manifests. */
export async function wholeVersion(
  repository: Repository,
  image: string,
  tag: string,
  reader: DocumentReader,
): Promise<StoredIndex<StoredFile>> {
  return readContents(repository, await readVersion(repository, image, { tag: parseTag(tag) }, reader), reader);
}
