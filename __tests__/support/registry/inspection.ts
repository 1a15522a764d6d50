import { digestOf } from '../../../src/core/digest.js';
import type { ImageIndex, ImageManifest } from '../../../src/oci/descriptor.js';
import type { Document } from '../../../src/oci/document.js';
import type { Contents, Shelf, Stored } from './contents.js';

/** What a repository is given before the test, past every check: also what no registry should hold. */
export interface Holding {
  readonly blobs?: readonly Uint8Array[];
  readonly manifests?: readonly (Document | Stored)[];
  readonly tags?: Readonly<Record<string, Document | Stored>>;
}

/** Looks into a registry, and reaches into it, behind the back of its protocol. */
export class Inspection {
  readonly #shelf: Shelf;

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  holding(repository: string, { blobs = [], manifests = [], tags = {} }: Holding): this {
    const contents = this.#shelf.open(repository);
    for (const blob of blobs) contents.blobs.set(digestOf(blob), Buffer.from(blob));
    for (const manifest of manifests) keep(contents, manifest);
    for (const [tag, manifest] of Object.entries(tags)) contents.tags.set(tag, keep(contents, manifest));
    return this;
  }

  /** Names of all repositories. */
  get repositories(): readonly string[] {
    return this.#shelf.names;
  }

  tagsOf(repository: string): readonly string[] {
    return this.#shelf.find(repository)?.sortedTags ?? [];
  }

  /** What the tag points at. @throws Error if there is none */
  index(repository: string, tag: string): ImageIndex {
    return this.#json(repository, tag) as ImageIndex;
  }

  /** @throws Error if it is not there */
  manifest(repository: string, digest: string): ImageManifest {
    return this.#json(repository, digest) as ImageManifest;
  }

  /** The exact bytes behind a tag or digest. @throws Error if there are none */
  bytes(repository: string, reference: string): Buffer {
    const found = this.#shelf.find(repository)?.resolve(reference);
    if (!found) throw new Error(`Registry holds no ${repository} ${reference}`);
    return found.stored.bytes;
  }

  /** @throws Error if it is not there */
  blob(repository: string, digest: string): Buffer {
    const found = this.#shelf.find(repository)?.blobs.get(digest);
    if (!found) throw new Error(`Registry holds no blob ${repository} ${digest}`);
    return found;
  }

  /** Digests of all blobs of a repository. */
  blobsOf(repository: string): readonly string[] {
    return [...(this.#shelf.find(repository)?.blobs.keys() ?? [])];
  }

  /** Digests of all manifests of a repository, tagged or not. */
  manifestsOf(repository: string): readonly string[] {
    return [...(this.#shelf.find(repository)?.manifests.keys() ?? [])];
  }

  /** As a cleaner does: the tags that need it stay. */
  deleteManifest(repository: string, digest: string): void {
    this.#shelf.find(repository)?.manifests.delete(digest);
  }

  /** As storage loses it: the manifests that need it stay. */
  deleteBlob(repository: string, digest: string): void {
    this.#shelf.find(repository)?.blobs.delete(digest);
  }

  #json(repository: string, reference: string): unknown {
    return JSON.parse(this.bytes(repository, reference).toString());
  }
}

function keep(contents: Contents, manifest: Document | Stored): string {
  const mediaType = 'descriptor' in manifest ? manifest.descriptor.mediaType : manifest.mediaType;
  const digest = digestOf(manifest.bytes);
  contents.manifests.set(digest, { bytes: manifest.bytes, mediaType });
  return digest;
}
