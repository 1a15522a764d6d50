import { type Digest, digestOf, hexOf } from '../core/digest.js';
import { UserError } from '../core/errors.js';
import { type Annotations, type Descriptor, type ImageManifest, isDescriptor } from '../oci/descriptor.js';
import { type Document, encode } from '../oci/document.js';
import { OCI_EMPTY, OCI_MANIFEST } from '../oci/media-types.js';
import type { Distribution } from '../python/distribution.js';
import { manifestAnnotations } from './annotations.js';
import type { DocumentContext } from './context.js';
import { LONGEST_REQUIRES_PYTHON } from './entry-facts.js';
import {
  ANNOTATION,
  ANY_OS,
  ARTIFACT_TYPE,
  FILE_SIZE,
  METADATA_DIGEST,
  PROJECT_URLS,
  REQUIRES_PYTHON,
  SHA256_DIGEST,
} from './layout.js';
import { projectUrlsJson, projectUrlsOf } from './project-urls.js';
import { fileDigestOf } from './version-index.js';
import { WHEEL_CONFIG, wheelConfig } from './wheel-config.js';

/** The two bytes that stand in for a config. @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor */
export const EMPTY_CONFIG_BYTES: Uint8Array = Buffer.from('{}');

export const EMPTY_CONFIG: Descriptor = {
  mediaType: OCI_EMPTY,
  digest: digestOf(EMPTY_CONFIG_BYTES),
  size: EMPTY_CONFIG_BYTES.length,
};

/** A config with its bytes. */
export interface Config {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

const NO_CONFIG: Config = { descriptor: EMPTY_CONFIG, bytes: EMPTY_CONFIG_BYTES };

/**
 * The config of a file's manifest: of a wheel its METADATA, else the empty one, as PyOCI has it.
 * @param plain PyOCI's own form is wanted, whatever the file
 */
export function configOf({ coreMetadata }: Distribution, plain: boolean): Config {
  const bytes = plain || coreMetadata === undefined ? undefined : wheelConfig(coreMetadata);
  if (!bytes) return NO_CONFIG;
  return { descriptor: { mediaType: WHEEL_CONFIG, digest: digestOf(bytes), size: bytes.length }, bytes };
}

/**
 * The image manifest that stands for one file. Its one layer is the file itself, and its name goes with it, so that
 * `oras pull` gives the file back under that name; but for this, with the empty config and without default annotations, the
 * document is PyOCI's own form.
 * @param file digest and size (in bytes) of the file
 * @param config as `configOf` has it
 */
export function fileManifest(
  distribution: Distribution,
  file: { readonly digest: Digest; readonly size: number },
  context: DocumentContext,
  config: Descriptor = EMPTY_CONFIG,
): Document<ImageManifest> {
  const named = { [ANNOTATION.title]: distribution.filename };
  return encode({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: ARTIFACT_TYPE,
    config,
    layers: [{ mediaType: ARTIFACT_TYPE, digest: file.digest, size: file.size, annotations: named }],
    annotations: manifestAnnotations(distribution, context),
  });
}

/**
 * The index's descriptor of a file: the members that PyOCI writes, since it compares the whole platform and reads the rest,
 * its annotations, and up to three of ours for readers that ask for no manifest (docs/format.md). Without default annotations
 * these are left out.
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
      ...(context.annotations.defaults ? factsOf(distribution, manifest) : {}),
    },
  };
}

/** What readers of the index want to know of the file; `entryFacts` reads it back. */
function factsOf({ bytes, metadata, coreMetadata }: Distribution, { value }: Document): Annotations {
  const { requiresPython } = metadata;
  const held = isDescriptor(value.config) && value.config.mediaType === WHEEL_CONFIG;
  return {
    [FILE_SIZE]: String(bytes.size),
    ...(requiresPython !== undefined && requiresPython.length <= LONGEST_REQUIRES_PYTHON
      ? { [REQUIRES_PYTHON]: requiresPython }
      : {}),
    ...(held && coreMetadata ? { [METADATA_DIGEST]: hexOf(digestOf(coreMetadata)) } : {}),
  };
}
