import type { Readable } from 'node:stream';
import type { ByteSource } from '../core/bytes.js';
import type { Digest } from '../core/digest.js';
import type { Descriptor } from './descriptor.js';
import type { Document } from './document.js';
import type { RepositoryName, Tag } from './reference.js';

/**
 * A place that keeps content by digest, plus names. Knows nothing of Python, and its callers know nothing of HTTP or
 * paths. Three homes: memory, an OCI image layout folder, a registry; one contract suite holds them to this page.
 */
export interface Store {
  /** The place as the user knows it: `ghcr.io`, or a folder's path. */
  readonly label: string;
  repository(name: RepositoryName): Repository;
}

export interface Repository {
  readonly name: RepositoryName;

  /**
   * Makes sure the blob is there. Putting it twice is success. The store checks the bytes against `blob`.
   * @returns whether bytes had to be sent
   * @throws UserError if the bytes do not fit `blob`; then nothing is stored under its digest
   */
  putBlob(blob: Descriptor, bytes: ByteSource, options?: TransferOptions): Promise<'present' | 'sent'>;

  /** Whether the blob is there, in its full length. What the store cannot tell counts as not there. */
  hasBlob(blob: Descriptor, options?: ReadOptions): Promise<boolean>;

  /** The blob's bytes, verified while they stream. @throws UserError if it is not there. */
  openBlob(blob: Descriptor, options?: TransferOptions): Promise<Readable>;

  /** `undefined` only if the store says "not there"; all other trouble throws. */
  getManifest(reference: Digest | Tag, options?: ReadOptions): Promise<Document | undefined>;

  hasManifest(digest: Digest, options?: ReadOptions): Promise<boolean>;

  /**
   * Stores an image manifest or index under its digest. Repeatable.
   * @throws MissingReferenceError if the store refuses it because something it points at is not there
   */
  putManifest(document: Document, options?: ReadOptions): Promise<void>;

  /**
   * Points `tag` at `document`, storing it. Sent ONCE: a repeated write would put a stale index over a newer one, so
   * every failure goes back to the caller, who reads again first. The one repetition allowed is after an answer 401
   * (which wrote nothing), if `options.repeatUntil` has not passed.
   * @throws MissingReferenceError, WriteRefusedError, or anything else if no answer came: then it may have been applied
   */
  putTag(tag: Tag, document: Document, options?: WriteOptions): Promise<void>;

  /** Every tag, in the store's order; empty if the repository does not exist. */
  tags(options?: ReadOptions): Promise<readonly string[]>;
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface WriteOptions {
  /** Ends the call with its reason as long as nothing is sent. What is sent is brought to its answer. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since the epoch. */
  readonly repeatUntil?: number | undefined;
}

export interface TransferOptions extends ReadOptions {
  /** Called with the bytes of this attempt that have gone so far; starts again at 0 when an upload starts again. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** Of a blob that is opened: bytes at its end that come only after all of them were found right. */
  readonly holdBack?: number | undefined;
  /**
   * Of a blob that is put: another repository of the same store that has it. Where the store lends blobs from one
   * repository to another, no bytes are sent.
   */
  readonly mountFrom?: RepositoryName | undefined;
  /** Runs what sends the bytes, when it is their turn. What is asked before and after does not wait for one. */
  readonly inTurn?: InTurn | undefined;
}

export type InTurn = <T>(send: () => Promise<T>) => Promise<T>;

/** A repository whose registry may list the manifests that name a `subject`. */
export interface Referring {
  /**
   * Descriptors of the manifests of one artifact type that have `subject` as their subject.
   * @returns `undefined` if there is no such API here: 404, another origin, or an answer that is no index
   */
  referrers(subject: Digest, artifactType: string, options?: ReadOptions): Promise<readonly Descriptor[] | undefined>;
}

export function isReferring(repository: Repository): repository is Repository & Referring {
  return 'referrers' in repository;
}

/** Bytes of a blob, by place from 0; both ends are included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** A repository that gives parts of a blob. */
export interface Ranged {
  /**
   * Part of a blob, NOT verified: only the whole has a digest. Gives exactly the bytes of `range`, or the stream fails.
   * @param blob with its true size, which `range` lies within
   * @throws RangeRefusedError if the store refuses to give a part, or sends another
   * @throws UserError if it is not there, or is of another size
   */
  openBlobRange(blob: Descriptor, range: ByteRange, options?: ReadOptions): Promise<Readable>;
}

export function isRanged(repository: Repository): repository is Repository & Ranged {
  return 'openBlobRange' in repository;
}

/** A repository that tells what a tag points at without sending the document. */
export interface Resolving {
  /** `undefined` only if the store says "not there"; all other trouble throws. */
  resolveTag(tag: Tag, options?: ReadOptions): Promise<Digest | undefined>;
}

export function isResolving(repository: Repository): repository is Repository & Resolving {
  return 'resolveTag' in repository;
}

/** A repository that lets go of manifests and indexes. Blobs are not its affair: they may belong to others. */
export interface Deleting {
  /**
   * Deletes a manifest or index with every tag that points at it. Repeatable: what is gone already is no error.
   * @throws UserError if the store does not offer this, or the right to it is missing; then it is still there
   */
  deleteManifest(digest: Digest, options?: ReadOptions): Promise<'deleted' | 'absent'>;
  /**
   * Deletes a tag alone, for a store that keeps tags of what was deleted. Many registries do not offer it, or take what
   * the tag points at along: only for a tag whose index is to go anyway.
   */
  deleteTag?(tag: Tag, options?: ReadOptions): Promise<'deleted' | 'absent'>;
}

export function isDeleting(repository: Repository): repository is Repository & Deleting {
  return 'deleteManifest' in repository;
}

/** A manifest or index that nothing points at: no tag, and no index that a tag leads to. */
export interface Orphan {
  readonly digest: Digest;
  /** Since when it lies there, in milliseconds since the epoch. */
  readonly since: number;
}

/** A repository that can tell what lies in it without a name. */
export interface Inventoried {
  /** @throws UserError if an index cannot be read: nobody knows what it names */
  orphans(options?: ReadOptions): Promise<readonly Orphan[]>;
}

export function isInventoried(repository: Repository): repository is Repository & Inventoried {
  return 'orphans' in repository;
}

/** A store that can list what it holds. */
export interface Browsing {
  /** Every repository that it tells of, each once; in a registry also such as have no tag any more. */
  repositories(options?: ReadOptions): Promise<readonly RepositoryName[]>;
}

export function isBrowsing(store: Store): store is Store & Browsing {
  return 'repositories' in store;
}

/**
 * How readers sign in at the place: openly, with Basic credentials, or with a token from a Bearer realm, which PyOCI
 * asks for the service that the challenge names. `unknown` until a request was answered.
 */
export type SignIn = 'none' | 'basic' | 'bearer' | 'bearer-without-service' | 'unknown';

/** Only a registry has a sign-in; the other homes lack the property. */
export function signInOf(store: Store & { readonly signIn?: SignIn }): SignIn | undefined {
  return store.signIn;
}
