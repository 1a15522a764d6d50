import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ledger } from './ledger.js';

/** What the proxy does to one request. */
export interface Treatment {
  /** Milliseconds before it is handed on, and before the answer is handed back. */
  readonly before?: number;
  readonly after?: number;
  /** Cuts the connection: before the registry hears of it, or after it has answered. */
  readonly cut?: 'before' | 'after';
}

/** A manifest or index that the registry took. */
export interface Push {
  readonly repository: string;
  readonly reference: string;
  readonly digest: string;
}

/** Stands before a registry, delays, reorders and drops, and sees what is pushed. Keeps the Host, as a tunnel does. */
export class UnrulyProxy {
  /** Writes of tags that the registry took. */
  readonly tagWrites: Push[] = [];
  /** All requests in the order of their arrival, as `METHOD /v2/...`, without the query. */
  readonly requests: string[] = [];
  /** All that were ever asked for. */
  readonly repositories = new Set<string>();
  treat: (method: string, path: string) => Treatment = () => ({});
  pushed: (push: Push) => void = () => undefined;
  /** Holds the first reads of a tag until so many have come: the start of a race. */
  #barrier: { left: number; readonly open: () => void; readonly opened: Promise<void> } | undefined;
  readonly #upstream: string;
  readonly #server = createServer((incoming, outgoing) => {
    this.#relay(incoming, outgoing).catch(() => outgoing.destroy());
  });

  constructor(upstream: string) {
    this.#upstream = upstream;
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves as soon as `count` readers stand at the start. */
  barrier(count: number): Promise<void> {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.#barrier = { left: count, open, opened };
    return opened;
  }

  async #relay(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', headers, url = '/' } = incoming;
    ledger.keepsRequest('a registry', method, url, headers);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    this.requests.push(`${method} ${url.split('?')[0]}`);
    const [, named] = /^\/v2\/(.+)\/(?:blobs|manifests|tags|referrers)\//.exec(url) ?? [];
    if (named) this.repositories.add(named);
    const [, repository = '', reference = ''] = /^\/v2\/(.+)\/manifests\/([^/?]+)/.exec(url) ?? [];
    const tagged = reference !== '' && !reference.startsWith('sha256:');
    if (tagged && method === 'GET') await this.#wait();
    const { before = 0, after = 0, cut } = this.treat(method, url);
    await pause(before);
    if (cut === 'before') {
      outgoing.destroy();
      return;
    }
    const answer = await this.#ask(method, url, headers, Buffer.concat(chunks));
    if (method === 'PUT' && reference !== '' && answer.status === 201) {
      const digest = String(answer.headers['docker-content-digest'] ?? '');
      const push = { repository, reference, digest };
      if (tagged) this.tagWrites.push(push);
      this.pushed(push);
    }
    await pause(after);
    if (cut === 'after') {
      outgoing.destroy();
      return;
    }
    outgoing.writeHead(answer.status, answer.raw);
    outgoing.end(answer.body);
  }

  async #wait(): Promise<void> {
    const barrier = this.#barrier;
    if (!barrier || barrier.left <= 0) return;
    barrier.left -= 1;
    if (barrier.left === 0) barrier.open();
    await barrier.opened;
  }

  async #ask(method: string, path: string, headers: IncomingMessage['headers'], body: Buffer) {
    const [host, port] = this.#upstream.split(':');
    const asked = request({ host, port, method, path, headers });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const { statusCode: status = 502, rawHeaders: raw } = answer;
    return { status, raw, headers: answer.headers, body: Buffer.concat(chunks) };
  }
}

async function pause(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
