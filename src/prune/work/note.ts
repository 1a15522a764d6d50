/** What a run leaves in a repository before it deletes, for the next one to finish: an empty version that names the rest. */
import { type Digest, isDigest } from '../../core/digest.js';
import { annotationsOf } from '../../oci/descriptor.js';
import { type Document, encode } from '../../oci/document.js';
import { OCI_INDEX } from '../../oci/media-types.js';
import { ARTIFACT_TYPE, PRUNING } from '../../pyoci/layout.js';
import type { PackageIndex } from '../../pyoci/version-index.js';

/** An index without files, which takes the place of the first version that goes. */
export function noteOf(doomed: readonly Digest[]): Document {
  return encode({
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    artifactType: ARTIFACT_TYPE,
    manifests: [],
    annotations: { [PRUNING]: JSON.stringify(doomed) },
  });
}

/**
 * The digests that an index bears as a note; `undefined` without one. They are anybody's word: only what no index names
 * may be deleted for it.
 */
export function notedIn({ value }: PackageIndex): readonly Digest[] | undefined {
  const text = annotationsOf(value)[PRUNING];
  if (text === undefined) return undefined;
  try {
    const noted: unknown = JSON.parse(text);
    return Array.isArray(noted) ? noted.filter(isDigest) : [];
  } catch {
    return [];
  }
}

/** Whether it is nothing but a note: a publisher may have made a version of it meanwhile. */
export function isNote(index: PackageIndex): boolean {
  return index.value.manifests.length === 0 && notedIn(index) !== undefined;
}
