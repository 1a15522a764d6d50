import { unlessAborted } from '../../core/cancellation.js';
import { PublishError } from '../../core/errors.js';
import type { Clock, Log, Masker } from '../../core/ports.js';
import type { RepositoryName } from '../reference.js';
import type { SignIn } from '../store.js';
import { type Challenge, parseChallenges } from './challenge.js';
import type { Credentials } from './credentials.js';
import { Exchanges } from './exchanges.js';
import { parseRealm } from './realm.js';
import type { Refusals } from './refusals.js';
import type { Repeater } from './repeater.js';
import { mergeScopes, parseScopes, type Scopes, scopeTexts } from './scope.js';
import { basicValue, parseToken, type Token, type TokenService, tokenRequest } from './token.js';
import type { Wire } from './wire.js';

export interface AuthOptions {
  /** Origin of the registry. */
  readonly registry: URL;
  readonly credentials: Credentials;
  /** Ask for `pull` only. */
  readonly readOnly: boolean;
  readonly wire: Wire;
  readonly repeater: Repeater;
  readonly refusals: Refusals;
  readonly clock: Clock;
  readonly log: Log;
  readonly masker: Masker;
  readonly signal: AbortSignal;
}

type Scheme = { readonly kind: 'unknown' | 'none' | 'basic' } | ({ readonly kind: 'bearer' } & TokenService);

const LONGEST_TOKEN = 1024 * 1024;

/**
 * What goes into the Authorization header of requests to the registry. Learns from the first challenge how the registry
 * signs in; from then on tokens are there before they are asked for, one for each repository and set of scopes.
 */
export class Authenticator {
  readonly #options: AuthOptions;
  readonly #basic: string | undefined;
  /** What the token of a repository is asked for; grows with what challenges demand. */
  readonly #scopes = new Map<RepositoryName, Scopes>();
  readonly #tokens = new Map<string, Promise<Token>>();
  readonly #exchanges = new Exchanges();
  #scheme: Scheme = { kind: 'unknown' };
  /** Kinds of requests that were answered without credentials. */
  readonly #open = new Set<'read' | 'write'>();
  #accepted = false;
  #announced = false;

  constructor(options: AuthOptions) {
    this.#options = options;
    const { credentials, masker } = options;
    if (credentials.kind === 'identity-token') masker.mask(credentials.token);
    if (credentials.kind !== 'basic') return;
    const { username, password } = credentials;
    this.#basic = basicValue(username, password);
    for (const secret of [password, this.#basic]) if (secret) masker.mask(secret);
  }

  /** What readers of this registry will meet. */
  get signIn(): SignIn {
    const scheme = this.#scheme;
    if (scheme.kind !== 'bearer') return scheme.kind;
    return scheme.service === undefined ? 'bearer-without-service' : 'bearer';
  }

  /** Whether the credentials were exchanged for a token, so that they are known to be good. */
  get signedIn(): boolean {
    return this.#scheme.kind === 'bearer' && this.#options.credentials.kind !== 'anonymous' && this.#tokens.size > 0;
  }

  /** The header to begin with; `undefined` for a registry that has not asked for one. */
  async header(repository: RepositoryName, signal: AbortSignal): Promise<string | undefined> {
    const scheme = this.#scheme;
    if (scheme.kind === 'basic') return this.#basicHeader();
    return scheme.kind === 'bearer' ? this.#bearerHeader(repository, scheme, signal) : undefined;
  }

  /**
   * Whether it is not known yet if such a request needs signing in, or if a password that goes along with each is the
   * right one; without credentials there is nothing to know. Some registries let everybody read.
   */
  isUnsure(intent: 'read' | 'write'): boolean {
    const { kind } = this.#scheme;
    if (this.#options.credentials.kind === 'anonymous') return false;
    const onTrial = kind === 'basic' && this.#basic !== undefined && !this.#accepted;
    return kind === 'unknown' || (kind === 'none' && !this.#open.has(intent)) || onTrial;
  }

  /** Told that the registry answered a request with credentials by another status than 401. */
  notedAccepted(): void {
    this.#accepted = true;
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
      const { registry, credentials } = this.#options;
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
    if (scheme.kind === 'basic') {
      const header = this.#basicHeader();
      return header === used ? undefined : header;
    }
    if (scheme.kind !== 'bearer') return undefined;
    const demanded = parseScopes(bearerIn(parseChallenges(values))?.parameters.scope);
    this.#scopes.set(repository, mergeScopes(demanded, this.#scopesOf(repository)));
    await this.#forget(repository, used);
    return this.#bearerHeader(repository, scheme, signal);
  }

  #basicHeader(): string | undefined {
    if (this.#basic === undefined) return undefined;
    this.#announce();
    return `Basic ${this.#basic}`;
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

  async #fetch(at: TokenService, scopes: Scopes): Promise<Token> {
    const { registry, credentials, wire, repeater, refusals, clock, masker, signal } = this.#options;
    const step = `sign in to ${registry.host}`;
    if (credentials.kind !== 'anonymous') this.#announce();
    const exchange = async (): Promise<Token> => {
      const askedAt = clock.now();
      const request = tokenRequest(at, scopes, credentials);
      const reply = await wire.send({ ...request, step, redirects: 'own', signal });
      if (reply.status !== 200) throw await refusals.of({ step, method: request.method }, reply);
      const token = parseToken(await reply.read(LONGEST_TOKEN), askedAt);
      if (!token) throw new PublishError(`Cannot ${step}: the answer of ${at.realm.host} holds no token`);
      masker.mask(token.value);
      return token;
    };
    return this.#exchanges.run(() => repeater.run(exchange, signal));
  }

  #announce(): void {
    const { credentials, log, registry } = this.#options;
    if (this.#announced || credentials.kind === 'anonymous') return;
    this.#announced = true;
    log.info(`Signing in to ${registry.host} with ${credentials.source}`);
  }
}

function bearerIn(challenges: readonly Challenge[]): Challenge | undefined {
  return challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.realm);
}
