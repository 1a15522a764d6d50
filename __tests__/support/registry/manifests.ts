import { digestOf } from '../../../src/core/digest.js';
import { LARGEST_DOCUMENT } from '../../../src/oci/document.js';
import { DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from '../../../src/oci/media-types.js';
import type { Contents, Shelf, Stored } from './contents.js';
import { type Answer, type Exchange, refusal, strangerIn, violation } from './exchange.js';

export interface ManifestOptions {
  /** Tags a page of the listing holds; `undefined` = all on one. */
  readonly pageSize: number | undefined;
  readonly referrers: boolean;
  /** Whether it lists its repositories to those who may. */
  readonly catalog: boolean;
  /** Whether manifests can be deleted, as distribution must be told to let them. */
  readonly deletes: boolean;
}

type Member = Readonly<Record<string, unknown>>;

/** Manifests, tags and referrers. @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests */
export class Manifests {
  readonly #shelf: Shelf;
  readonly #options: ManifestOptions;

  constructor(shelf: Shelf, options: ManifestOptions) {
    this.#shelf = shelf;
    this.#options = options;
  }

  answer(exchange: Exchange, repository: string, reference: string): Answer {
    const stranger = strangerIn(exchange.query, []);
    if (stranger) return stranger;
    if (exchange.method === 'PUT') return this.#write(exchange, repository, reference);
    if (exchange.method === 'GET' || exchange.method === 'HEAD') return this.#read(exchange, repository, reference);
    if (exchange.method === 'DELETE') return this.#delete(repository, reference);
    return violation(405, 'UNSUPPORTED', `${exchange.method} on a manifest`);
  }

  tags(exchange: Exchange, repository: string): Answer {
    if (exchange.method !== 'GET') return violation(405, 'UNSUPPORTED', `${exchange.method} on the tags`);
    const stranger = strangerIn(exchange.query, ['n', 'last']);
    if (stranger) return stranger;
    const contents = this.#shelf.find(repository);
    if (!contents) return unknownName(repository);
    const last = exchange.query.get('last');
    const rest = contents.sortedTags.filter((tag) => last === null || tag > last);
    const size = Math.min(Number(exchange.query.get('n') ?? rest.length), this.#options.pageSize ?? rest.length);
    const page = rest.slice(0, size);
    const more = page.length < rest.length && page.length > 0;
    const next = `</v2/${repository}/tags/list?n=${size}&last=${page.at(-1)}>; rel="next"`;
    return { status: 200, headers: more ? { link: next } : {}, body: { name: repository, tags: page } };
  }

  /** Every repository, tags or not. @see https://distribution.github.io/distribution/spec/api/#listing-repositories */
  catalog(exchange: Exchange): Answer {
    if (!this.#options.catalog) return refusal(404, 'UNSUPPORTED', 'no such list');
    if (exchange.method !== 'GET') return violation(405, 'UNSUPPORTED', `${exchange.method} on the catalog`);
    const stranger = strangerIn(exchange.query, ['n', 'last']);
    if (stranger) return stranger;
    const last = exchange.query.get('last');
    const rest = this.#shelf.names.filter((name) => last === null || name > last);
    const size = Math.min(Number(exchange.query.get('n') ?? rest.length), this.#options.pageSize ?? rest.length);
    const page = rest.slice(0, size);
    const more = page.length < rest.length && page.length > 0;
    const next = `</v2/_catalog?n=${size}&last=${encodeURIComponent(page.at(-1) ?? '')}>; rel="next"`;
    return { status: 200, headers: more ? { link: next } : {}, body: { repositories: page } };
  }

  referrers(exchange: Exchange, repository: string, digest: string): Answer {
    if (!this.#options.referrers) return { status: 404, body: '404 page not found\n' };
    if (exchange.method !== 'GET') return violation(405, 'UNSUPPORTED', `${exchange.method} on the referrers`);
    const stranger = strangerIn(exchange.query, ['artifactType']);
    if (stranger) return stranger;
    const wanted = exchange.query.get('artifactType');
    const found = [...(this.#shelf.find(repository)?.manifests ?? [])]
      .map(([at, stored]) => ({ at, stored, value: JSON.parse(stored.bytes.toString()) as Member }))
      .filter(({ value }) => (value.subject as Member | undefined)?.digest === digest)
      .map(({ at, stored, value }) => ({
        mediaType: stored.mediaType,
        digest: at,
        size: stored.bytes.length,
        artifactType: value.artifactType ?? (value.config as Member | undefined)?.mediaType,
        annotations: value.annotations,
      }))
      .filter((descriptor) => wanted === null || descriptor.artifactType === wanted);
    const headers: Record<string, string> = { 'content-type': OCI_INDEX };
    if (wanted !== null) headers['oci-filters-applied'] = 'artifactType';
    return { status: 200, headers, body: { schemaVersion: 2, mediaType: OCI_INDEX, manifests: found } };
  }

  #read(exchange: Exchange, repository: string, reference: string): Answer {
    const contents = this.#shelf.find(repository);
    if (!contents) return unknownName(repository);
    const found = contents.resolve(reference);
    if (!found) return refusal(404, 'MANIFEST_UNKNOWN', 'manifest unknown', { reference });
    const { mediaType, bytes } = found.stored;
    const accepted = (exchange.headers.accept ?? '').split(',').map((type) => type.split(';')[0]?.trim());
    if (!accepted.includes(mediaType)) {
      // What distribution answers; a client that takes this for "no such tag" overwrites somebody's image.
      return refusal(404, 'MANIFEST_UNKNOWN', `manifest found, but accept header does not support ${mediaType}`);
    }
    return { status: 200, headers: { 'content-type': mediaType, 'docker-content-digest': found.digest }, body: bytes };
  }

  /** As distribution does: by digest, with all its tags, and whatever an index names stays. */
  #delete(repository: string, reference: string): Answer {
    if (!reference.includes(':')) return violation(400, 'DIGEST_INVALID', 'a tag deleted, which few registries can');
    if (!this.#options.deletes) return refusal(405, 'UNSUPPORTED', 'The operation is unsupported.');
    const contents = this.#shelf.find(repository);
    if (!contents) return unknownName(repository);
    if (!contents.manifests.delete(reference)) return refusal(404, 'MANIFEST_UNKNOWN', 'manifest unknown');
    for (const [tag, digest] of contents.tags) if (digest === reference) contents.tags.delete(tag);
    return { status: 202 };
  }

  #write(exchange: Exchange, repository: string, reference: string): Answer {
    const { body } = exchange;
    if (body.length > LARGEST_DOCUMENT) return refusal(413, 'SIZE_INVALID', 'manifest is larger than 4 MiB');
    const mediaType = exchange.headers['content-type'] ?? '';
    const digest = digestOf(body);
    if (reference.includes(':') && reference !== digest) {
      return violation(400, 'DIGEST_INVALID', `manifest with digest ${digest} put as ${reference}`);
    }
    const value = parse(body);
    if (value?.mediaType !== mediaType || value.schemaVersion !== 2) {
      return violation(400, 'MANIFEST_INVALID', `Content-Type ${mediaType} and mediaType ${value?.mediaType} differ`);
    }
    const contents = this.#shelf.open(repository);
    const problem = unfit(value, mediaType, contents);
    if (problem) return problem;
    contents.manifests.set(digest, { bytes: body, mediaType });
    if (!reference.includes(':')) contents.tags.set(reference, digest);
    const headers: Record<string, string> = {
      location: `/v2/${repository}/manifests/${digest}`,
      'docker-content-digest': digest,
    };
    const subject = (value.subject as Member | undefined)?.digest;
    if (this.#options.referrers && typeof subject === 'string') headers['oci-subject'] = subject;
    return { status: 201, headers };
  }
}

/** Every reference must exist already, with the size and type that its descriptor names. `subject` need not. */
function unfit(value: Member, mediaType: string, contents: Contents): Answer | undefined {
  const missing: unknown[] = [];
  const check = (descriptors: unknown, find: (digest: string) => Buffer | Stored | undefined): Answer | undefined => {
    if (!Array.isArray(descriptors)) return violation(400, 'MANIFEST_INVALID', 'a list of descriptors is missing');
    for (const descriptor of descriptors as Member[]) {
      const found = find(String(descriptor.digest));
      const bytes = found && 'bytes' in found ? found.bytes : found;
      if (found === undefined) missing.push(descriptor.digest);
      else if (bytes?.length !== descriptor.size) {
        return violation(400, 'MANIFEST_INVALID', `${descriptor.digest} does not have ${descriptor.size} bytes`);
      } else if ('mediaType' in found && found.mediaType !== descriptor.mediaType) {
        return violation(400, 'MANIFEST_INVALID', `${descriptor.digest} is no ${descriptor.mediaType}`);
      }
    }
    return undefined;
  };
  const problem =
    mediaType === OCI_INDEX || mediaType === DOCKER_LIST
      ? check(value.manifests, (digest) => contents.manifests.get(digest))
      : mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST
        ? (check([value.config], (digest) => contents.blobs.get(digest)) ??
          check(value.layers, (digest) => contents.blobs.get(digest)))
        : violation(415, 'MANIFEST_INVALID', `${mediaType} is no manifest`);
  if (problem || missing.length === 0) return problem;
  const errors = missing.map((digest) => ({
    code: 'MANIFEST_BLOB_UNKNOWN',
    message: 'blob unknown to registry',
    detail: { digest },
  }));
  return { status: 400, body: { errors } };
}

function parse(bytes: Buffer): Member | undefined {
  try {
    return JSON.parse(bytes.toString()) as Member;
  } catch {
    return undefined;
  }
}

function unknownName(repository: string): Answer {
  return refusal(404, 'NAME_UNKNOWN', 'repository name not known to registry', { name: repository });
}
