import type { ByteSource } from '../../core/bytes.js';
import type { Descriptor } from '../descriptor.js';
import type { RepositoryName } from '../reference.js';
import type { ReadOptions, TransferOptions } from '../store.js';
import { atOnce } from '../transfer.js';
import { checkContentDigest } from './content-digest.js';
import type { Http, ReadAnswer } from './http.js';
import { uploadUrl } from './location.js';
import { RegistryError } from './refusal/errors.js';
import { isHtml } from './refusal/markup.js';
import { isTemporary } from './transport/retry.js';

/** Bytes up to which a blob is sent along with the POST that opens its upload. */
const LARGEST_IN_POST = 64 * 1024;
/** Bytes up to which it costs no more to send a blob again than to ask first whether it is there. */
const LARGEST_UNASKED = 4 * 1024 * 1024;

/** What one registry is known not to do. Learned from its answers, true for all its repositories. */
export interface Habits {
  singlePost: boolean;
  mount: boolean;
  /** From another repository. */
  lend: boolean;
}

/**
 * Puts blobs into one repository. What another repository of the registry has is mounted from there; small ones go with a single POST, others are mounted from the repository itself if
 * they are there, large ones are asked for first; else POST, then one PUT of everything. There are no chunks and there
 * is no resuming, since too many registries get these wrong: a failed upload starts again with a new POST.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs
 */
export class BlobUpload {
  readonly #http: Http;
  readonly #repository: RepositoryName;
  readonly #habits: Habits;

  constructor(http: Http, repository: RepositoryName, habits: Habits) {
    this.#http = http;
    this.#repository = repository;
    this.#habits = habits;
  }

  /**
   * @param ask whether to look first, however small the blob is
   * @returns whether bytes were sent
   * @throws RegistryError, UnansweredError, or what the source of the bytes threw
   */
  async put(blob: Descriptor, bytes: ByteSource, options: TransferOptions, ask: boolean): Promise<'present' | 'sent'> {
    const attempt = async (number: number): Promise<'present' | 'sent'> => {
      const lent = options.mountFrom !== undefined && this.#habits.lend && number === 1;
      if ((ask || (blob.size > LARGEST_UNASKED && !lent)) && (await this.#exists(blob, options))) return 'present';
      const opened = await this.#start(blob, bytes, number, options);
      if (typeof opened === 'string') return opened;
      const url = uploadUrl(opened.headers.location, opened.url, blob.digest);
      const answer = await this.#ask(blob, options, { method: 'PUT', url, body: bytes, accept: [200, 201, 204] });
      checkContentDigest(answer.headers, blob.digest, `upload ${blob.digest}`);
      return 'sent';
    };
    return this.#http.repeat(attempt, options.signal, isLostUpload);
  }

  /** @throws RegistryError or UnansweredError where the registry has trouble */
  async isThere(blob: Descriptor, options: ReadOptions): Promise<boolean> {
    return this.#http.repeat(() => this.#exists(blob, options), options.signal);
  }

  async #exists({ digest, size }: Descriptor, { signal }: ReadOptions): Promise<boolean> {
    const url = this.#http.url(`${this.#repository}/blobs/${digest}`);
    const request = { step: `look for ${digest}`, method: 'HEAD', url, repository: this.#repository, signal } as const;
    try {
      const { status, headers } = await this.#http.ask({ ...request, accept: [200, 404], once: {} });
      if (isHtml(headers)) return false;
      // An entry of another length is a broken one, as registries have left them after a failed upload.
      return status === 200 && Number(headers['content-length'] ?? size) === size;
    } catch (error) {
      // Storage behind a redirect may refuse a HEAD. The upload will tell whether there is real trouble.
      if (error instanceof RegistryError && !error.temporary) return false;
      throw error;
    }
  }

  /** Opens an upload, unless the blob is there already or went along. */
  async #start(
    blob: Descriptor,
    bytes: ByteSource,
    attempt: number,
    options: TransferOptions,
  ): Promise<ReadAnswer | 'present' | 'sent'> {
    const { digest, size } = blob;
    const { mountFrom } = options;
    if (mountFrom !== undefined && this.#habits.lend && attempt === 1) {
      const answer = await this.#borrow(blob, mountFrom, options);
      if (answer) return answer.status === 201 ? 'present' : answer;
    }
    if (this.#habits.singlePost && size <= LARGEST_IN_POST && attempt === 1) {
      const answer = await this.#optional('singlePost', () => this.#open(blob, options, { digest }, [201, 202], bytes));
      if (answer?.status === 201) {
        checkContentDigest(answer.headers, digest, `upload ${digest}`);
        return 'sent';
      }
      // The body was not wanted: the upload is open, and the bytes go there. So it will be next time.
      if (answer) this.#habits.singlePost = false;
      if (answer) return answer;
    }
    if (this.#habits.mount && size <= LARGEST_UNASKED) {
      const answer = await this.#optional('mount', () =>
        this.#open(blob, options, { mount: digest, from: this.#repository }, [201, 202]),
      );
      if (answer) return answer.status === 201 ? 'present' : answer;
    }
    return this.#open(blob, options, {}, [202]);
  }

  /** A token service may refuse the right to read the other repository; then our own requests must do without it. */
  async #borrow(blob: Descriptor, from: RepositoryName, options: TransferOptions): Promise<ReadAnswer | undefined> {
    this.#http.alsoReads(this.#repository, from, true);
    const answer = await this.#optional('lend', () =>
      this.#open(blob, options, { mount: blob.digest, from }, [201, 202]),
    );
    if (!answer) this.#http.alsoReads(this.#repository, from, false);
    return answer;
  }

  /** Something a registry need not offer. A refusal turns it off; what goes on without it tells about real trouble. */
  async #optional(habit: keyof Habits, ask: () => Promise<ReadAnswer>): Promise<ReadAnswer | undefined> {
    try {
      return await ask();
    } catch (error) {
      const refused =
        error instanceof RegistryError && (error.status < 500 || error.status === 501) && !isTemporary(error.status);
      if (!refused || error.says('DIGEST_INVALID', 'NAME_UNKNOWN')) throw error;
      // A missing right says nothing about what the registry offers.
      if (error.status !== 401 && error.status !== 403) this.#habits[habit] = false;
      return undefined;
    }
  }

  #open(
    blob: Descriptor,
    options: TransferOptions,
    query: Readonly<Record<string, string>>,
    accept: readonly number[],
    body?: ByteSource,
  ): Promise<ReadAnswer> {
    const url = this.#http.url(`${this.#repository}/blobs/uploads/`, query);
    return this.#ask(blob, options, { method: 'POST', url, accept, body });
  }

  #ask(
    { digest }: Descriptor,
    { signal, onProgress, inTurn = atOnce }: TransferOptions,
    transfer: {
      readonly method: 'POST' | 'PUT';
      readonly url: URL;
      readonly accept: readonly number[];
      readonly body: ByteSource | undefined;
    },
  ): Promise<ReadAnswer> {
    const typed = transfer.body ? { headers: { 'content-type': 'application/octet-stream' }, blob: true } : {};
    const repository = this.#repository;
    const request = { ...transfer, ...typed, step: `upload ${digest}`, repository, signal, onProgress, once: {} };
    const ask = (): Promise<ReadAnswer> => this.#http.ask(request);
    return transfer.body ? inTurn(ask) : ask();
  }
}

/** The registry forgot the upload that it had opened, or got it wrong: a new one may go through. */
function isLostUpload(error: unknown): boolean {
  if (!(error instanceof RegistryError)) return false;
  return (
    error.says('BLOB_UPLOAD_UNKNOWN', 'BLOB_UPLOAD_INVALID') ||
    (error.method === 'PUT' && error.status === 404 && !error.page)
  );
}
