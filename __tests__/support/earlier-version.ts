import { memoryBytes } from '../../src/core/bytes.js';
import { parseDigest } from '../../src/core/digest.js';
import type { Descriptor } from '../../src/oci/descriptor.js';
import { encode } from '../../src/oci/document.js';
import type { Tag } from '../../src/oci/reference.js';
import type { Repository } from '../../src/oci/store.js';
import { EMPTY_CONFIG, EMPTY_CONFIG_BYTES } from '../../src/pyoci/file-manifest.js';
import { FILE_SIZE, METADATA_DIGEST, REQUIRES_PYTHON } from '../../src/pyoci/layout.js';

const ADDED: readonly string[] = [FILE_SIZE, METADATA_DIGEST, REQUIRES_PYTHON];

/**
 * Copies a version as we published it before wheels had a config of their own and entries said anything beside what PyOCI
 * writes: the documents are the same but for these two.
 *
 * @param bytesOf the file with this digest
 */
export async function earlierVersion(
  from: Repository,
  to: Repository,
  tag: Tag,
  bytesOf: (digest: string) => Buffer,
): Promise<void> {
  await to.putBlob(EMPTY_CONFIG, memoryBytes(EMPTY_CONFIG_BYTES));
  const index = await from.getManifest(tag);
  if (!index) throw new Error(`${from.name} has no ${tag}`);
  const entries: Descriptor[] = [];
  for (const entry of index.value.manifests as readonly Descriptor[]) {
    const manifest = await from.getManifest(parseDigest(entry.digest));
    if (!manifest) throw new Error(`${from.name} has no ${entry.digest}`);
    for (const layer of manifest.value.layers as readonly Descriptor[])
      await to.putBlob(layer, memoryBytes(bytesOf(layer.digest)));
    const earlier = encode({ ...manifest.value, mediaType: entry.mediaType, config: EMPTY_CONFIG });
    await to.putManifest(earlier);
    const annotations = Object.entries(entry.annotations ?? {}).filter(([key]) => !ADDED.includes(key));
    entries.push({ ...entry, ...earlier.descriptor, annotations: Object.fromEntries(annotations) });
  }
  const mediaType = index.descriptor.mediaType;
  await to.putTag(tag, encode({ ...index.value, mediaType, manifests: entries }));
}
