import { memoryBytes } from '../../core/bytes.js';
import { digestFromHex, hexOf } from '../../core/digest.js';
import type { Hasher } from '../../core/hashing/hasher.js';
import type { Lane } from '../../core/lane.js';
import type { ImageManifest } from '../../oci/descriptor.js';
import type { Document } from '../../oci/document.js';
import { MissingReferenceError } from '../../oci/errors.js';
import type { InTurn, Repository } from '../../oci/store.js';
import type { Ports } from '../../publish/job.js';
import type { PushPlan } from '../../publish/plan/plan.js';
import type { DocumentContext } from '../../pyoci/context.js';
import { EMPTY_CONFIG, EMPTY_CONFIG_BYTES, entryDescriptor, fileManifest } from '../../pyoci/file-manifest.js';
import type { Distribution } from '../../python/distribution.js';
import type { Claim } from '../merge/journal.js';

/** A file with the documents that will stand for it. */
export interface PreparedFile {
  readonly file: Distribution;
  readonly sha256: string;
  readonly manifest: Document<ImageManifest>;
  readonly claim: Claim;
}

export interface Pusher {
  readonly context: DocumentContext;
  /** Hashing runs ahead of the uploads, so that the wire does not wait for it. */
  readonly hashing: Hasher;
  /** Files being dealt with: those on the wire, and as many again whose questions are asked meanwhile. */
  readonly underway: Lane;
  /** Bytes on their way. */
  readonly sending: Lane;
  /** Small requests in flight. They take no place of an upload: a manifest would leave the wire idle for a round trip. */
  readonly asking: Lane;
  readonly ports: Ports;
}

/** How often a manifest is pushed that the store refuses for want of a blob which it has taken before. */
const ATTEMPTS = 7;
/** Milliseconds before the second of them; doubles with each. */
const FIRST_PAUSE = 100;

/** Hashes a file, if that has not been done, and makes its documents. Writes nothing. */
export async function prepareFile(plan: PushPlan, pusher: Pusher): Promise<PreparedFile> {
  const { file, replaces } = plan;
  const sha256 = plan.sha256 ?? hexOf(await pusher.hashing.digestOf(file.bytes, pusher.ports.signal));
  const manifest = fileManifest(file, { digest: digestFromHex(sha256), size: file.bytes.size }, pusher.context);
  const descriptor = entryDescriptor(file, manifest, pusher.context);
  return {
    file,
    sha256,
    manifest,
    claim: { entry: { architecture: file.architecture, sha256, descriptor }, replaces },
  };
}

/** Stores one file: its blob, then the manifest by digest. Nothing lists it yet. Safe to repeat. */
export async function pushFile(repository: Repository, plan: PushPlan, pusher: Pusher): Promise<PreparedFile> {
  const prepared = await prepareFile(plan, pusher);
  await pushContent(repository, prepared, pusher);
  return prepared;
}

/**
 * Blobs, then the manifest. A registry under parallel pushes can say that a blob is unknown which it took a moment ago
 * (seen on distribution 2.8.2 with the empty config): then the blobs are looked at again after a pause, which publishers
 * take at different lengths, and the manifest is repeated.
 */
export async function pushContent(
  repository: Repository,
  { file, manifest }: PreparedFile,
  { underway, sending, asking, ports }: Pusher,
): Promise<void> {
  const { signal, progress } = ports;
  const inTurn: InTurn = (send) => sending.run(send);
  const [layer] = manifest.value.layers;
  if (!layer) throw new Error(`the manifest of ${file.filename} has no layer`);
  const onProgress = (sent: number): void => progress.sent(file.filename, sent);
  for (let attempt = 1; ; attempt += 1) {
    await underway.run(async () => {
      signal.throwIfAborted();
      await Promise.all([
        repository.putBlob(EMPTY_CONFIG, memoryBytes(EMPTY_CONFIG_BYTES), { signal, inTurn }),
        repository.putBlob(layer, file.bytes, { signal, inTurn, onProgress }),
      ]);
    });
    try {
      await asking.run(() => repository.putManifest(manifest, { signal }));
      break;
    } catch (error) {
      if (!(error instanceof MissingReferenceError) || attempt === ATTEMPTS) throw error;
      ports.log.info(`${file.filename}: the registry misses a blob it had taken, looking for it again`);
      await ports.clock.sleep(FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + ports.random() / 2), signal);
    }
  }
  progress.done(file.filename, file.bytes.size);
}
