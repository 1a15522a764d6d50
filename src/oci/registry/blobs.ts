/** Blobs of one repository: uploads, verified downloads, and parts that nobody here can verify. */
import type { Readable } from 'node:stream';
import type { ByteSource } from '../../core/bytes.js';
import type { Digest } from '../../core/digest.js';
import { UserError } from '../../core/errors.js';
import type { Descriptor } from '../descriptor.js';
import { RangeRefusedError } from '../errors.js';
import { partOf } from '../part.js';
import type { RepositoryName } from '../reference.js';
import type { ByteRange, ReadOptions, TransferOptions } from '../store.js';
import { verified } from '../transfer.js';
import { BlobUpload, type Habits } from './blob-upload.js';
import type { Http } from './http.js';
import { RegistryError } from './refusal/errors.js';
import { isHtml } from './refusal/markup.js';
import type { Answer } from './transport/wire.js';

/** What is answered to a range by those who give none, or not this one. */
const NO_PARTS = [400, 416, 501];

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

  /** Asks again each time: another may have deleted it. */
  async has(blob: Descriptor, options: ReadOptions): Promise<boolean> {
    return this.#upload.isThere(blob, options);
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

  /**
   * Asks for `first-last` alone: suffixes and several ranges are not understood everywhere. A registry that ignores the
   * header sends everything, of which the rest is not read.
   */
  async openRange(blob: Descriptor, range: ByteRange, options: ReadOptions): Promise<Readable> {
    const { first, last } = range;
    const step = `read bytes ${first} to ${last} of ${blob.digest}`;
    const asking = this.#http.open(
      {
        step,
        method: 'GET',
        url: this.#http.url(`${this.#repository}/blobs/${blob.digest}`),
        headers: { range: `bytes=${first}-${last}` },
        repository: this.#repository,
        accept: [200, 206],
        signal: options.signal,
      },
      ({ headers, status }) => status === 206 || !isHtml(headers) || Number(headers['content-length']) === blob.size,
    );
    const answer = await asking.catch((error: unknown) => {
      throw error instanceof RegistryError && NO_PARTS.includes(error.status)
        ? new RangeRefusedError(error.message, { cause: error, hint: error.hint })
        : error;
    });
    try {
      const skip = answer.status === 206 ? checkedPart(answer, range, blob.size) : checkedWhole(answer, blob.size);
      return partOf(answer.body, { skip: first - skip, length: last - first + 1 }, blob.digest, options);
    } catch (error) {
      answer.body.destroy();
      if (!(error instanceof WrongAnswer)) throw error;
      const message = `Cannot ${step}: ${answer.url.host} ${error.message}`;
      throw answer.status === 206 ? new RangeRefusedError(message) : new UserError(message);
    }
  }
}

/** What a registry sent is not what was asked for: the end of a sentence. */
class WrongAnswer extends Error {}

/** @returns the place of the first byte that comes. @see https://www.rfc-editor.org/rfc/rfc9110#section-14.4 */
function checkedPart({ headers }: Answer, { first, last }: ByteRange, size: number): number {
  const found = headers['content-range'] ?? '';
  const [, from, to, of] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(found.trim()) ?? [];
  const whole = of === '*' ? size : Number(of);
  if (Number(from) === first && Number(to) === last && whole === size) return first;
  throw new WrongAnswer(`sent the range "${found}", expected "bytes ${first}-${last}/${size}"`);
}

function checkedWhole({ headers }: Answer, size: number): number {
  const found = headers['content-length'];
  if (found === undefined || Number(found) === size) return 0;
  throw new WrongAnswer(`sent ${found} bytes in place of ${size}`);
}
