import { memoryBytes } from '../../src/core/bytes.js';
import { digestOf, hexOf } from '../../src/core/digest.js';
import type { Annotations, Descriptor } from '../../src/oci/descriptor.js';
import { type Document, encode } from '../../src/oci/document.js';
import { OCI_INDEX, OCI_MANIFEST } from '../../src/oci/media-types.js';
import { parseTag } from '../../src/oci/reference.js';
import type { Repository } from '../../src/oci/store.js';
import { EMPTY_CONFIG, EMPTY_CONFIG_BYTES } from '../../src/pyoci/file-manifest.js';
import { ARTIFACT_TYPE } from '../../src/pyoci/layout.js';

const CREATED = '2024-11-20T20:23:36Z';

/** A file of a version, in PyOCI's own form except for what is spoiled. */
export interface StandingFile {
  readonly architecture: string;
  readonly bytes?: Buffer;
  readonly labels?: Annotations;
  /** A title on the layer, which PyOCI does not write. */
  readonly title?: string;
  /** What the index says of the bytes, if it is not the truth; `null`: nothing. */
  readonly declared?: string | null;
}

/** Publishes a version as PyOCI does, member for member. */
export async function standingVersion(
  repository: Repository,
  tag: string,
  files: readonly StandingFile[],
): Promise<Document> {
  await repository.putBlob(EMPTY_CONFIG, memoryBytes(EMPTY_CONFIG_BYTES));
  const manifests: Descriptor[] = [];
  for (const file of files) manifests.push(await standingFile(repository, file));
  const index = encode({
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    artifactType: ARTIFACT_TYPE,
    manifests,
    annotations: { 'org.opencontainers.image.created': CREATED },
  });
  await repository.putTag(parseTag(tag), index);
  return index;
}

export const bytesOf = ({ architecture, bytes }: StandingFile): Buffer => bytes ?? Buffer.from(`of ${architecture}`);

async function standingFile(repository: Repository, file: StandingFile): Promise<Descriptor> {
  const { architecture, labels = {}, title, declared } = file;
  const bytes = bytesOf(file);
  const named = title === undefined ? {} : { annotations: { 'org.opencontainers.image.title': title } };
  const layer = { mediaType: ARTIFACT_TYPE, digest: digestOf(bytes), size: bytes.length, ...named };
  await repository.putBlob(layer, memoryBytes(bytes));
  const manifest = encode({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: ARTIFACT_TYPE,
    config: EMPTY_CONFIG,
    layers: [layer],
    annotations: { ...labels, 'org.opencontainers.image.created': CREATED },
  });
  await repository.putManifest(manifest);
  return {
    ...manifest.descriptor,
    platform: { architecture, os: 'any' },
    annotations: {
      'org.opencontainers.image.created': CREATED,
      ...(declared === null ? {} : { 'com.pyoci.sha256_digest': declared ?? hexOf(layer.digest) }),
      'com.pyoci.project_urls': '{}',
    },
  };
}
