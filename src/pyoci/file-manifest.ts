import { type Digest, digestOf } from '../core/digest.js';
import { UserError } from '../core/errors.js';
import type { Descriptor, ImageManifest } from '../oci/descriptor.js';
import { type Document, encode } from '../oci/document.js';
import { OCI_EMPTY, OCI_MANIFEST } from '../oci/media-types.js';
import type { Distribution } from '../python/distribution.js';
import { manifestAnnotations } from './annotations.js';
import type { DocumentContext } from './context.js';
import { ANNOTATION, ANY_OS, ARTIFACT_TYPE, PROJECT_URLS, SHA256_DIGEST } from './layout.js';
import { projectUrlsJson, projectUrlsOf } from './project-urls.js';
import { fileDigestOf } from './version-index.js';

/** The two bytes that stand in for a config. @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor */
export const EMPTY_CONFIG_BYTES: Uint8Array = Buffer.from('{}');

export const EMPTY_CONFIG: Descriptor = {
  mediaType: OCI_EMPTY,
  digest: digestOf(EMPTY_CONFIG_BYTES),
  size: EMPTY_CONFIG_BYTES.length,
};

/**
 * The image manifest that stands for one file. Its one layer is the file itself, and its name goes with it, so that
 * `oras pull` gives the file back under that name; but for this, and without default annotations, the document is PyOCI's
 * own form.
 * @param file digest and size (in bytes) of the file
 */
export function fileManifest(
  distribution: Distribution,
  file: { readonly digest: Digest; readonly size: number },
  context: DocumentContext,
): Document<ImageManifest> {
  const named = { [ANNOTATION.title]: distribution.filename };
  return encode({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: ARTIFACT_TYPE,
    config: EMPTY_CONFIG,
    layers: [{ mediaType: ARTIFACT_TYPE, digest: file.digest, size: file.size, annotations: named }],
    annotations: manifestAnnotations(distribution, context),
  });
}

/**
 * The index's descriptor of a file: exactly the members and annotations that PyOCI writes, since it compares the whole
 * platform and reads the rest.
 * @param manifest what `fileManifest` made of the same file
 * @throws UserError if it is no manifest of one file
 */
export function entryDescriptor(distribution: Distribution, manifest: Document, context: DocumentContext): Descriptor {
  const sha256 = fileDigestOf(manifest);
  if (sha256 === undefined) {
    throw new UserError(
      `Cannot list ${distribution.filename}: ${manifest.descriptor.digest} is no manifest of one file`,
    );
  }
  const { mediaType, digest, size } = manifest.descriptor;
  return {
    mediaType,
    digest,
    size,
    platform: { architecture: distribution.architecture, os: ANY_OS },
    annotations: {
      [ANNOTATION.created]: context.created,
      [SHA256_DIGEST]: sha256,
      [PROJECT_URLS]: projectUrlsJson(projectUrlsOf(distribution.metadata)),
    },
  };
}
