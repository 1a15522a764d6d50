/** Whether other versions of a package have the bytes of an attachment. */
import { digestFromHex } from '../../core/digest.js';
import { isTag } from '../../oci/reference.js';
import { entriesOf, isPackageIndex } from '../../pyoci/version-index.js';
import type { Publication } from '../publication.js';
import type { Workshop } from '../workshop.js';
import type { AttachmentPush } from './attachment-plan.js';

/** Indexes looked into. Nobody has the same SBOM in more versions than in the last ones. */
const MOST_LOOKS = 100;

/**
 * Attachments whose bytes another version of the package lists: PyOCI deletes a version with its blobs, and would take
 * them from the other. What is signed names its file and cannot have them; of the rest, one request tells for each
 * whether the bytes are there at all, and only then are the indexes of other versions read.
 * @returns what is wrong, a sentence each
 */
export async function sharedWithOthers(
  { repository, tag }: Publication,
  pushes: readonly AttachmentPush[],
  { lanes, ports: { signal } }: Workshop,
): Promise<readonly string[]> {
  const unsigned = pushes.filter(({ attachment: { type } }) => type !== 'attestation' && type !== 'signature');
  const found = await Promise.all(unsigned.map((push) => lanes.asking.run(() => isStored(push, repository, signal))));
  const stored = unsigned.filter((_, at) => found[at]).map(({ attachment }) => attachment);
  if (!stored.length) return [];
  const tags = await lanes.asking
    .run(() => repository.tags({ signal }))
    .catch((): readonly string[] => {
      signal.throwIfAborted();
      return [];
    });
  const others = tags.filter(isTag).filter((other) => other !== tag);
  const shared = others.slice(-MOST_LOOKS).map((other) =>
    lanes.asking.run(async () => {
      const document = await repository.getManifest(other, { signal });
      const entries = document && isPackageIndex(document) ? entriesOf(document) : [];
      const digests = new Set(entries.map(({ sha256 }) => sha256));
      return stored
        .filter(({ sha256 }) => digests.has(sha256))
        .map(({ filename }) => `${filename} has the same bytes as an attachment of version ${other}`);
    }),
  );
  return (await Promise.all(shared)).flat();
}

/** Opens the blob and reads nothing of it. A look that fails keeps nobody from publishing: the upload tells what is wrong. */
async function isStored(
  { attachment: { mediaType, sha256, bytes } }: AttachmentPush,
  repository: Publication['repository'],
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const descriptor = { mediaType, digest: digestFromHex(sha256), size: bytes.size };
    const stream = await repository.openBlob(descriptor, { signal });
    stream.on('error', () => {});
    stream.destroy();
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
