import { createSign, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './certificate.js';
import { ledger } from './ledger.js';

/** Who may sign in, and what for. */
export interface User {
  readonly password: string;
  readonly may: (repository: string) => readonly string[];
}

export interface Access {
  readonly type: 'repository';
  readonly name: string;
  readonly actions: readonly string[];
}

export interface TokenRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly user: string | undefined;
  readonly granted: readonly Access[];
}

export const SERVICE = 'e2e registry';
export const ISSUER = 'e2e token service';

/**
 * A token service that the registry truly believes: it signs what a user may do, and no more than was asked for.
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export class TokenService {
  readonly requests: TokenRequest[] = [];
  /** Every token handed out; all of them are secrets. */
  readonly issued: string[] = [];
  readonly #users: Readonly<Record<string, User>>;
  readonly #certificate: Certificate;
  readonly #server = createServer((request, response) => this.#answer(request, response));

  constructor(users: Readonly<Record<string, User>>, certificate: Certificate) {
    this.#users = users;
    this.#certificate = certificate;
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

  get realm(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/token`;
  }

  /** A token for exactly this access, signed by RS256 with the certificate in its header. */
  sign(access: readonly Access[]): string {
    const now = Math.floor(Date.now() / 1000);
    const header = { typ: 'JWT', alg: 'RS256', x5c: [this.#certificate.der] };
    const times = { iat: now, nbf: now - 5, exp: now + 600 };
    const claims = { iss: ISSUER, sub: 'user', aud: SERVICE, ...times, jti: randomUUID(), access };
    const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const signature = createSign('sha256').update(text).sign(readFileSync(this.#certificate.key), 'base64url');
    return `${text}.${signature}`;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '', headers } = request;
    const { authorization } = headers;
    request.resume();
    ledger.keepsRequest('the token service', method, url, headers);
    const name = this.#signedIn(authorization);
    const scopes = new URL(url, this.realm).searchParams.getAll('scope').flatMap((scope) => scope.split(' '));
    const user = name === undefined ? undefined : this.#users[name];
    const granted = user ? scopes.map((scope) => grant(scope, user)).filter((access) => access !== undefined) : [];
    this.requests.push({ method, url, authorization, user: name, granted });
    if (method !== 'GET') {
      send(response, 405, { errors: [{ code: 'UNSUPPORTED' }] });
    } else if (authorization !== undefined && name === undefined) {
      send(response, 401, { errors: [{ code: 'UNAUTHORIZED', message: 'wrong user or password' }] });
    } else {
      const token = this.sign(granted);
      this.issued.push(token);
      ledger.knows(token);
      send(response, 200, { token, expires_in: 600, issued_at: new Date().toISOString() });
    }
  }

  #signedIn(authorization: string | undefined): string | undefined {
    const [scheme, value = ''] = (authorization ?? '').split(' ');
    if (scheme !== 'Basic') return undefined;
    const [, name = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, 'base64').toString()) ?? [];
    return this.#users[name]?.password === password ? name : undefined;
  }
}

function grant(scope: string, user: User): Access | undefined {
  const [, name, actions] = /^repository:([^:]+):([a-z,*]+)$/.exec(scope) ?? [];
  if (name === undefined || actions === undefined) return undefined;
  const may = user.may(name);
  return { type: 'repository', name, actions: actions.split(',').filter((action) => may.includes(action)) };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
