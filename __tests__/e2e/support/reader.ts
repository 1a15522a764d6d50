import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Authorize } from './registries.js';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const IMAGE = 'application/vnd.docker.distribution.manifest.v2+json';

export interface Found {
  readonly status: number;
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** SHA-256 of the bytes, as `sha256:hex`. */
  readonly digest: string;
}

/** Reads and prepares a registry with plain requests, so that what our code wrote is judged by other code. */
export class Reader {
  readonly #host: string;
  readonly #authorize: Authorize;

  constructor(registry: { readonly host: string; readonly authorize: Authorize }) {
    this.#host = registry.host;
    this.#authorize = registry.authorize;
  }

  async tags(repository: string): Promise<readonly string[]> {
    const { status, bytes } = await this.#ask('GET', repository, 'tags/list');
    if (status === 404) return [];
    expectStatus(status, [200], `tags of ${repository}`);
    return (JSON.parse(bytes.toString()) as { tags: string[] | null }).tags ?? [];
  }

  /** Any status is handed on, so that absence can be seen. */
  manifest(repository: string, reference: string): Promise<Found> {
    return this.#ask('GET', repository, `manifests/${reference}`);
  }

  /** Size and digest of the bytes that really come back. */
  async blob(repository: string, digest: string): Promise<{ readonly size: number; readonly digest: string }> {
    const response = await this.#open('GET', repository, `blobs/${digest}`);
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of response) {
      hash.update(chunk);
      size += chunk.length;
    }
    expectStatus(response.statusCode, [200], `blob ${digest} of ${repository}`);
    return { size, digest: `sha256:${hash.digest('hex')}` };
  }

  async pushManifest(repository: string, reference: string, mediaType: string, document: unknown): Promise<string> {
    const bytes = Buffer.from(typeof document === 'string' ? document : JSON.stringify(document));
    const answer = await this.#ask('PUT', repository, `manifests/${reference}`, bytes, mediaType);
    expectStatus(answer.status, [201], `pushing ${reference} to ${repository}: ${answer.bytes}`);
    return digestOf(bytes);
  }

  /** Resolves to the descriptor's digest and size. */
  async pushBlob(repository: string, bytes: Buffer): Promise<{ readonly digest: string; readonly size: number }> {
    const digest = digestOf(bytes);
    const opened = await this.#open('POST', repository, 'blobs/uploads/');
    opened.resume();
    expectStatus(opened.statusCode, [202], `upload to ${repository}`);
    const url = new URL(opened.headers.location ?? '', `http://${this.#host}`);
    url.searchParams.set('digest', digest);
    const answer = await read(await this.#send('PUT', url, repository, bytes, 'application/octet-stream'));
    expectStatus(answer.status, [201], `upload to ${repository}: ${answer.bytes}`);
    return { digest, size: bytes.length };
  }

  async deleteManifest(repository: string, digest: string): Promise<void> {
    const { status, bytes } = await this.#ask('DELETE', repository, `manifests/${digest}`);
    expectStatus(status, [202], `deleting ${digest} of ${repository}: ${bytes}`);
  }

  async #ask(method: string, repository: string, what: string, body?: Buffer, type?: string): Promise<Found> {
    return read(await this.#open(method, repository, what, body, type));
  }

  #open(method: string, repository: string, what: string, body?: Buffer, type?: string): Promise<IncomingMessage> {
    return this.#send(method, new URL(`http://${this.#host}/v2/${repository}/${what}`), repository, body, type);
  }

  async #send(method: string, url: URL, repository: string, body?: Buffer, type?: string): Promise<IncomingMessage> {
    const authorization = this.#authorize(repository);
    const headers = {
      accept: [INDEX, MANIFEST, LIST, IMAGE].join(', '),
      'content-length': String(body?.length ?? 0),
      ...(type && { 'content-type': type }),
      ...(authorization && { authorization }),
    };
    const outgoing = request(url, { method, headers }).end(body);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    return response;
  }
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

async function read(response: IncomingMessage): Promise<Found> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const mediaType = response.headers['content-type'] ?? '';
  return { status: response.statusCode ?? 0, mediaType, bytes, digest: digestOf(bytes) };
}

function expectStatus(status: number | undefined, allowed: readonly number[], what: string): void {
  if (!allowed.includes(status ?? 0)) throw new Error(`Registry answered ${status} for ${what}`);
}
