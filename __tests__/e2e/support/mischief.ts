import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What goes wrong between us and a registry. */
export type Mischief =
  | 'none'
  /** Every third request finds its connection cut. */
  | 'cut'
  /** A blob comes with one byte changed. */
  | 'changed'
  /** A blob ends in the middle, with the connection. */
  | 'short'
  /** `Range` is not understood: everything comes, with 200. */
  | 'no ranges'
  /** Blobs are at a storage host, which refuses whoever brings credentials of the registry. */
  | 'storage';

/** Stands before a registry, hands on what it is asked, and does mischief to what comes back. */
export class MischievousProxy {
  mischief: Mischief = 'none';
  /** Requests that the storage host refused, and those that it answered. */
  readonly storage = { refused: 0, answered: 0 };
  /** Requests whose connection was cut. */
  cut = 0;
  #count = 0;
  readonly #upstream: string;
  readonly #authorization: string;
  readonly #server: Server = createServer((incoming, outgoing) => this.#take(incoming, outgoing));
  readonly #storage: Server = createServer((incoming, outgoing) => this.#store(incoming, outgoing));

  /** @param authorization that opens the registry, for the storage host alone */
  constructor(upstream: string, authorization: string) {
    this.#upstream = upstream;
    this.#authorization = authorization;
  }

  async start(): Promise<void> {
    for (const server of [this.#server, this.#storage]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
  }

  async stop(): Promise<void> {
    for (const server of [this.#server, this.#storage]) {
      server.closeAllConnections();
      server.close();
    }
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #take(incoming: IncomingMessage, outgoing: ServerResponse): void {
    this.#count += 1;
    if (this.mischief === 'cut' && this.#count % 3 === 0) {
      this.cut += 1;
      incoming.socket.destroy();
      return;
    }
    const blob = incoming.method === 'GET' && (incoming.url ?? '').includes('/blobs/sha256:');
    if (blob && this.mischief === 'storage') {
      const { port } = this.#storage.address() as AddressInfo;
      outgoing.writeHead(307, { location: `http://127.0.0.1:${port}${incoming.url}` }).end();
      return;
    }
    const { range, ...others } = incoming.headers;
    const headers = blob && this.mischief === 'no ranges' ? others : { ...others, ...(range && { range }) };
    this.#relay(incoming, outgoing, headers, blob);
  }

  #store(incoming: IncomingMessage, outgoing: ServerResponse): void {
    if (incoming.headers.authorization !== undefined) {
      this.storage.refused += 1;
      outgoing.writeHead(400).end('credentials of somebody else');
      return;
    }
    this.storage.answered += 1;
    this.#relay(incoming, outgoing, { ...incoming.headers, authorization: this.#authorization }, false);
  }

  #relay(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    headers: Readonly<Record<string, string | string[] | undefined>>,
    blob: boolean,
  ): void {
    const [host, port] = this.#upstream.split(':');
    const forward = request({ host, port, method: incoming.method, path: incoming.url, headers });
    forward.on('error', () => incoming.socket.destroy());
    forward.on('response', async (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      if (!blob || (this.mischief !== 'changed' && this.mischief !== 'short')) {
        answer.pipe(outgoing);
        return;
      }
      const body = await buffer(answer);
      if (this.mischief === 'short') outgoing.write(body.subarray(0, body.length / 2), () => incoming.socket.destroy());
      else {
        const middle = Math.floor(body.length / 2);
        body.writeUInt8(body.readUInt8(middle) ^ 1, middle);
        outgoing.end(body);
      }
    });
    incoming.pipe(forward);
  }
}
