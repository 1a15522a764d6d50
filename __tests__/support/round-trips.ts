import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Milliseconds without a new request after which those that came are taken for all that go out together. */
const QUIET = 80;

/**
 * Stands before a registry and hands requests on in rounds: none is answered before all have come that do not wait for
 * an answer. So the number of rounds is the number of round trips that a client makes in a row.
 */
export class RoundTrips {
  rounds = 0;
  /** Requests with bytes of blobs that were under way at one time. */
  mostUploads = 0;
  readonly #upstream: string;
  readonly #held: { readonly uploads: boolean; readonly release: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #server = createServer((incoming, outgoing) => {
    const uploads = Number(incoming.headers['content-length']) > 0 && !!incoming.url?.includes('/blobs/uploads/');
    this.#held.push({ uploads, release: () => this.#relay(incoming, outgoing) });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#close(), QUIET);
  });

  /** @param upstream host and port */
  constructor(upstream: string) {
    this.#upstream = upstream;
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #close(): void {
    this.rounds += 1;
    this.mostUploads = Math.max(this.mostUploads, this.#held.filter(({ uploads }) => uploads).length);
    for (const { release } of this.#held.splice(0)) release();
  }

  #relay(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const [host, port] = this.#upstream.split(':');
    const { method, url: path, headers } = incoming;
    const forward = request({ host, port, method, path, headers, agent: false });
    forward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    forward.on('error', () => incoming.socket.destroy());
    incoming.pipe(forward);
  }
}
