/** Blobs of one repository: uploads and verified downloads. */
import type { Readable } from 'node:stream';
import type { ByteSource } from '../../core/bytes.js';
import type { Digest } from '../../core/digest.js';
import type { Descriptor } from '../descriptor.js';
import type { RepositoryName } from '../reference.js';
import type { TransferOptions } from '../store.js';
import { verified } from '../transfer.js';
import { BlobUpload, type Habits } from './blob-upload.js';
import type { Http } from './http.js';
import { isHtml } from './refusal/markup.js';

/** The blobs of one repository, each put once, however many ask for it. */
export class Blobs {
  readonly #http: Http;
  readonly #repository: RepositoryName;
  readonly #upload: BlobUpload;
  readonly #present = new Set<Digest>();
  /** Taken by the registry, and missed by it later. */
  readonly #doubted = new Set<Digest>();
  readonly #running = new Map<Digest, Promise<unknown>>();

  constructor(http: Http, repository: RepositoryName, habits: Habits) {
    this.#http = http;
    this.#repository = repository;
    this.#upload = new BlobUpload(http, repository, habits);
  }

  async put(blob: Descriptor, bytes: ByteSource, options: TransferOptions): Promise<'present' | 'sent'> {
    const { digest } = blob;
    for (let running = this.#running.get(digest); running; running = this.#running.get(digest)) {
      await this.#http.waitFor(running, options.signal);
    }
    if (this.#present.has(digest)) return 'present';
    const putting = this.#upload.put(blob, bytes, options, this.#doubted.has(digest));
    // Others only wait for it to end: whether it failed is told to whoever asked for it.
    const ended = putting.then(
      () => void this.#present.add(digest),
      () => {},
    );
    this.#running.set(digest, ended);
    try {
      return await putting;
    } finally {
      this.#running.delete(digest);
    }
  }

  /**
   * What the registry turned out to have lost is looked at again; without names, everything. To send it anew unasked
   * would be wrong as often as right: while many put the same small blob, distribution 2.8 misses it for a moment each
   * time that one of them does.
   */
  forget(digests: readonly Digest[]): void {
    for (const digest of digests.length === 0 ? [...this.#present] : digests) {
      this.#present.delete(digest);
      this.#doubted.add(digest);
    }
  }

  async open(blob: Descriptor, options: TransferOptions): Promise<Readable> {
    const answer = await this.#http.open(
      {
        step: `read ${blob.digest}`,
        method: 'GET',
        url: this.#http.url(`${this.#repository}/blobs/${blob.digest}`),
        repository: this.#repository,
        accept: [200],
        signal: options.signal,
      },
      ({ headers }) => !isHtml(headers) || Number(headers['content-length']) === blob.size,
    );
    return verified(answer.body, blob, options);
  }
}
