/** Media types of the image spec v1.1 and of the Docker manifests that registries hold beside them. */

/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md */
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md */
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor */
export const OCI_EMPTY = 'application/vnd.oci.empty.v1+json';
export const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/**
 * Everything a tag may point at. All four are asked for when a tag is read: a registry that holds an image of a type
 * that was not asked for answers 404, which must not look like "no such tag".
 */
export const MANIFEST_TYPES: readonly string[] = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST];
