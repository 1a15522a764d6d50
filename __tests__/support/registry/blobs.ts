import { randomUUID } from 'node:crypto';
import { digestOf } from '../../../src/core/digest.js';
import type { Shelf } from './contents.js';
import { type Answer, type Exchange, refusal, strangerIn, violation } from './exchange.js';

export interface BlobOptions {
  /** Form of the Location an upload is given: a path, a URL, or a URL whose query must come back. */
  readonly location: 'relative' | 'absolute' | 'query';
  readonly mount: boolean;
  /** `false`: a POST with the body is answered 202 and the body forgotten, as distribution does. */
  readonly singlePost: boolean;
  /** `ignored`: everything comes, whatever part is asked for, as from a cache that misses. */
  readonly ranges: 'given' | 'ignored';
}

/** Blobs by POST then PUT, single POST and mount. @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs */
export class Blobs {
  readonly #shelf: Shelf;
  readonly #options: BlobOptions;

  constructor(shelf: Shelf, options: BlobOptions) {
    this.#shelf = shelf;
    this.#options = options;
  }

  read(exchange: Exchange, repository: string, digest: string): Answer {
    if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
      return violation(405, 'UNSUPPORTED', `${exchange.method} on a blob`);
    }
    const bytes = this.#shelf.find(repository)?.blobs.get(digest);
    if (!bytes) return refusal(404, 'BLOB_UNKNOWN', 'blob unknown to registry', { digest });
    const headers = { 'content-type': 'application/octet-stream', 'docker-content-digest': digest };
    const { range } = exchange.headers;
    if (range === undefined || this.#options.ranges === 'ignored') return { status: 200, headers, body: bytes };
    return partOf(bytes, range, headers);
  }

  /** POST: opens an upload, unless the blob can be mounted or comes along. */
  start(exchange: Exchange, repository: string, origin: string): Answer {
    const { method, query, body } = exchange;
    if (method !== 'POST') return violation(405, 'UNSUPPORTED', `${method} on the uploads of a repository`);
    const stranger = strangerIn(query, ['mount', 'from', 'digest']);
    if (stranger) return stranger;
    const mount = query.get('mount');
    const digest = query.get('digest');
    if (mount !== null && digest !== null) return violation(400, 'UNSUPPORTED', 'mount and digest in one POST');
    if (digest === null && body.length > 0) return violation(400, 'SIZE_INVALID', 'POST with a body and no digest');
    if (mount !== null && this.#options.mount) {
      const bytes = this.#shelf.find(query.get('from') ?? '')?.blobs.get(mount);
      if (bytes) return this.#keep(repository, mount, bytes);
    }
    if (digest !== null) {
      const untyped = notOctets(exchange);
      if (untyped) return untyped;
      if (this.#options.singlePost) return this.#take(repository, digest, body);
    }
    const id = randomUUID();
    const state = this.#options.location === 'query' ? randomUUID() : '';
    this.#shelf.open(repository).uploads.set(id, state);
    const path = `/v2/${repository}/blobs/uploads/${id}`;
    const location = {
      relative: path,
      absolute: `${origin}${path}`,
      query: `${origin}${path}?_state=${state}%3D&_cache=`,
    }[this.#options.location];
    return { status: 202, headers: { location, range: '0-0', 'docker-upload-uuid': id } };
  }

  /** PUT of all bytes in one piece to the Location that the POST gave; or DELETE, which gives it up. */
  finish(exchange: Exchange, repository: string, id: string): Answer {
    const { method, query, body } = exchange;
    const contents = this.#shelf.open(repository);
    const state = contents.uploads.get(id);
    if (state === undefined) return refusal(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry');
    const given = state === '' ? [] : ['_state', '_cache'];
    const stranger = strangerIn(query, ['digest', ...given]);
    if (stranger) return stranger;
    if (state !== '' && (query.get('_state') !== `${state}=` || query.get('_cache') !== '')) {
      return violation(400, 'BLOB_UPLOAD_INVALID', 'the query of the Location did not come back as it was given');
    }
    contents.uploads.delete(id);
    if (method === 'DELETE') return { status: 204 };
    if (method !== 'PUT') return violation(405, 'UNSUPPORTED', `${method} on an upload`);
    const digest = query.get('digest');
    if (digest === null) return violation(400, 'DIGEST_INVALID', 'PUT of an upload without digest');
    return notOctets(exchange) ?? this.#take(repository, digest, body);
  }

  #take(repository: string, digest: string, bytes: Buffer): Answer {
    const found = digestOf(bytes);
    if (found !== digest) {
      return refusal(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content', { digest, found });
    }
    return this.#keep(repository, digest, bytes);
  }

  #keep(repository: string, digest: string, bytes: Buffer): Answer {
    this.#shelf.open(repository).blobs.set(digest, bytes);
    const headers = { location: `/v2/${repository}/blobs/${digest}`, 'docker-content-digest': digest };
    return { status: 201, headers };
  }
}

function notOctets(exchange: Exchange): Answer | undefined {
  return exchange.headers['content-type'] === 'application/octet-stream'
    ? undefined
    : violation(415, 'UNSUPPORTED', `blob sent as ${exchange.headers['content-type']}`);
}

/** Only the form that every registry and storage service understands. */
function partOf(bytes: Buffer, range: string, headers: Readonly<Record<string, string>>): Answer {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (from === undefined || to === undefined) return violation(416, 'UNSUPPORTED', `range ${range}`);
  const [first, last] = [Number(from), Math.min(Number(to), bytes.length - 1)];
  if (first > last) return refusal(416, 'SIZE_INVALID', 'range beyond the blob');
  const place = { 'content-range': `bytes ${first}-${last}/${bytes.length}` };
  return { status: 206, headers: { ...headers, ...place }, body: bytes.subarray(first, last + 1) };
}
