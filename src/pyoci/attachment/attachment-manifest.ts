/** The documents of an attachment: its manifest, and its entry in the index of its version. docs/format.md shows both. */
import { type Digest, digestFromHex } from '../../core/digest.js';
import type { Descriptor, ImageManifest } from '../../oci/descriptor.js';
import { type Document, encode } from '../../oci/document.js';
import { OCI_MANIFEST } from '../../oci/media-types.js';
import { EMPTY_CONFIG } from '../file-manifest.js';
import {
  ANNOTATION,
  ATTACHMENT_OF,
  ATTACHMENT_TYPE,
  NO_OS,
  REFERENCE,
  REFERENCE_TYPE,
  SHA256_DIGEST,
} from '../layout.js';
import type { IndexEntry } from '../version-index.js';

/** What the documents say of an attachment. */
export interface AttachmentFacts {
  /** As it is to be named when it is fetched. */
  readonly filename: string;
  /** `attestation`, `sbom`, `signature`, or the user's word. */
  readonly type: string;
  readonly mediaType: string;
  /** See `attachmentArchitecture`. */
  readonly architecture: string;
  /** 64 hex characters of its bytes. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
}

/**
 * The image manifest that stands for an attachment. It is pushed by digest, and it names no `subject`: copied to a
 * registry without a Referrers API, that would make a tag which breaks PyOCI's listing. One layer, and the empty config.
 * @param created RFC 3339
 */
export function attachmentManifest(facts: AttachmentFacts, created: string): Document<ImageManifest> {
  const { filename, mediaType, sha256, size } = facts;
  const named = { [ANNOTATION.title]: filename };
  return encode({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: mediaType,
    config: EMPTY_CONFIG,
    layers: [{ mediaType, digest: digestFromHex(sha256), size, annotations: named }],
    annotations: { [ANNOTATION.created]: created },
  });
}

/** The file that an attachment is about. */
export interface AboutFile {
  /** 64 hex characters of its bytes: what was signed or described, and what survives a new manifest. */
  readonly sha256: string;
  /** Digest of its manifest by now, where that is known. */
  readonly manifest: Digest | undefined;
}

/**
 * The entry of an attachment. It has no `artifactType` and no `data`: older skopeo would rewrite the index for these,
 * and lose what makes it a package.
 * @param manifest what `attachmentManifest` made of it
 * @param about `undefined` if it is about the whole version
 */
export function attachmentEntry(
  { type, architecture, sha256 }: AttachmentFacts,
  { descriptor: { mediaType, digest, size } }: Document,
  about: AboutFile | undefined,
  created: string,
): IndexEntry {
  const descriptor: Descriptor = {
    mediaType,
    digest,
    size,
    platform: { architecture, os: NO_OS },
    annotations: {
      [ANNOTATION.created]: created,
      [SHA256_DIGEST]: sha256,
      [ATTACHMENT_TYPE]: type,
      ...(about && { [ATTACHMENT_OF]: digestFromHex(about.sha256) }),
      ...(about?.manifest && { [REFERENCE]: about.manifest, [REFERENCE_TYPE]: type }),
    },
  };
  return { architecture, sha256, descriptor };
}
