import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ledger } from './ledger.js';

export interface Strayed {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The beginning of it. */
  readonly body: string;
}

/** Bytes of a body that are kept; a secret that came in one would stand at its beginning. */
const KEPT = 4_096;

/** The host that redirects lead to. It keeps what it gets, and would like to have more: it asks for sign-in itself. */
export class Elsewhere {
  readonly got: Strayed[] = [];
  #turn = 0;
  readonly #server = createServer((incoming, outgoing) => {
    this.#take(incoming, outgoing).catch(() => outgoing.destroy());
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

  get #origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Where a request for this path is sent in place of the registry. */
  addressFor(url: string): string {
    return `${this.#origin}${url}`;
  }

  async #take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of incoming) if (body.length < KEPT) body += String(chunk).slice(0, KEPT);
    const { method = '', url = '', headers } = incoming;
    this.got.push({ method, url, headers, body });
    ledger.keeps('request to a stranger', `${method} ${url} ${JSON.stringify(headers)} ${body}`);
    this.#turn += 1;
    switch (this.#turn % 4) {
      case 0:
        return void outgoing.writeHead(401, { 'www-authenticate': `Bearer realm="${this.#origin}/token"` }).end();
      case 1:
        return void outgoing.writeHead(401, { 'www-authenticate': 'Basic realm="elsewhere"' }).end();
      case 2:
        return void outgoing.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not Found</h1>');
      default:
        return void outgoing.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>');
    }
  }
}
