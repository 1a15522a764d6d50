import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Version {
  readonly id: number;
  readonly name: string;
  readonly tags: Set<string>;
  readonly createdAt: number;
  /** When the listing shows it; it may lag behind the registry. */
  readonly listedAt: number;
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PackagesOptions {
  /** Whether owners are organisations or users. */
  readonly owners?: 'orgs' | 'users';
  /** Answered as `created_at` of every run; without it the token may not read runs. */
  readonly runStart?: number;
  /** Milliseconds by which the listing lags. */
  readonly lag?: number;
  readonly now?: () => number;
  /** Whether the token may delete; "not found" otherwise, as GitHub says it. */
  readonly mayDelete?: boolean;
  /** Downloads of a version: those with more than 5,000 stay. */
  readonly downloads?: (digest: string) => number;
  /** Called when a version was deleted. */
  readonly deleted?: (repository: string, digest: string) => void | Promise<void>;
  /** Answers in place of the service, where it gives something. */
  readonly instead?: (path: string, count: number) => Reply | undefined;
}

/**
 * The part of GitHub's REST API that lists the versions of container packages: a version for every manifest, newest
 * first, conditional requests, and "not found" for what a token may not see.
 * @see https://docs.github.com/en/rest/packages/packages
 */
export class PackagesService {
  /** Requests by status; 304 does not count against the rate limit of the real one. */
  readonly answered = new Map<number, number>();
  readonly paths: string[] = [];
  /** Deletions that were asked for. */
  deletions = 0;
  readonly authorizations = new Set<string | undefined>();
  /** What `packages/container-registry-url` answers. */
  registry = '';
  #nextId = 1;
  readonly #options: PackagesOptions;
  readonly #packages = new Map<string, Version[]>();
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch(() => response.destroy());
  });

  constructor(options: PackagesOptions = {}) {
    this.#options = options;
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

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Requests that count against the rate limit. */
  get counted(): number {
    return [...this.answered].reduce((sum, [status, count]) => sum + (status === 304 ? 0 : count), 0);
  }

  /** Versions of all packages. */
  get versions(): number {
    return [...this.#packages.values()].reduce((sum, versions) => sum + versions.length, 0);
  }

  /** A manifest or index was stored, under a tag or not. */
  pushed(repository: string, digest: string, tag?: string, now = this.#now()): void {
    const versions = this.#packages.get(repository) ?? [];
    this.#packages.set(repository, versions);
    let version = versions.find(({ name }) => name === digest);
    if (!version) {
      const listedAt = now + (this.#options.lag ?? 0);
      version = { id: this.#nextId++, name: digest, tags: new Set(), createdAt: now, listedAt };
      versions.unshift(version);
    }
    if (tag === undefined) return;
    for (const other of versions) other.tags.delete(tag);
    version.tags.add(tag);
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  /** Digests of the versions of a package. */
  digestsOf(repository: string): readonly string[] {
    return (this.#packages.get(repository) ?? []).map(({ name }) => name);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const url = new URL(request.url ?? '/', this.url);
    this.paths.push(`${url.pathname}${url.search}`);
    this.authorizations.add(request.headers.authorization);
    const reply =
      this.#options.instead?.(url.pathname, this.paths.length) ?? (await this.#replyTo(request.method ?? '', url));
    const body = JSON.stringify(reply.body) ?? '';
    const etag = `W/"${createHash('sha256').update(body).digest('hex')}"`;
    const known = reply.status === 200 && request.headers['if-none-match'] === etag;
    const status = known ? 304 : reply.status;
    this.answered.set(status, (this.answered.get(status) ?? 0) + 1);
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', etag, ...reply.headers });
    response.end(known || reply.status === 204 ? undefined : body);
  }

  async #replyTo(method: string, url: URL): Promise<Reply> {
    const one = /^\/(orgs|users|user)(?:\/([^/]+))?\/packages\/container\/([^/]+)\/versions\/(\d+)$/.exec(url.pathname);
    if (!one) return this.#reply(url);
    const [, kind, owner, name = '', id] = one;
    const repository = [...this.#packages.keys()].find((key) => key === `${owner}/${decodeURIComponent(name)}`);
    const versions = this.#packages.get(repository ?? '') ?? [];
    const version = versions.find((each) => each.id === Number(id));
    if (repository === undefined || kind !== (this.#options.owners ?? 'orgs') || !version) return notFound();
    if (method === 'GET') return { status: 200, body: described(version) };
    this.deletions += 1;
    if (this.#options.mayDelete === false) return notFound();
    if (version.tags.size && versions.filter(({ tags }) => tags.size).length === 1) {
      return { status: 400, body: { message: 'You cannot delete the last tagged version of a package.' } };
    }
    if ((this.#options.downloads?.(version.name) ?? 0) > 5_000) {
      const message = 'Publicly visible package versions with more than 5000 downloads cannot be deleted.';
      return { status: 400, body: { message } };
    }
    await this.#options.deleted?.(repository, version.name);
    versions.splice(versions.indexOf(version), 1);
    return { status: 204, body: undefined };
  }

  #reply({ pathname, searchParams }: URL): Reply {
    if (pathname === '/packages/container-registry-url') return { status: 200, body: { url: this.registry } };
    if (/^\/repos\/[^/]+\/[^/]+\/actions\/runs\/\d+$/.test(pathname)) {
      const { runStart } = this.#options;
      return runStart === undefined
        ? { status: 403, body: { message: 'Resource not accessible by integration' } }
        : { status: 200, body: { created_at: seconds(runStart) } };
    }
    const [, kind, owner, name] =
      /^\/(orgs|users)\/([^/]+)\/packages\/container\/([^/]+)\/versions$/.exec(pathname) ?? [];
    const found = this.#packages.get(`${owner}/${decodeURIComponent(name ?? '')}`);
    if (kind !== (this.#options.owners ?? 'orgs') || !found) return notFound();
    const size = Number(searchParams.get('per_page') ?? 30);
    const start = (Number(searchParams.get('page') ?? 1) - 1) * size;
    const listed = found.filter(({ listedAt }) => listedAt <= this.#now());
    return { status: 200, body: listed.slice(start, start + size).map(described) };
  }
}

function notFound(): Reply {
  return { status: 404, body: { message: 'Package not found.' } };
}

function described({ id, name, tags, createdAt }: Version): unknown {
  const container = { tags: [...tags] };
  const time = seconds(createdAt);
  return { id, name, created_at: time, updated_at: time, metadata: { package_type: 'container', container } };
}

/** The API gives whole seconds. */
function seconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}
