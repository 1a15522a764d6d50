import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Credentials } from '../../src/oci/registry/login/credentials.js';
import { type BlobOptions, Blobs } from './registry/blobs.js';
import { Shelf } from './registry/contents.js';
import { type Answer, breachOf, type Exchange, violation } from './registry/exchange.js';
import { type Cut, type Effect, Faults } from './registry/faults.js';
import { Inspection } from './registry/inspection.js';
import { type ManifestOptions, Manifests } from './registry/manifests.js';
import { routeOf } from './registry/route.js';
import { SignIn, type SignInOptions } from './registry/sign-in.js';
import { type RecordedRequest, recordOf, send } from './registry/wire.js';

export type RegistryOptions = SignInOptions & BlobOptions & ManifestOptions;

const DEFAULTS: RegistryOptions = {
  auth: 'open',
  username: 'robin',
  password: 'correct horse battery staple',
  identityToken: undefined,
  anonymousPull: false,
  may: () => true,
  service: true,
  tokenMember: 'token',
  tokenLifetime: 300,
  tokenUses: Number.POSITIVE_INFINITY,
  now: Date.now,
  location: 'relative',
  mount: true,
  singlePost: false,
  ranges: 'given',
  pageSize: undefined,
  referrers: false,
  catalog: true,
  deletes: true,
};

/** Starts a registry on a free port of the loopback interface. Every test that starts one must stop it. */
export async function startRegistry(options: Partial<RegistryOptions> = {}): Promise<TestRegistry> {
  const registry = new TestRegistry({ ...DEFAULTS, ...options });
  await registry.listen();
  return registry;
}

/**
 * An OCI registry as the distribution spec v1.1 has it, and stricter: it takes nothing that any real registry might
 * refuse. What a client should never send is refused and remembered; `stop` throws if any of it came, or if a fault
 * that was set was never met.
 */
export class TestRegistry extends Inspection {
  /** Every request, in the order of arrival. */
  readonly requests: RecordedRequest[] = [];
  /** Connections that were open at one time. */
  mostConnections = 0;
  /** Requests for tokens that were under way at one time. */
  mostSignIns = 0;
  #connections = 0;
  #signIns = 0;
  readonly #options: RegistryOptions;
  readonly #signIn: SignIn;
  readonly #blobs: Blobs;
  readonly #manifests: Manifests;
  readonly #faults = new Faults();
  readonly #violations: string[] = [];
  readonly #server: Server;

  constructor(options: RegistryOptions) {
    const shelf = new Shelf();
    super(shelf);
    this.#options = options;
    this.#signIn = new SignIn(options);
    this.#blobs = new Blobs(shelf, options);
    this.#manifests = new Manifests(shelf, options);
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        // A connection that the client gave up is the client's affair; anything else is a fault of this registry.
        const gone = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ECONNRESET';
        if (!gone) this.#violations.push(`registry failed: ${error}`);
        response.destroy();
      });
    });
  }

  async listen(): Promise<void> {
    this.#server.on('connection', (socket) => {
      this.#connections += 1;
      this.mostConnections = Math.max(this.mostConnections, this.#connections);
      socket.once('close', () => {
        this.#connections -= 1;
      });
    });
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** `127.0.0.1:PORT` */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get origin(): string {
    return `http://${this.host}`;
  }

  /** What opens this registry. */
  get credentials(): Credentials {
    const { auth, username, password } = this.#options;
    return auth === 'open' ? { kind: 'anonymous' } : { kind: 'basic', username, password, source: 'the test' };
  }

  /** `METHOD /path status`, one for each request. */
  get log(): readonly string[] {
    return this.requests.map(({ method, path, status }) => `${method} ${path} ${status ?? 'cut'}`);
  }

  /** Requests that could have changed something; signing in cannot. */
  get writes(): readonly RecordedRequest[] {
    return this.requests.filter(({ method, path }) => method !== 'GET' && method !== 'HEAD' && path !== '/token');
  }

  /** Answers the next `times` requests of this kind with `answer`. `applied`: they take effect all the same. */
  refuse(method: string, path: RegExp, answer: Answer, how: { times?: number; applied?: boolean } = {}): void {
    this.#faults.set(method, path, { kind: 'refuse', answer, applied: how.applied ?? false }, how.times);
  }

  cut(method: string, path: RegExp, where: Cut, times?: number): void {
    this.#faults.set(method, path, { kind: 'cut', where }, times);
  }

  /** The next request of this kind never gets an answer, or only half of its body. */
  stall(method: string, path: RegExp, where: 'answer' | 'download' = 'answer'): void {
    this.#faults.set(method, path, { kind: 'stall', where });
  }

  /** Changes the answer to the next request of this kind: a header, a byte of the body. */
  alter(method: string, path: RegExp, change: (answer: Answer) => Answer, times?: number): void {
    this.#faults.set(method, path, { kind: 'alter', change }, times);
  }

  /** Does something when the next request of this kind has come and before it takes effect: another writer, a delay. */
  before(method: string, path: RegExp, act: () => void | Promise<void>, times?: number): void {
    this.#faults.set(method, path, { kind: 'before', act }, times);
  }

  /** Does something when the next request of this kind has taken effect and before it is answered. */
  after(method: string, path: RegExp, act: () => void | Promise<void>, times?: number): void {
    this.#faults.set(method, path, { kind: 'after', act }, times);
  }

  expireTokens(): void {
    this.#signIn.expireTokens();
  }

  /** Hands out the violations so far and forgets them, for a test that provokes one. */
  takeViolations(): readonly string[] {
    return this.#violations.splice(0);
  }

  /** @throws Error if a client sent what none should, or a fault was never met */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const reasons = [...this.#violations, ...this.#faults.unmet.map((fault) => `fault never met: ${fault}`)];
    if (reasons.length > 0) throw new Error(`Strict registry:\n${reasons.join('\n')}\n\n${this.log.join('\n')}`);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.origin);
    const method = request.method ?? '';
    const effect = this.#faults.take(method, url.pathname);
    const record = recordOf(request, url);
    this.requests.push(record);
    if (url.pathname === '/token') this.#countSignIn(response);
    if (effect?.kind === 'cut' && effect.where === 'request') return void request.socket.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      record.size += chunk.length;
      if (effect?.kind === 'cut' && effect.where === 'upload') return void request.socket.destroy();
    }
    const exchange: Exchange = {
      method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    const answer = await this.#answerUnder(effect, exchange);
    if (answer.violation !== undefined) this.#violations.push(`${method} ${url.pathname}: ${answer.violation}`);
    if (effect?.kind === 'cut' && effect.where === 'answer') return void request.socket.destroy();
    if (effect?.kind === 'stall' && effect.where === 'answer') return;
    record.status = answer.status;
    send(response, method, answer, effect);
  }

  #countSignIn(response: ServerResponse): void {
    this.#signIns += 1;
    this.mostSignIns = Math.max(this.mostSignIns, this.#signIns);
    response.once('close', () => {
      this.#signIns -= 1;
    });
  }

  async #answerUnder(effect: Effect | undefined, exchange: Exchange): Promise<Answer> {
    if (effect?.kind === 'refuse') {
      if (effect.applied) this.#answer(exchange);
      return effect.answer;
    }
    if (effect?.kind === 'before') await effect.act();
    const answer = this.#answer(exchange);
    if (effect?.kind === 'after') await effect.act();
    return effect?.kind === 'alter' ? effect.change(answer) : answer;
  }

  #answer(exchange: Exchange): Answer {
    const breach = breachOf(exchange);
    if (breach) return breach;
    const route = routeOf(exchange.path);
    if (!route) return violation(404, 'NAME_INVALID', 'no such route');
    if (route.kind === 'token') {
      return this.#options.auth === 'bearer'
        ? this.#signIn.issue(exchange)
        : violation(404, 'UNSUPPORTED', 'no tokens');
    }
    const from = exchange.query.get('from') ?? undefined;
    const refused = this.#signIn.refusalOf(exchange, route, this.origin, from);
    if (refused) return refused;
    switch (route.kind) {
      case 'base':
        return { status: 200, body: {} };
      case 'catalog':
        return this.#manifests.catalog(exchange);
      case 'tags':
        return this.#manifests.tags(exchange, route.repository);
      case 'referrers':
        return this.#manifests.referrers(exchange, route.repository, route.digest);
      case 'uploads':
        return this.#blobs.start(exchange, route.repository, this.origin);
      case 'upload':
        return this.#blobs.finish(exchange, route.repository, route.id);
      case 'blob':
        return this.#blobs.read(exchange, route.repository, route.digest);
      case 'manifest':
        return this.#manifests.answer(exchange, route.repository, route.reference);
    }
  }
}
