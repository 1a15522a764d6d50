/** Brings the content of entries from one repository to another: blobs first, then the manifest that points at them. */

import type { Digest } from '../core/digest.js';
import { UserError } from '../core/errors.js';
import type { Lane } from '../core/lane.js';
import type { Clock, Log, TransferProgress } from '../core/ports.js';
import { type Descriptor, isDescriptor, type Json } from '../oci/descriptor.js';
import type { Document } from '../oci/document.js';
import { MissingReferenceError } from '../oci/errors.js';
import { referencesOf } from '../oci/references.js';
import type { Repository } from '../oci/store.js';
import { SourceError, streamedBytes } from './streamed.js';

/** Two repositories, and what passes between them. */
export interface Passage {
  readonly source: Repository;
  readonly destination: Repository;
  /** For messages: `ghcr.io/octo-org/my_package`. */
  readonly from: string;
  /** Whether both are repositories of one registry, which lends blobs from one to another. */
  readonly sameStore: boolean;
  readonly dryRun: boolean;
}

export interface CopyLanes {
  /** Small requests in flight. */
  readonly asking: Lane;
  /** Blobs being dealt with. */
  readonly underway: Lane;
  /** Bytes on their way. */
  readonly sending: Lane;
}

export interface ContentPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly progress: TransferProgress;
}

/** What was brought, or would be. */
export interface Brought {
  manifests: number;
  /** Blobs whose bytes went through us, and how many bytes these are. */
  blobs: number;
  bytes: number;
  /** Blobs that the destination had, or took from the source itself. */
  lent: number;
}

export function nothingBrought(): Brought {
  return { manifests: 0, blobs: 0, bytes: 0, lent: 0 };
}

/** How often the bytes of a blob are asked for whose source broke off. */
const ATTEMPTS = 3;
/** Milliseconds before the second time; twice as many before the third. */
const PAUSE = 1_000;

/** How often a manifest is put that the destination refuses for want of a blob which it has taken. */
const PUTS = 7;
/** Milliseconds before the second time; doubles with each. */
const FIRST_PAUSE = 100;

/** Brings content from one repository to another, each manifest and each blob once, however many entries point at it. */
export class ContentCopier {
  readonly #passage: Passage;
  readonly #lanes: CopyLanes;
  readonly #ports: ContentPorts;
  readonly #manifests = new Map<Digest, Promise<void>>();
  readonly #blobs = new Map<Digest, Promise<void>>();
  readonly brought: Brought = nothingBrought();

  constructor(passage: Passage, lanes: CopyLanes, ports: ContentPorts) {
    this.#passage = passage;
    this.#lanes = lanes;
    this.#ports = ports;
  }

  /**
   * Makes sure that a manifest is at the destination with all that it points at. "The manifest is there" is not believed
   * to mean that its blobs are: cleaners leave holes.
   * @param label what it stands for: the name of a file
   * @throws UserError if it is gone at the source, or cannot be stored
   */
  bring(manifest: Descriptor, label: string): Promise<void> {
    const known = this.#manifests.get(manifest.digest);
    const bringing = known ?? this.#bringManifest(manifest, label);
    this.#manifests.set(manifest.digest, bringing);
    return bringing;
  }

  async #bringManifest({ digest }: Descriptor, label: string): Promise<void> {
    const { source, destination, from, dryRun } = this.#passage;
    const { signal } = this.#ports;
    const read = (repository: Repository) => this.#lanes.asking.run(() => repository.getManifest(digest, { signal }));
    const there = await read(destination);
    const document = there ?? (await read(source));
    if (!document) {
      throw new UserError(`Cannot copy ${label} from ${from}: its manifest ${digest} is gone there`, {
        hint: 'a clean-up has probably deleted it; publish the file again, then copy',
      });
    }
    const size = layersOf(document).reduce((sum, layer) => sum + layer.size, 0);
    if (!there) this.#ports.progress.more(1, size);
    for (let attempt = 1; ; attempt += 1) {
      await Promise.all([
        ...blobsOf(document).map((blob) => this.#bringBlob(blob, label, there !== undefined || attempt > 1)),
        ...manifestsOf(document).map((child) => this.bring(child, label)),
      ]);
      if (there) return;
      try {
        if (!dryRun) await this.#lanes.asking.run(() => destination.putManifest(document, { signal }));
        this.brought.manifests += 1;
        this.#ports.progress.done(label, size);
        return;
      } catch (error) {
        if (!(error instanceof MissingReferenceError) || attempt === PUTS) throw error;
        // distribution under parallel writes misses for a moment what it has taken: look again, after a pause.
        for (const { digest: blob } of blobsOf(document)) this.#blobs.delete(blob);
        await this.#ports.clock.sleep(FIRST_PAUSE * 2 ** (attempt - 1), signal);
      }
    }
  }

  /** @param look whether it is probably there, so that asking costs less than putting */
  #bringBlob(blob: Descriptor, label: string, look: boolean): Promise<void> {
    const known = this.#blobs.get(blob.digest);
    const bringing = known ?? this.#lanes.underway.run(() => this.#putBlob(blob, label, look));
    this.#blobs.set(blob.digest, bringing);
    return bringing;
  }

  async #putBlob(blob: Descriptor, label: string, look: boolean): Promise<void> {
    const { destination, dryRun } = this.#passage;
    const { signal } = this.#ports;
    signal.throwIfAborted();
    const present = (look || dryRun) && (await destination.hasBlob(blob, { signal }));
    const put = present ? 'present' : dryRun ? 'sent' : await this.#send(blob, label);
    if (put === 'sent') {
      this.brought.blobs += 1;
      this.brought.bytes += blob.size;
    } else if (!present) {
      this.brought.lent += 1;
    }
  }

  /** A source whose connection breaks off is asked again; one that gives wrong bytes is not. */
  async #send(blob: Descriptor, label: string): Promise<'present' | 'sent'> {
    const { source, destination, from, sameStore } = this.#passage;
    const { clock, log, signal, progress } = this.#ports;
    const options = {
      signal,
      mountFrom: sameStore ? source.name : undefined,
      inTurn: <T>(send: () => Promise<T>) => this.#lanes.sending.run(send),
      onProgress: (bytes: number) => progress.sent(label, bytes),
    };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await destination.putBlob(blob, streamedBytes(source, blob, signal), options);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof SourceError)) throw error;
        const { cause } = error;
        const hopeless = cause instanceof UserError && !('temporary' in cause && cause.temporary === true);
        if (hopeless || attempt === ATTEMPTS) {
          throw new UserError(`Cannot copy ${label} from ${from}: its blob ${blob.digest} cannot be read there`, {
            cause,
            hint: 'run again; if it stays so, publish the file again, then copy',
          });
        }
        log.info(`${label}: the connection to ${from} broke off, reading ${blob.digest} again`);
        await clock.sleep(PAUSE * attempt, signal);
      }
    }
  }
}

function blobsOf(document: Document): readonly Descriptor[] {
  const { config, layers } = document.value;
  return referencesOf(document).blobs.length ? [config, ...(layers as readonly Json[])].filter(isDescriptor) : [];
}

function layersOf({ value }: Document): readonly Descriptor[] {
  return Array.isArray(value.layers) ? (value.layers as readonly Json[]).filter(isDescriptor) : [];
}

function manifestsOf(document: Document): readonly Descriptor[] {
  const { manifests } = document.value;
  return referencesOf(document).manifests.length ? (manifests as readonly Json[]).filter(isDescriptor) : [];
}
