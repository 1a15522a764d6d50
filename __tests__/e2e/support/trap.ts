import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ledger } from './ledger.js';

/**
 * A proxy for everything that is not on this machine. Nothing should come: whoever asks for a host outside is written
 * down and turned away.
 */
export class Trap {
  /** `METHOD target` of each request. */
  readonly caught: string[] = [];
  readonly #server = createServer((request, response) => {
    this.caught.push(`${request.method} ${request.url}`);
    ledger.keeps('request to a stranger', `${request.url} ${JSON.stringify(request.headers)}`);
    response.writeHead(502).end();
  });

  async start(): Promise<void> {
    this.#server.on('connect', (request, socket) => {
      this.caught.push(`CONNECT ${request.url}`);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** What sends a program's requests here. Loopback is never asked through a proxy. */
  get env(): Readonly<Record<string, string>> {
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return { http_proxy: url, https_proxy: url };
  }
}
