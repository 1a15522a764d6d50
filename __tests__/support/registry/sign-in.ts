import { randomBytes } from 'node:crypto';
import { type Answer, type Exchange, refusal, strangerIn, violation } from './exchange.js';
import type { Route } from './route.js';

export interface SignInOptions {
  readonly auth: 'open' | 'basic' | 'bearer';
  readonly username: string;
  readonly password: string;
  /** Taken by POST as `refresh_token`. */
  readonly identityToken: string | undefined;
  /** Whether a request without credentials may read. */
  readonly anonymousPull: boolean;
  /** What the account may do. A token is handed out all the same, for fewer actions, as registries do. */
  readonly may: (repository: string, action: Action) => boolean;
  /** `false`: a challenge that names no service. */
  readonly service: boolean;
  readonly tokenMember: 'token' | 'access_token';
  /** In seconds. */
  readonly tokenLifetime: number;
  /** Requests that a token is good for. */
  readonly tokenUses: number;
  readonly now: () => number;
}

export type Action = 'pull' | 'push' | 'delete';

const SERVICE = 'registry.test';

interface Token {
  readonly grants: ReadonlyMap<string, ReadonlySet<string>>;
  readonly expires: number;
  usesLeft: number;
}

/** Who may do what: Basic, or Bearer with opaque tokens bound to repository, actions and expiry. */
export class SignIn {
  readonly #options: SignInOptions;
  readonly #tokens = new Map<string, Token>();

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  /** Every token handed out so far is worth nothing from now on. */
  expireTokens(): void {
    this.#tokens.clear();
  }

  /** The refusal this request deserves, if any. `also` is a repository that is read besides, to mount from. */
  refusalOf(exchange: Exchange, route: Route, origin: string, also?: string): Answer | undefined {
    const { auth } = this.#options;
    if (auth === 'open') {
      return exchange.headers.authorization === undefined
        ? undefined
        : violation(400, 'UNSUPPORTED', 'credentials sent to a registry that asked for none');
    }
    const needed = neededFor(exchange.method, route);
    if (also !== undefined) needed.push([also, 'pull']);
    return auth === 'basic' ? this.#basic(exchange, needed) : this.#bearer(exchange, needed, origin);
  }

  /** The token endpoint. @see https://distribution.github.io/distribution/spec/auth/token/ and /oauth/ */
  issue(exchange: Exchange): Answer {
    if (exchange.method === 'GET') {
      const stranger = strangerIn(exchange.query, ['service', 'scope', 'account', 'client_id', 'offline_token']);
      if (stranger) return stranger;
      const anonymous = exchange.headers.authorization === undefined;
      if (!anonymous && !this.#knows(exchange.headers.authorization)) return wrongCredentials();
      return this.#grant(exchange.query.get('service'), exchange.query.getAll('scope'), anonymous);
    }
    if (exchange.method !== 'POST') return violation(405, 'UNSUPPORTED', `${exchange.method} on the token endpoint`);
    if (exchange.headers.authorization) return violation(400, 'UNSUPPORTED', 'Authorization on an OAuth2 POST');
    const form = new URLSearchParams(exchange.body.toString());
    if (!form.get('client_id')) return violation(400, 'UNSUPPORTED', 'OAuth2 POST without client_id');
    const refreshed =
      form.get('grant_type') === 'refresh_token' &&
      this.#options.identityToken !== undefined &&
      form.get('refresh_token') === this.#options.identityToken;
    if (!refreshed) return wrongCredentials();
    return this.#grant(form.get('service'), (form.get('scope') ?? '').split(' ').filter(Boolean), false);
  }

  #grant(service: string | null, scopes: readonly string[], anonymous: boolean): Answer {
    if (this.#options.service && service !== SERVICE) {
      return violation(400, 'UNSUPPORTED', `token asked for service ${service}, the challenge names ${SERVICE}`);
    }
    const grants = new Map<string, Set<string>>();
    for (const scope of scopes.flatMap((value) => value.split(' '))) {
      if (scope === CATALOG.join(':')) {
        if (!anonymous && this.#options.may('', 'pull')) grants.set(CATALOG[0], new Set([CATALOG[1]]));
        continue;
      }
      const parsed = /^repository:([^:]+):([a-z,]+)$/.exec(scope);
      if (!parsed) return violation(400, 'UNSUPPORTED', `scope "${scope}" is none`);
      const [, repository = '', actions = ''] = parsed;
      const granted = grants.get(repository) ?? new Set();
      for (const action of actions.split(',')) {
        const allowed = anonymous
          ? this.#options.anonymousPull && action === 'pull'
          : this.#options.may(repository, action as Action);
        if (allowed) granted.add(action);
      }
      grants.set(repository, granted);
    }
    const token = randomBytes(24).toString('base64url');
    const lifetime = this.#options.tokenLifetime;
    this.#tokens.set(token, {
      grants,
      expires: this.#options.now() + lifetime * 1000,
      usesLeft: this.#options.tokenUses,
    });
    return { status: 200, body: { [this.#options.tokenMember]: token, expires_in: lifetime } };
  }

  #basic(exchange: Exchange, needed: readonly Need[]): Answer | undefined {
    const { authorization } = exchange.headers;
    const challenge = { 'www-authenticate': 'Basic realm="test"' };
    if (authorization === undefined) {
      if (this.#options.anonymousPull && needed.every(([, action]) => action === 'pull')) return undefined;
      return { ...refusal(401, 'UNAUTHORIZED', 'authentication required'), headers: challenge };
    }
    if (!this.#knows(authorization)) {
      return { ...refusal(401, 'UNAUTHORIZED', 'wrong user name or password'), headers: challenge };
    }
    const denied = needed.find(
      ([repository, action]) =>
        !this.#options.may(repository === CATALOG[0] ? '' : repository, action === '*' ? 'pull' : action),
    );
    return denied ? refusal(403, 'DENIED', `${denied[1]} is not allowed on ${denied[0]}`) : undefined;
  }

  #bearer(exchange: Exchange, needed: readonly Need[], origin: string): Answer | undefined {
    const { authorization } = exchange.headers;
    if (authorization === undefined) return this.#challenge(origin, needed);
    const presented = /^Bearer (\S+)$/.exec(authorization)?.[1];
    if (presented === undefined) {
      return violation(401, 'UNAUTHORIZED', `credentials other than Bearer sent to ${exchange.path}`);
    }
    const token = this.#tokens.get(presented);
    if (!token || token.expires <= this.#options.now() || token.usesLeft <= 0) {
      return this.#challenge(origin, needed, 'invalid_token');
    }
    const enough = needed.every(([repository, action]) => token.grants.get(repository)?.has(action));
    if (!enough) return this.#challenge(origin, needed, 'insufficient_scope');
    token.usesLeft -= 1;
    return undefined;
  }

  #challenge(origin: string, needed: readonly Need[], error?: string): Answer {
    const scopes = new Map<string, (Action | '*')[]>();
    for (const [repository, action] of needed) scopes.set(repository, [...(scopes.get(repository) ?? []), action]);
    const resource = (name: string): string => (name === CATALOG[0] ? name : `repository:${name}`);
    const scope = [...scopes].map(([name, actions]) => `${resource(name)}:${actions.join(',')}`).join(' ');
    const parts = [
      `realm="${origin}/token"`,
      ...(this.#options.service ? [`service="${SERVICE}"`] : []),
      ...(scope ? [`scope="${scope}"`] : []),
      ...(error ? [`error="${error}"`] : []),
    ];
    return {
      ...refusal(401, 'UNAUTHORIZED', 'authentication required'),
      headers: { 'www-authenticate': `Bearer ${parts.join(',')}` },
    };
  }

  #knows(authorization: string | undefined): boolean {
    const { username, password } = this.#options;
    return authorization === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
}

type Need = [repository: string, action: Action | '*'];

/** What a token must be for that lists repositories. */
const CATALOG: ['registry:catalog', '*'] = ['registry:catalog', '*'];

/** As distribution has it: whoever writes must be able to read too. */
function neededFor(method: string, route: Route): Need[] {
  if (route.kind === 'catalog') return [CATALOG];
  if (!('repository' in route)) return [];
  if (method === 'GET' || method === 'HEAD') return [[route.repository, 'pull']];
  if (method === 'DELETE') return [[route.repository, 'delete']];
  return [
    [route.repository, 'pull'],
    [route.repository, 'push'],
  ];
}

function wrongCredentials(): Answer {
  return refusal(401, 'UNAUTHORIZED', 'wrong user name or password');
}
