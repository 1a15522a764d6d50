import { once } from 'node:events';
import { type ClientRequest, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ledger } from './ledger.js';

/** One request as it arrived, in the order of arrival. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** The header, credential and all. */
  readonly authorization: string | undefined;
  /** Bytes of body that arrived. */
  sent: number;
  /** `undefined` while it is unanswered. */
  status: number | undefined;
}

/** Told of each request before it is handed on, the first being 1. `false` cuts the connection instead. */
export type Gate = (number: number, request: Recorded) => boolean;

/**
 * A proxy that stands before a registry and writes down what it is asked. It keeps the Host, so that the registry's
 * own Locations lead back through it.
 */
export class Recorder {
  readonly requests: Recorded[] = [];
  /** Lets everything pass unless a test sets another. */
  gate: Gate = () => true;
  readonly #upstream: string;
  readonly #server = createServer((incoming, outgoing) => this.#relay(incoming, outgoing));

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

  /** Forgets what was asked so far, and lets everything pass. */
  reset(): void {
    this.requests.length = 0;
    this.gate = () => true;
  }

  /** The requests that change something, as `METHOD path`. */
  get writes(): readonly string[] {
    const writing = this.requests.filter(({ method }) => !['GET', 'HEAD'].includes(method));
    return writing.map(({ method, path }) => `${method} ${path}`);
  }

  #relay(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = '', headers } = incoming;
    const url = new URL(incoming.url ?? '/', `http://${this.host}`);
    const { authorization } = headers;
    const record: Recorded = {
      method,
      path: url.pathname,
      query: url.search,
      authorization,
      sent: 0,
      status: undefined,
    };
    this.requests.push(record);
    ledger.keepsRequest('a registry', method, incoming.url ?? '', headers);
    if (!this.gate(this.requests.length, record)) {
      incoming.socket.destroy();
      return;
    }
    incoming.on('data', (chunk: Buffer) => {
      record.sent += chunk.length;
    });
    const [host, port] = this.#upstream.split(':');
    const forward = request({ host, port, method, path: incoming.url, headers });
    forward.on('response', (answer) => {
      record.status = answer.statusCode;
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    cutTogether(incoming, outgoing, forward);
    incoming.pipe(forward);
  }
}

/** Where one side breaks off, the other side sees a broken connection and not a short body. */
function cutTogether(incoming: IncomingMessage, outgoing: ServerResponse, forward: ClientRequest): void {
  forward.on('error', () => incoming.socket.destroy());
  incoming.on('error', () => forward.destroy());
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) forward.destroy();
  });
}
