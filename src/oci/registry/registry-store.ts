/** A store in a registry: one repository a name, each asked under its own credentials. */
import type { Readable } from 'node:stream';
import type { ByteSource } from '../../core/bytes.js';
import type { Digest } from '../../core/digest.js';
import { UserError } from '../../core/errors.js';
import type { Clock, Env, Log, Masker, Random } from '../../core/ports.js';
import { Redactor } from '../../core/text/redactor.js';
import type { Descriptor } from '../descriptor.js';
import type { Document } from '../document.js';
import { MissingReferenceError } from '../errors.js';
import type { RepositoryName, Tag } from '../reference.js';
import type {
  Browsing,
  ByteRange,
  Deleting,
  Ranged,
  ReadOptions,
  Referring,
  Repository,
  Resolving,
  SignIn,
  Store,
  TransferOptions,
  WriteOptions,
} from '../store.js';
import type { Habits } from './blob-upload.js';
import { Blobs } from './blobs.js';
import { Http } from './http.js';
import { listCatalog } from './lists/catalog-list.js';
import { listReferrers } from './lists/referrers.js';
import { listTags } from './lists/tag-list.js';
import type { Credentials, PathCredentials } from './login/credentials.js';
import { isWithin } from './login/docker-host.js';
import { Manifests } from './manifests.js';
import { Refusals } from './refusal/refusals.js';
import { Repeater } from './repeater.js';
import { Identity, type Instead } from './sign-in/identity.js';
import { SignedWire } from './sign-in/signed-wire.js';
import { Connections } from './transport/connections.js';
import { PATIENCE, type Patience } from './transport/retry.js';
import { Wire } from './transport/wire.js';

export interface RegistryOptions {
  /** `ghcr.io`, `localhost:5000` */
  readonly host: string;
  readonly scheme: 'https' | 'http';
  readonly credentials: Credentials;
  /** For some of its repositories: the first whose path fits takes the place of `credentials`. */
  readonly narrower?: readonly PathCredentials[];
  /** What to sign in with if the registry does not know the credentials; asked once for each. */
  readonly instead?: Instead;
  /**
   * The same as they are kept by now; asked whenever they are refused. For a store that lives long;
   * narrower ones stay as they are.
   */
  readonly renew?: Instead | undefined;
  /** Whether it is GitHub's registry; asked only after a refusal, whose cure depends on it. */
  readonly onGitHub?: (() => Promise<boolean>) | undefined;
  /** Asks for `pull` only, and any write throws. */
  readonly readOnly: boolean;
  /** Asks for the right to delete besides those to pull and to push. */
  readonly deletes?: boolean | undefined;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  readonly masker: Masker;
  /** Proxy variables are read from it. */
  readonly env: Env;
  readonly userAgent: string;
  /** How long to wait for the registry, and how often; as `PATIENCE` has it unless given. */
  readonly patience?: Patience | undefined;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

/** Requests under one set of credentials. */
interface Session {
  readonly signed: SignedWire;
  readonly http: Http;
}

/** Characters of a secret that would be cut where texts are, and is no word that a registry uses, as `wrong` may be. */
const LONG = 16;

/**
 * A registry that speaks the OCI distribution spec.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
 */
export class RegistryStore implements Store, Browsing {
  readonly label: string;
  readonly #narrower: readonly PathCredentials[];
  readonly #connections: Connections;
  readonly #readOnly: boolean;
  /** What is said under each of our names. */
  readonly #sessions = new Map<Credentials, Session>();
  readonly #sessionOf: (credentials: Credentials) => Session;
  readonly #session: Session;
  readonly #habits: Habits = { singlePost: true, mount: true, lend: true };
  readonly #repositories = new Map<RepositoryName, RegistryRepository>();

  constructor(options: RegistryOptions) {
    const { host, scheme, credentials, log, env, patience = PATIENCE } = options;
    const registry = new URL(`${scheme}://${host}`);
    const connections = new Connections(env, log);
    const wire = new Wire({ ...options, registry, connections, patience });
    const repeater = new Repeater({ ...options, patience });
    const secrets = new Redactor(LONG);
    const refusals = new Refusals({ ...options, registry, secrets });
    const masker: Masker = {
      mask: (secret) => {
        secrets.mask(secret);
        options.masker.mask(secret);
      },
    };
    this.label = host;
    this.#narrower = options.narrower ?? [];
    this.#readOnly = options.readOnly;
    this.#connections = connections;
    this.#sessionOf = (own) => {
      const renew = own === options.credentials ? options.renew : undefined;
      const identity = new Identity({ ...options, credentials: own, renew, masker });
      const parts = { ...options, registry, wire, repeater, refusals };
      const signed = new SignedWire({ ...parts, identity, masker });
      return { signed, http: new Http({ ...parts, signed }) };
    };
    this.#session = this.#sessionWith(credentials);
  }

  /** How readers sign in here; known after the first answer. */
  get signIn(): SignIn {
    const known = [...this.#sessions.values()].find(({ signed }) => signed.signIn !== 'unknown');
    return (known ?? this.#session).signed.signIn;
  }

  repository(name: RepositoryName): Repository & Referring & Ranged & Resolving & Deleting {
    const found = this.#repositories.get(name);
    if (found) return found;
    const own = this.#narrower.find(({ path }) => isWithin(name, path));
    const { http } = own ? this.#sessionWith(own.credentials) : this.#session;
    const made = new RegistryRepository(name, http, this.#habits, this.#readOnly ? this.label : undefined);
    this.#repositories.set(name, made);
    return made;
  }

  /** As far as the registry tells. @throws UserError if it keeps that to itself */
  async repositories(options: ReadOptions = {}): Promise<readonly RepositoryName[]> {
    options.signal?.throwIfAborted();
    return listCatalog(this.#session.http, options);
  }

  #sessionWith(credentials: Credentials): Session {
    const session = this.#sessions.get(credentials) ?? this.#sessionOf(credentials);
    this.#sessions.set(credentials, session);
    return session;
  }

  /** Ends all connections. */
  close(): void {
    this.#connections.close();
  }
}

class RegistryRepository implements Repository, Referring, Ranged, Resolving, Deleting {
  readonly name: RepositoryName;
  readonly #http: Http;
  readonly #blobs: Blobs;
  readonly #manifests: Manifests;
  readonly #readOnly: string | undefined;

  /** @param readOnly the registry's label, if nothing may be written to it */
  constructor(name: RepositoryName, http: Http, habits: Habits, readOnly: string | undefined) {
    this.name = name;
    this.#http = http;
    this.#blobs = new Blobs(http, name, habits);
    this.#manifests = new Manifests(http, name);
    this.#readOnly = readOnly;
  }

  async putBlob(blob: Descriptor, bytes: ByteSource, options: TransferOptions = {}): Promise<'present' | 'sent'> {
    this.#beforeWriting(options);
    return this.#blobs.put(blob, bytes, options);
  }

  async hasBlob(blob: Descriptor, options: ReadOptions = {}): Promise<boolean> {
    options.signal?.throwIfAborted();
    return this.#blobs.has(blob, options);
  }

  async openBlob(blob: Descriptor, options: TransferOptions = {}): Promise<Readable> {
    options.signal?.throwIfAborted();
    return this.#blobs.open(blob, options);
  }

  async openBlobRange(blob: Descriptor, range: ByteRange, options: ReadOptions = {}): Promise<Readable> {
    options.signal?.throwIfAborted();
    return this.#blobs.openRange(blob, range, options);
  }

  async getManifest(reference: Digest | Tag, options: ReadOptions = {}): Promise<Document | undefined> {
    options.signal?.throwIfAborted();
    return this.#manifests.get(reference, options);
  }

  async hasManifest(digest: Digest, options: ReadOptions = {}): Promise<boolean> {
    options.signal?.throwIfAborted();
    return this.#manifests.has(digest, options);
  }

  async putManifest(document: Document, options: ReadOptions = {}): Promise<void> {
    this.#beforeWriting(options);
    await this.#remembering(() => this.#manifests.put(document, options));
  }

  async putTag(tag: Tag, document: Document, options: WriteOptions = {}): Promise<void> {
    this.#beforeWriting(options);
    await this.#remembering(() => this.#manifests.tag(tag, document, options));
  }

  async deleteManifest(digest: Digest, options: ReadOptions = {}): Promise<'deleted' | 'absent'> {
    this.#beforeWriting(options);
    return this.#manifests.delete(digest, options);
  }

  async deleteTag(tag: Tag, options: ReadOptions = {}): Promise<'deleted' | 'absent'> {
    this.#beforeWriting(options);
    return this.#manifests.delete(tag, options);
  }

  async tags(options: ReadOptions = {}): Promise<readonly string[]> {
    options.signal?.throwIfAborted();
    return listTags(this.#http, this.name, options);
  }

  async resolveTag(tag: Tag, options: ReadOptions = {}): Promise<Digest | undefined> {
    options.signal?.throwIfAborted();
    return this.#manifests.resolve(tag, options);
  }

  async referrers(subject: Digest, artifactType: string, options: ReadOptions = {}) {
    options.signal?.throwIfAborted();
    return listReferrers(this.#http, this.name, subject, artifactType, options);
  }

  #beforeWriting({ signal }: ReadOptions): void {
    signal?.throwIfAborted();
    if (this.#readOnly === undefined) return;
    throw new UserError(`Cannot write to ${this.#readOnly}: it was opened for reading only`);
  }

  /** A blob that turns out to be missing is not taken for present the next time. */
  async #remembering(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (error instanceof MissingReferenceError) this.#blobs.forget(error.missing);
      throw error;
    }
  }
}
