import { unlessAborted } from '../../core/cancellation.js';
import type { Masker } from '../../core/ports.js';
import type { RepositoryName } from '../reference.js';
import type { SignIn } from '../store.js';
import { type Challenge, parseChallenges } from './challenge.js';
import type { Credentials } from './credentials.js';
import { RegistryError } from './errors.js';
import type { Identity } from './identity.js';
import { parseRealm } from './realm.js';
import { mergeScopes, parseScopes, type Scopes, scopeTexts } from './scope.js';
import type { Token, TokenService } from './token.js';
import { exchangeForToken, type TokenExchange } from './token-exchange.js';

export interface AuthOptions extends TokenExchange {
  readonly identity: Identity;
  /** Ask for `pull` only. */
  readonly readOnly: boolean;
  readonly masker: Masker;
}

type Scheme = { readonly kind: 'unknown' | 'none' | 'basic' } | ({ readonly kind: 'bearer' } & TokenService);

/**
 * What goes into the Authorization header of requests to the registry. Learns from the first challenge how the registry
 * signs in; from then on tokens are there before they are asked for, one for each repository and set of scopes.
 */
export class Authenticator {
  readonly #options: AuthOptions;
  /** What the token of a repository is asked for; grows with what challenges demand. */
  readonly #scopes = new Map<RepositoryName, Scopes>();
  readonly #tokens = new Map<string, Promise<Token>>();
  #scheme: Scheme = { kind: 'unknown' };
  /** Kinds of requests that were answered without credentials. */
  readonly #open = new Set<'read' | 'write'>();

  constructor(options: AuthOptions) {
    this.#options = options;
  }

  /** What readers of this registry will meet. */
  get signIn(): SignIn {
    const scheme = this.#scheme;
    if (scheme.kind !== 'bearer') return scheme.kind;
    return scheme.service === undefined ? 'bearer-without-service' : 'bearer';
  }

  /** Who we are at the moment. */
  get credentials(): Credentials {
    return this.#options.identity.credentials;
  }

  /** Whether the credentials were exchanged for a token, so that they are known to be good. */
  get signedIn(): boolean {
    return this.#scheme.kind === 'bearer' && !this.#anonymous && this.#tokens.size > 0;
  }

  /** Whether an answer of the registry itself to a signed request says that it does not know these credentials. */
  refusesCredentials(status: number): boolean {
    return this.#scheme.kind === 'basic' && !this.#anonymous && status === 401;
  }

  get #anonymous(): boolean {
    return this.credentials.kind === 'anonymous';
  }

  /** The header to begin with; `undefined` for a registry that has not asked for one. */
  async header(repository: RepositoryName, signal: AbortSignal): Promise<string | undefined> {
    const scheme = this.#scheme;
    if (scheme.kind === 'basic') return this.#basicHeader();
    return scheme.kind === 'bearer' ? this.#bearerHeader(repository, scheme, signal) : undefined;
  }

  /**
   * Whether it is not known yet if such a request needs signing in; without credentials there is nothing to know. Some
   * registries let everybody read.
   */
  isUnsure(intent: 'read' | 'write'): boolean {
    const { kind } = this.#scheme;
    if (this.#anonymous) return false;
    return kind === 'unknown' || (kind === 'none' && !this.#open.has(intent));
  }

  /** Told that the registry answered a request without credentials. */
  notedOpen(intent: 'read' | 'write'): void {
    if (this.#scheme.kind === 'unknown') this.#scheme = { kind: 'none' };
    this.#open.add(intent);
  }

  /**
   * Learns from the values of `WWW-Authenticate` in an answer 401. The first Bearer challenge counts for good: Harbor
   * answers an expired token with a Basic challenge.
   */
  learn(values: readonly string[]): void {
    const challenges = parseChallenges(values);
    const bearer = bearerIn(challenges);
    if (bearer && this.#scheme.kind !== 'bearer') {
      const { realm = '', service } = bearer.parameters;
      const { registry, identity } = this.#options;
      const { credentials } = identity;
      const url = parseRealm(realm, registry, credentials.kind === 'basic' && credentials.ownHostOnly === true);
      this.#scheme = { kind: 'bearer', realm: url, service };
    } else if (this.#scheme.kind !== 'bearer' && challenges.some(({ scheme }) => scheme === 'basic')) {
      this.#scheme = { kind: 'basic' };
    }
  }

  /**
   * The header to try once more with, after a 401 to a request that carried `used`.
   * @param values of `WWW-Authenticate`
   * @returns `undefined` if there is nothing better to offer
   */
  async renew(
    repository: RepositoryName,
    values: readonly string[],
    used: string | undefined,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    this.learn(values);
    const scheme = this.#scheme;
    if (scheme.kind === 'basic') return this.instead(used);
    if (scheme.kind !== 'bearer') return undefined;
    const demanded = parseScopes(bearerIn(parseChallenges(values))?.parameters.scope);
    this.#scopes.set(repository, mergeScopes(demanded, this.#scopesOf(repository)));
    await this.#forget(repository, used);
    return this.#bearerHeader(repository, scheme, signal);
  }

  /**
   * The header to try once more with, where our credentials themselves were in `used` and were refused: that of others
   * which take their place by now. `undefined` if there are none.
   */
  async instead(used: string | undefined): Promise<string | undefined> {
    if (this.#scheme.kind !== 'basic') return undefined;
    const { credentials } = this;
    const header = this.#basicHeader();
    if (header === undefined || header !== used) return header;
    return (await this.#options.identity.refused(credentials)) ? this.#basicHeader() : undefined;
  }

  #basicHeader(): string | undefined {
    const { identity } = this.#options;
    if (identity.basic === undefined) return undefined;
    identity.announce();
    return `Basic ${identity.basic}`;
  }

  async #bearerHeader(repository: RepositoryName, at: TokenService, signal: AbortSignal): Promise<string> {
    const { clock } = this.#options;
    const scopes = this.#scopesOf(repository);
    const key = scopeTexts(scopes).join(' ');
    for (;;) {
      const known = this.#tokens.get(key);
      const pending = known ?? this.#fetch(at, scopes);
      if (!known) {
        this.#tokens.set(key, pending);
        // A failure is told to everyone who waits for it, and kept from nobody after.
        pending.catch(() => this.#drop(key, pending));
      }
      const token = await unlessAborted(pending, signal);
      if (!known || clock.now() < token.renewAt) return `Bearer ${token.value}`;
      this.#drop(key, pending);
    }
  }

  /** Forgets the token that was refused, unless another request has renewed it meanwhile. */
  async #forget(repository: RepositoryName, used: string | undefined): Promise<void> {
    const key = scopeTexts(this.#scopesOf(repository)).join(' ');
    const pending = this.#tokens.get(key);
    const token = await pending?.catch(() => undefined);
    if (pending && token && `Bearer ${token.value}` === used) this.#drop(key, pending);
  }

  #drop(key: string, token: Promise<Token>): void {
    if (this.#tokens.get(key) === token) this.#tokens.delete(key);
  }

  #scopesOf(repository: RepositoryName): Scopes {
    const actions = this.#options.readOnly ? ['pull'] : ['pull', 'push'];
    return mergeScopes(
      this.#scopes.get(repository) ?? new Map(),
      new Map([[`repository:${repository}`, new Set(actions)]]),
    );
  }

  /** With what takes the place of our credentials, if the token service does not know them. */
  async #fetch(at: TokenService, scopes: Scopes): Promise<Token> {
    const { identity } = this.#options;
    const { credentials } = identity;
    try {
      return await this.#exchange(at, scopes, credentials);
    } catch (error) {
      const refused = error instanceof RegistryError && error.credentialsRefused;
      if (!refused || !(await identity.refused(credentials))) throw error;
      return this.#exchange(at, scopes, identity.credentials);
    }
  }

  async #exchange(at: TokenService, scopes: Scopes, credentials: Credentials): Promise<Token> {
    const { identity, masker } = this.#options;
    identity.announce();
    const token = await exchangeForToken(at, scopes, credentials, this.#options);
    masker.mask(token.value);
    identity.proven();
    return token;
  }
}

function bearerIn(challenges: readonly Challenge[]): Challenge | undefined {
  return challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.realm);
}
