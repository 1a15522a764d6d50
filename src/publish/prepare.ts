/** Hashes a file and makes the documents that stand for it. Writes nothing. */
import { memoryBytes } from '../core/bytes.js';
import { digestFromHex, hexOf } from '../core/digest.js';
import { configOf, entryDescriptor, fileManifest } from '../pyoci/file-manifest.js';
import type { Distribution } from '../python/distribution.js';
import type { Claim } from '../release/merge/journal.js';
import type { Content } from '../release/push/push.js';
import type { FilePush } from './plan/plan.js';
import type { Workshop } from './workshop.js';

/** A file with all that will stand for it: what is stored, and what is listed. */
export interface PreparedFile {
  readonly file: Distribution;
  readonly sha256: string;
  readonly content: Content;
  readonly claim: Claim;
}

/**
 * Hashes a file, if that has not been done, and makes its documents. Writes nothing.
 * @param signal ends the wait for the hash
 */
export async function prepareFile(
  { file, replaces, sha256: known }: FilePush,
  { job: { context }, hashing, configs }: Workshop,
  signal: AbortSignal,
): Promise<PreparedFile> {
  const sha256 = known ?? hexOf(await hashing.digestOf(file.bytes, signal));
  const { descriptor, bytes } = configOf(file, !configs.wanted);
  const manifest = fileManifest(file, { digest: digestFromHex(sha256), size: file.bytes.size }, context, descriptor);
  const [layer] = manifest.value.layers;
  if (!layer) throw new Error(`the manifest of ${file.filename} has no layer`);
  const config = { descriptor, bytes: memoryBytes(bytes) };
  return {
    file,
    sha256,
    content: { label: file.filename, manifest, config, layers: [{ descriptor: layer, bytes: file.bytes }] },
    claim: {
      entry: { architecture: file.architecture, sha256, descriptor: entryDescriptor(file, manifest, context) },
      replaces,
    },
  };
}
