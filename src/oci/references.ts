import { type Digest, isDigest } from '../core/digest.js';
import { UserError } from '../core/errors.js';
import { isObject } from './descriptor.js';
import type { Document } from './document.js';
import { MissingReferenceError } from './errors.js';
import { DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from './media-types.js';

/** Digests that a document points at and that must be stored before it. Of any algorithm, since foreign documents count. */
export interface References {
  readonly blobs: readonly string[];
  readonly manifests: readonly string[];
}

/**
 * What must exist for `document` to be whole. `subject` is not among them: it may come later or never.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests
 * @throws UserError if it is no index or image manifest, or its descriptors are malformed
 */
export function referencesOf({ value, descriptor }: Document): References {
  switch (descriptor.mediaType) {
    case OCI_INDEX:
    case DOCKER_LIST:
      return { blobs: [], manifests: digestsOf(value.manifests, 'manifests', descriptor.digest) };
    case OCI_MANIFEST:
    case DOCKER_MANIFEST:
      return {
        blobs: [
          ...digestsOf([value.config], 'config', descriptor.digest),
          ...digestsOf(value.layers, 'layers', descriptor.digest),
        ],
        manifests: [],
      };
    default:
      throw new UserError(
        `Cannot store ${descriptor.digest}: ${descriptor.mediaType} is neither an index nor an image manifest`,
      );
  }
}

/** The refusal of a document whose references are not all there; a registry's `MANIFEST_BLOB_UNKNOWN`. */
export function missingReferences(
  document: Document,
  missing: readonly string[],
  where: string,
): MissingReferenceError {
  const named = missing.filter((digest): digest is Digest => isDigest(digest));
  return new MissingReferenceError(
    `Cannot store ${document.descriptor.digest} in ${where}: it points at ${missing.join(', ')}, which is not there`,
    named,
  );
}

function digestsOf(descriptors: unknown, member: string, of: Digest): string[] {
  if (!Array.isArray(descriptors)) throw new UserError(`Cannot store ${of}: it has no list "${member}"`);
  return descriptors.map((descriptor: unknown) => {
    if (isObject(descriptor) && typeof descriptor.digest === 'string') return descriptor.digest;
    throw new UserError(`Cannot store ${of}: its "${member}" holds something without a digest`);
  });
}
