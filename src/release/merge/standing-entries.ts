/** The entries of a tag that is to be written, unless it holds something that must never be overwritten. */
import { UserError } from '../../core/errors.js';
import type { Document } from '../../oci/document.js';
import { entriesOf, type IndexEntry, isPackageIndex } from '../../pyoci/version-index.js';

/** The tag points at something PyOCI did not make and cannot list. It is never overwritten. */
export class ForeignContentError extends UserError {
  override readonly name = 'ForeignContentError';
}

/**
 * The files that a version lists by now.
 * @param document what its tag points at; `undefined` if there is no such tag
 * @param image for errors: `ghcr.io/owner/name:tag`
 * @throws ForeignContentError if the document is no index of PyOCI's
 */
export function standingEntries(document: Document | undefined, image: string): readonly IndexEntry[] {
  if (document === undefined) return [];
  if (isPackageIndex(document)) return entriesOf(document);
  throw new ForeignContentError(
    `Cannot publish to ${image}: the tag holds ${contentTypeOf(document)}, not a Python package`,
    {
      hint: 'PyOCI keeps each version of a package under a tag of its own, and nothing else in that repository; choose another namespace, or delete this tag if nobody needs it',
    },
  );
}

function contentTypeOf({ value, descriptor }: Document): string {
  const type = typeof value.artifactType === 'string' ? `, artifactType ${JSON.stringify(value.artifactType)}` : '';
  return `${descriptor.mediaType}${type}`;
}
