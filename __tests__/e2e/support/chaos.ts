import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Elsewhere } from './elsewhere.js';
import { type Fault, faultText, type Schedule } from './fault.js';
import { ledger } from './ledger.js';

/** A request as it arrived, and what was done to it. */
export interface Suffered {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly fault: string | undefined;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Surroundings {
  /** Host and port of the registry. */
  readonly registry: string;
  /** Where its tokens are from; asked through this proxy, so that sign-in suffers as well. */
  readonly realm: string;
  /** Where redirects lead. */
  readonly elsewhere: Elsewhere;
}

/** How long nobody listens, in milliseconds. */
const REFUSING = 15;
const WRONG_DIGEST = `sha256:${'0'.repeat(64)}`;

/** A proxy before a registry and its token service that lets each request suffer what its schedule says. */
export class ChaosProxy {
  readonly suffered: Suffered[] = [];
  schedule: Schedule = () => undefined;
  readonly #around: Surroundings;
  readonly #upstream = new Agent({ keepAlive: true });
  readonly #server = createServer((incoming, outgoing) => {
    this.#relay(incoming, outgoing).catch(() => outgoing.destroy());
  });
  #port = 0;
  #refusing: Promise<void> | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  async start(): Promise<void> {
    await this.#listen();
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await this.#refusing;
    this.#server.closeAllConnections();
    this.#server.close();
    this.#upstream.destroy();
    await once(this.#server, 'close');
  }

  get host(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Begins anew with another schedule. */
  begin(schedule: Schedule): void {
    this.suffered.length = 0;
    this.schedule = schedule;
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async #relay(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', url = '/', headers } = incoming;
    const fault = this.schedule(this.suffered.length + 1);
    const told = fault && faultText(fault);
    this.suffered.push({ method, url, authorization: headers.authorization, fault: told });
    ledger.keepsRequest('a registry', method, url, headers);
    incoming.on('error', () => undefined);
    if (fault?.kind === 'refused') return this.#refuse(incoming);
    if (fault?.kind === 'reset' && fault.at === 'request') return reset(incoming.socket);
    const body: Buffer[] = [];
    for await (const chunk of incoming) {
      body.push(chunk as Buffer);
      if (fault?.kind === 'reset' && fault.at === 'request body') return reset(incoming.socket);
    }
    if (fault?.kind === 'stall' && fault.at === 'request') return;
    if (fault?.kind === 'elsewhere') {
      outgoing.writeHead(fault.status, { location: this.#around.elsewhere.addressFor(url) }).end();
      return;
    }
    if (fault?.kind === 'status' && !fault.applied) return answerWith(fault, outgoing);
    const sent = fault?.kind === 'expired' ? { ...headers, ...expired(headers) } : headers;
    const ask = (): Promise<Answer> => this.#ask(method, url, sent, Buffer.concat(body));
    if (fault?.kind === 'duplicate') await ask();
    await deliver(await ask(), fault, method, outgoing);
  }

  async #refuse(incoming: IncomingMessage): Promise<void> {
    reset(incoming.socket);
    this.#refusing ??= (async () => {
      // Stops listening; connections that stand go on.
      this.#server.close();
      await new Promise((resolve) => setTimeout(resolve, REFUSING));
      await this.#listen();
      this.#refusing = undefined;
    })();
    await this.#refusing;
  }

  /** Keeps the Host, so that the registry's own Locations lead back here; its realm is made to. */
  async #ask(method: string, url: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> {
    const { registry, realm } = this.#around;
    const token = new URL(realm);
    const toTokens = url.startsWith(token.pathname);
    const [host, port] = (toTokens ? token.host : registry).split(':');
    const asked = request({ host, port, method, path: url, headers, agent: this.#upstream }).end(body);
    // A refusal may come before the body is sent; `once` still tells of errors before any answer.
    asked.on('error', () => undefined);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const challenge = answer.headers['www-authenticate']?.replace(realm, `http://${this.host}${token.pathname}`);
    return {
      status: answer.statusCode ?? 502,
      headers: { ...answer.headers, ...(challenge === undefined ? {} : { 'www-authenticate': challenge }) },
      body: Buffer.concat(chunks),
    };
  }
}

/** A token that was good once; the registry itself says that it is not. */
function expired({ authorization }: IncomingHttpHeaders): IncomingHttpHeaders {
  return authorization?.startsWith('Bearer ') ? { authorization: 'Bearer not.good.anymore' } : {};
}

function answerWith({ status, retryAfter }: Extract<Fault, { kind: 'status' }>, outgoing: ServerResponse): void {
  outgoing.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end('try later');
}

async function deliver(
  { status, headers, body }: Answer,
  fault: Fault | undefined,
  method: string,
  outgoing: ServerResponse,
): Promise<void> {
  const { socket } = outgoing;
  const half = body.subarray(0, Math.floor(body.length / 2));
  const head = (changed: IncomingHttpHeaders): void => void outgoing.writeHead(status, changed).flushHeaders();
  const bare = { ...headers };
  delete bare['content-length'];
  switch (fault?.kind) {
    case 'reset':
      if (fault.at === 'answer body') {
        head({ ...headers, 'content-length': `${body.length + 10}` });
        outgoing.write(half);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return void (socket && reset(socket));
    case 'stall':
      if (fault.at === 'answer body') {
        head({ ...headers, 'content-length': `${body.length + 10}` });
        outgoing.write(half);
      }
      return;
    case 'status':
      return answerWith(fault, outgoing);
    case 'truncated':
      head({ ...headers, 'content-length': `${body.length + 10}` });
      outgoing.write(body);
      return void setImmediate(() => socket?.end());
    case 'endless':
    case 'trickle':
      if (method === 'HEAD') break;
      head(bare);
      outgoing.write(body);
      return goOn(outgoing, fault.kind === 'endless' ? 65_536 : 1);
    case 'wrong digest':
      outgoing.writeHead(status, { ...headers, 'docker-content-digest': WRONG_DIGEST }).end(body);
      return;
    default:
  }
  outgoing.writeHead(status, headers).end(body);
}

/** Node 20 forgets a connection that is reset while it is being shut down, and then never comes to its own end. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** Until the other side has had enough. */
async function goOn(outgoing: ServerResponse, size: number): Promise<void> {
  while (!outgoing.destroyed && outgoing.socket && !outgoing.socket.destroyed) {
    outgoing.write(Buffer.alloc(size, ' '));
    await new Promise((resolve) => setTimeout(resolve, size === 1 ? 20 : 1));
  }
}
