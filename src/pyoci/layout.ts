/** The words of PyOCI's layout and of the standard annotations it is written with. docs/format.md shows the documents. */

/** `artifactType` of index and manifest, and media type of the one layer, which is the file itself. */
export const ARTIFACT_TYPE = 'application/pyoci.package.v1';

/** On an entry of the index: the SHA-256 of the file as bare lower-case hex. pip verifies its download by it. */
export const SHA256_DIGEST = 'com.pyoci.sha256_digest';
/** On an entry of the index: a JSON object of label to URL, as a string; `{}` if there are none. */
export const PROJECT_URLS = 'com.pyoci.project_urls';

/** On an entry of ours: bytes of the file, in decimal. */
export const FILE_SIZE = 'vnd.pyoci-publish.size';
/** On an entry of ours: `Requires-Python` as METADATA or PKG-INFO has it. */
export const REQUIRES_PYTHON = 'vnd.pyoci-publish.requires-python';
/** On an entry of ours for a wheel whose manifest has METADATA as its config: the SHA-256 of METADATA as bare hex. */
export const METADATA_DIGEST = 'vnd.pyoci-publish.core-metadata';
/** On a version's index: whether it is yanked (PEP 592), as JSON. */
export const YANKED = 'vnd.pyoci-publish.yanked';
/** On an index of ours without entries: manifests that a deletion under way leaves for last, as JSON. */
export const PRUNING = 'vnd.pyoci-publish.pruning';
/** On an entry: it is an attachment of this kind, and no file of the version. */
export const ATTACHMENT_TYPE = 'vnd.pyoci-publish.attachment.type';
/** On an attachment's entry: the digest of the file that it is about, `sha256:` in front; none where it is about the version. */
export const ATTACHMENT_OF = 'vnd.pyoci-publish.attachment.of';
/** On an attachment's entry, for readers that know artifacts in an index by these; never read here. */
export const REFERENCE = 'org.opencontainers.reference';
export const REFERENCE_TYPE = 'org.opencontainers.reference.type';

/** `platform.os` of every file's entry. PyOCI compares whole platform objects, so it never differs. */
export const ANY_OS = 'any';
/** `platform.os` of an attachment's entry, which no machine asks for. */
export const NO_OS = 'unknown';

/** How many versions PyOCI lists of a package unless its operator says otherwise. */
export const LISTED_VERSIONS = 100;

/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys */
export const ANNOTATION = {
  created: 'org.opencontainers.image.created',
  authors: 'org.opencontainers.image.authors',
  url: 'org.opencontainers.image.url',
  documentation: 'org.opencontainers.image.documentation',
  source: 'org.opencontainers.image.source',
  version: 'org.opencontainers.image.version',
  revision: 'org.opencontainers.image.revision',
  licenses: 'org.opencontainers.image.licenses',
  title: 'org.opencontainers.image.title',
  description: 'org.opencontainers.image.description',
} as const;
