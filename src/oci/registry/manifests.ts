/** Manifests, indexes and tags of one repository: read, stored by digest, and the one write of a tag. */
import { memoryBytes } from '../../core/bytes.js';
import { type Digest, digestOf, isDigest } from '../../core/digest.js';
import { UserError } from '../../core/errors.js';
import { type Document, decode, LARGEST_DOCUMENT } from '../document.js';
import { MissingReferenceError, WriteRefusedError } from '../errors.js';
import { MANIFEST_TYPES } from '../media-types.js';
import type { RepositoryName, Tag } from '../reference.js';
import type { ReadOptions, WriteOptions } from '../store.js';
import { checkContentDigest } from './content-digest.js';
import type { Http, ReadAnswer, RegistryRequest } from './http.js';
import { missingIn } from './missing-references.js';
import { RegistryError } from './refusal/errors.js';
import { isHtml } from './refusal/markup.js';
import type { Reason } from './refusal/reasons.js';
import { redacted } from './transport/redaction.js';
import { PATIENCE } from './transport/retry.js';
import type { Method } from './transport/wire.js';

const ACCEPT = MANIFEST_TYPES.join(', ');
/** The spec's two codes, and Harbor's. */
const ABSENT = ['MANIFEST_UNKNOWN', 'NAME_UNKNOWN', 'NOT_FOUND'];

/** The manifests of one repository. @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pull */
export class Manifests {
  readonly #http: Http;
  readonly #repository: RepositoryName;

  constructor(http: Http, repository: RepositoryName) {
    this.#http = http;
    this.#repository = repository;
  }

  async get(reference: Digest | Tag, { signal }: ReadOptions): Promise<Document | undefined> {
    const request = { ...this.#request('read', reference, 'GET'), signal };
    const answer = await this.#http.ask({ ...request, accept: [200, 404], limit: LARGEST_DOCUMENT });
    if (answer.status === 404) return absent(answer, this.#http.reasonsIn(answer), request, isDigest(reference));
    const digest = digestOf(answer.body);
    if (isDigest(reference) && digest !== reference) {
      throw new UserError(`Cannot ${request.step}: the bytes that came have the digest ${digest}`);
    }
    checkContentDigest(answer.headers, digest, request.step);
    return decode(
      answer.body,
      mediaTypeOf(answer),
      `${this.#repository}${isDigest(reference) ? '@' : ':'}${reference}`,
    );
  }

  /** A HEAD says yes or no; for any other answer, which has no text, the GET tells the reason. */
  async has(digest: Digest, options: ReadOptions): Promise<boolean> {
    return (await this.#head(digest, options)) ?? (await this.get(digest, options)) !== undefined;
  }

  /**
   * What a tag points at, by a HEAD. One that is answered without a digest, or with a refusal, says too little: then the
   * document is read.
   */
  async resolve(tag: Tag, options: ReadOptions): Promise<Digest | undefined> {
    return (await this.#named(tag, options)) ?? (await this.get(tag, options))?.descriptor.digest;
  }

  /** `undefined`: the answer does not tell. */
  async #named(tag: Tag, { signal }: ReadOptions): Promise<Digest | undefined> {
    const request = { ...this.#request('look for', tag, 'HEAD'), signal };
    try {
      const { headers } = await this.#http.ask({ ...request, accept: [200], pages: true });
      const digest = headers['docker-content-digest'];
      return isDigest(digest) ? digest : undefined;
    } catch (error) {
      if (!(error instanceof RegistryError) || error.temporary) throw error;
      return undefined;
    }
  }

  /** `undefined`: neither yes nor no. */
  async #head(digest: Digest, { signal }: ReadOptions): Promise<boolean | undefined> {
    const request = { ...this.#request('look for', digest, 'HEAD'), signal };
    try {
      const { status, headers } = await this.#http.ask({ ...request, accept: [200, 404] });
      if (status === 404) return false;
      checkContentDigest(headers, digest, request.step);
      // Who has a page for every address says yes to everything, but knows no digest.
      return isHtml(headers) && headers['docker-content-digest'] === undefined ? undefined : true;
    } catch (error) {
      if (!(error instanceof RegistryError) || error.temporary) throw error;
      return undefined;
    }
  }

  /** Stores a document under its digest, which may be repeated. */
  async put(document: Document, { signal }: ReadOptions): Promise<void> {
    const request = { ...this.#request('push', document.descriptor.digest, 'PUT'), signal };
    try {
      await this.#send(request, document);
    } catch (error) {
      throw asMissing(error, document);
    }
  }

  /** Points a tag at a document. Sent once, and not cut: half a write is one that nobody knows the outcome of. */
  async tag(tag: Tag, document: Document, { signal, repeatUntil }: WriteOptions): Promise<void> {
    const request = { ...this.#request('write', tag, 'PUT'), signal, once: { repeatUntil }, toTheEnd: true };
    try {
      await this.#send(request, document);
    } catch (error) {
      throw asRefusedWrite(asMissing(error, document));
    }
  }

  /**
   * By digest its tags go along, except in some registries; by a tag many delete nothing.
   * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#deleting-manifests
   */
  async delete(reference: Digest | Tag, { signal }: ReadOptions): Promise<'deleted' | 'absent'> {
    const request = { ...this.#request('delete', reference, 'DELETE'), signal };
    const { status } = await this.#http.ask({ ...request, accept: [200, 202, 204, 404] });
    return status === 404 ? 'absent' : 'deleted';
  }

  async #send(request: Omit<RegistryRequest, 'accept'>, { descriptor, bytes }: Document): Promise<void> {
    const { headers } = await this.#http.ask({
      ...request,
      headers: { 'content-type': descriptor.mediaType },
      body: memoryBytes(bytes),
      accept: [200, 201, 202],
    });
    checkContentDigest(headers, descriptor.digest, request.step);
  }

  #request(verb: string, reference: Digest | Tag, method: Method): Omit<RegistryRequest, 'accept'> {
    const name = `${this.#repository}${isDigest(reference) ? '@' : ':'}${reference}`;
    const url = this.#http.url(`${this.#repository}/manifests/${reference}`);
    const headers = method === 'GET' || method === 'HEAD' ? { accept: ACCEPT } : {};
    return { step: `${verb} ${name}`, method, url, headers, repository: this.#repository };
  }
}

/**
 * A 404 says "not there" for a tag only in the registry's own word: one without it may come from a proxy or a wrong
 * address, and one that speaks of Accept stands before an image of another kind (distribution). To take either for
 * absence would put a new index over what is there. A digest can only name one content, so there any 404 will do.
 */
function absent(
  { status, url }: ReadAnswer,
  reasons: readonly Reason[],
  { step, method }: Omit<RegistryRequest, 'accept'>,
  byDigest: boolean,
): undefined {
  const unaccepted = reasons.some(({ message }) => /accept/i.test(message));
  if (!unaccepted && (byDigest || reasons.some(({ code }) => ABSENT.includes(code)))) return undefined;
  throw new RegistryError(
    { step, method, url: redacted(url), status, reasons, retryAfter: undefined },
    {
      hint: unaccepted
        ? 'the tag holds something of a kind that is not ours: choose another namespace, or delete that image'
        : `check that ${url.host} is a registry: it does not say "not there" in the way of registries`,
    },
  );
}

/** What the registry calls it; if that is no more than JSON, what the document calls itself. */
function mediaTypeOf({ headers, body }: ReadAnswer): string {
  const served = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (served !== '' && served !== 'application/json' && served !== 'application/octet-stream') return served;
  const own = /"mediaType"\s*:\s*"([^"]*)"/.exec(body.toString('utf8'))?.[1];
  return MANIFEST_TYPES.find((type) => type === own) ?? served;
}

function asMissing(error: unknown, document: Document): unknown {
  const missing = error instanceof RegistryError && !error.temporary ? missingIn(error, document) : undefined;
  if (!(error instanceof RegistryError) || !missing) return error;
  return new MissingReferenceError(error.message, missing, { cause: error, hint: error.hint });
}

/** A registry that asks to wait for longer than reads are waited for has refused for good. */
function asRefusedWrite(error: unknown): unknown {
  if (!(error instanceof RegistryError)) return error;
  const { message, hint, status, retryAfter } = error;
  const temporary = error.temporary && (retryAfter ?? 0) <= PATIENCE.longestRetryAfter;
  const mayHaveApplied = status >= 500 || status === 408 || status < 300;
  return new WriteRefusedError(message, { cause: error, hint, temporary, mayHaveApplied, retryAfter });
}
