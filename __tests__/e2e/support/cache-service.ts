import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Entry {
  readonly key: string;
  readonly version: string;
  final: boolean;
}

interface Question {
  readonly key: string;
  readonly version: string;
}

/**
 * The service behind the Actions cache, second protocol: entries are reserved, uploaded to a blob address and finalized;
 * a lookup matches keys by prefix within one version, the newest first.
 */
export class CacheService {
  readonly calls = new Map<string, number>();
  readonly #entries: Entry[] = [];
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch(() => response.destroy());
  });

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** What a runner sets for the steps of a job. */
  get environment(): Readonly<Record<string, string>> {
    return { ACTIONS_CACHE_SERVICE_V2: 'True', ACTIONS_RESULTS_URL: `${this.#url}/`, ACTIONS_RUNTIME_TOKEN: 'runtime' };
  }

  get #url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = new URL(request.url ?? '/', this.#url).pathname;
    if (path.startsWith('/blob/')) {
      response.writeHead(201, { etag: '"1"', 'last-modified': new Date().toUTCString() }).end();
      return;
    }
    const method = path.split('/').at(-1) ?? '';
    this.calls.set(method, (this.calls.get(method) ?? 0) + 1);
    const reply = this.#reply(method, JSON.parse(Buffer.concat(chunks).toString('utf8')) as Question);
    response.writeHead(reply ? 200 : 409, { 'content-type': 'application/json' });
    response.end(JSON.stringify(reply ?? { code: 'already_exists', msg: 'cache entry already exists' }));
  }

  #reply(method: string, { key, version }: Question): unknown {
    const same = (entry: Entry) => entry.key === key && entry.version === version;
    switch (method) {
      case 'CreateCacheEntry':
        if (this.#entries.some(same)) return undefined;
        this.#entries.push({ key, version, final: false });
        return { ok: true, signed_upload_url: `${this.#url}/blob/${this.#entries.length}` };
      case 'FinalizeCacheEntryUpload':
        for (const entry of this.#entries.filter(same)) entry.final = true;
        return { ok: true, entry_id: String(this.#entries.findIndex(same) + 1) };
      case 'GetCacheEntryDownloadURL': {
        const usable = this.#entries.filter((entry) => entry.final && entry.version === version);
        const found = usable.find(same) ?? usable.reverse().find((entry) => entry.key.startsWith(key));
        return found
          ? { ok: true, signed_download_url: `${this.#url}/blob/0`, matched_key: found.key }
          : { ok: false, signed_download_url: '', matched_key: '' };
      }
      default:
        throw new Error(`the cache service has no method ${method}`);
    }
  }
}
