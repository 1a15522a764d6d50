import type { ByteSource } from '../../src/core/bytes.js';
import { memoryBytes } from '../../src/core/bytes.js';
import { type Digest, digestOf, hexOf } from '../../src/core/digest.js';
import type { Clock } from '../../src/core/ports.js';
import type { Member } from '../../src/journals/member.js';
import { annotationsOf, type Descriptor } from '../../src/oci/descriptor.js';
import { type Document, encode } from '../../src/oci/document.js';
import { OCI_MANIFEST } from '../../src/oci/media-types.js';
import { parseRepositoryName, parseTag, type Tag } from '../../src/oci/reference.js';
import type { Referring, Repository, WriteOptions } from '../../src/oci/store.js';
import { EMPTY_CONFIG, EMPTY_CONFIG_BYTES } from '../../src/pyoci/file-manifest.js';
import { ATTACHMENT_OF, ATTACHMENT_TYPE } from '../../src/pyoci/layout.js';
import type { Claim } from '../../src/release/merge/journal.js';
import { FakeClock } from '../support/clock.js';
import { MemoryStore } from '../support/memory-store.js';
import { KeptLog } from '../support/ports.js';

export const REPOSITORY = parseRepositoryName('owner/demo');
export const TAG = parseTag('1.0');

export interface TestMember extends Member {
  readonly log: KeptLog;
}

/** A publisher of `owner/demo:1.0` in run 4711. */
export function member(changes: Partial<Omit<Member, 'log'>> = {}): TestMember {
  return {
    meeting: { repository: REPOSITORY, tag: TAG, run: '4711' },
    author: { leg: 'build/0', attempt: 1 },
    created: '2026-01-02T03:04:05Z',
    clock: new FakeClock(),
    signal: new AbortController().signal,
    log: new KeptLog(),
    ...changes,
  };
}

/** A memory store with the Referrers API, whose far side counts reads and tells of every push. */
export class WatchedRepository implements Repository, Referring {
  readonly name = REPOSITORY;
  readonly reads: string[] = [];
  readonly tagWrites: Tag[] = [];
  /** What the referrers listing leaves out of its descriptors. */
  bare = false;
  offered = true;
  hidden: (digest: string) => boolean = () => false;
  readonly #inner = new MemoryStore().repository(REPOSITORY);
  readonly #pushed: Document[] = [];
  readonly #told: (digest: string, tag?: Tag) => void;

  constructor(told: (digest: string, tag?: Tag) => void = () => undefined) {
    this.#told = told;
  }

  putBlob = (blob: Descriptor, bytes: ByteSource) => this.#inner.putBlob(blob, bytes);
  hasBlob = (blob: Descriptor) => this.#inner.hasBlob(blob);
  openBlob = (blob: Descriptor) => this.#inner.openBlob(blob);
  hasManifest = (digest: Digest) => this.#inner.hasManifest(digest);
  tags = () => this.#inner.tags();

  getManifest(reference: Digest | Tag): Promise<Document | undefined> {
    this.reads.push(reference);
    return this.#inner.getManifest(reference);
  }

  async putManifest(document: Document): Promise<void> {
    await this.#inner.putManifest(document);
    this.#pushed.push(document);
    this.#told(document.descriptor.digest);
  }

  async putTag(tag: Tag, document: Document, options?: WriteOptions): Promise<void> {
    await this.#inner.putTag(tag, document, options);
    this.tagWrites.push(tag);
    this.#told(document.descriptor.digest, tag);
  }

  async referrers(subject: Digest, artifactType: string): Promise<readonly Descriptor[] | undefined> {
    if (!this.offered) return undefined;
    const named = this.#pushed.filter(({ value, descriptor }) => {
      const referred = value.subject as { digest?: string } | undefined;
      return referred?.digest === subject && value.artifactType === artifactType && !this.hidden(descriptor.digest);
    });
    return named.map(({ value, descriptor }) => ({
      ...descriptor,
      artifactType,
      ...(!this.bare && { annotations: annotationsOf(value) }),
    }));
  }
}

/** A file that is stored, and waits to be listed. */
export async function stored(repository: Repository, architecture: string, content = architecture): Promise<Claim> {
  const layer = { mediaType: 'text/plain', digest: digestOf(Buffer.from(content)), size: Buffer.byteLength(content) };
  await repository.putBlob(EMPTY_CONFIG, memoryBytes(EMPTY_CONFIG_BYTES));
  await repository.putBlob(layer, memoryBytes(Buffer.from(content)));
  const manifest = encode({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: EMPTY_CONFIG,
    layers: [layer],
    architecture,
  });
  await repository.putManifest(manifest);
  const sha256 = hexOf(layer.digest);
  const descriptor = {
    ...manifest.descriptor,
    platform: { architecture, os: 'any' },
    annotations: { 'com.pyoci.sha256_digest': sha256 },
  };
  return { entry: { architecture, sha256, descriptor }, replaces: undefined };
}

/** Something that is attached to a stored file, and waits with it. */
export async function storedAttachment(repository: Repository, { entry }: Claim, type: string): Promise<Claim> {
  const claim = await stored(repository, `-${entry.architecture}.${type}`);
  const { descriptor } = claim.entry;
  const annotations = {
    ...descriptor.annotations,
    [ATTACHMENT_TYPE]: type,
    [ATTACHMENT_OF]: `sha256:${entry.sha256}`,
  };
  return { ...claim, entry: { ...claim.entry, descriptor: { ...descriptor, annotations } } };
}

/** A clock that never comes to the end of a sleep unless the signal wakes it. */
export const endlessClock: Clock = {
  now: () => 0,
  sleep: (_, signal) =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true })),
};
