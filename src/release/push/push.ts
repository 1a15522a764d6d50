/** Stores content: blobs first, then the manifest that points at them. Nothing lists it yet. */
import type { ByteSource } from '../../core/bytes.js';
import type { Lane } from '../../core/lane.js';
import type { Clock, Log, Random, TransferProgress } from '../../core/ports.js';
import type { Descriptor } from '../../oci/descriptor.js';
import type { Document } from '../../oci/document.js';
import { MissingReferenceError } from '../../oci/errors.js';
import type { InTurn, Repository } from '../../oci/store.js';

/** A manifest and the blobs it points at. */
export interface Content {
  /** For the log and the progress line: the name of the file. */
  readonly label: string;
  readonly manifest: Document;
  readonly config: Blob;
  /** What counts as progress. */
  readonly layers: readonly Blob[];
}

export interface Blob {
  readonly descriptor: Descriptor;
  readonly bytes: ByteSource;
}

/** How many things a run does at a time. */
export interface PushLanes {
  /** Content being dealt with: what is on the wire, and as much again whose questions are asked meanwhile. */
  readonly underway: Lane;
  /** Bytes on their way. */
  readonly sending: Lane;
  /** Small requests in flight. They take no place of an upload: a manifest would leave the wire idle for a round trip. */
  readonly asking: Lane;
}

export interface PushPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly progress: TransferProgress;
}

/** How often a manifest is pushed that the store refuses for want of a blob which it has taken before. */
const ATTEMPTS = 7;
/** Milliseconds before the second of them; doubles with each. */
const FIRST_PAUSE = 100;

/**
 * Stores `content`; safe to repeat. A registry under parallel pushes can say that a blob is unknown which it took a
 * moment ago (seen on distribution 2.8.2 with the empty config): then the blobs are looked at again after a pause, which
 * publishers take at different lengths, and the manifest is repeated.
 * @throws what the store throws; the signal's reason
 */
export async function pushContent(
  repository: Repository,
  content: Content,
  lanes: PushLanes,
  ports: PushPorts,
): Promise<void> {
  const { label, manifest, layers } = content;
  const { signal, progress } = ports;
  for (let attempt = 1; ; attempt += 1) {
    await lanes.underway.run(() => putBlobs(repository, content, lanes.sending, ports));
    try {
      await lanes.asking.run(() => repository.putManifest(manifest, { signal }));
      break;
    } catch (error) {
      if (!(error instanceof MissingReferenceError) || attempt === ATTEMPTS) throw error;
      ports.log.info(`${label}: the registry misses a blob it had taken, looking for it again`);
      await ports.clock.sleep(FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + ports.random() / 2), signal);
    }
  }
  progress.done(
    label,
    layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0),
  );
}

async function putBlobs(
  repository: Repository,
  { label, config, layers }: Content,
  sending: Lane,
  { signal, progress }: PushPorts,
): Promise<void> {
  signal.throwIfAborted();
  const inTurn: InTurn = (send) => sending.run(send);
  const sent = new Map<Blob, number>();
  const puts = layers.map((layer) => {
    const onProgress = (bytes: number): void => {
      sent.set(layer, bytes);
      progress.sent(
        label,
        [...sent.values()].reduce((sum, each) => sum + each, 0),
      );
    };
    return repository.putBlob(layer.descriptor, layer.bytes, { signal, inTurn, onProgress });
  });
  await Promise.all([repository.putBlob(config.descriptor, config.bytes, { signal, inTurn }), ...puts]);
}
