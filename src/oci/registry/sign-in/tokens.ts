import { unlessAborted } from '../../../core/cancellation.js';
import type { Masker } from '../../../core/ports.js';
import { NO_REPOSITORY, type RepositoryName } from '../../reference.js';
import type { Credentials } from '../login/credentials.js';
import { RegistryError } from '../refusal/errors.js';
import { Exchanges } from './exchanges.js';
import type { Identity } from './identity.js';
import { mergeScopes, parseScopes, type Scopes, scopeTexts } from './scope.js';
import type { Token, TokenService } from './token.js';
import { exchangeForToken, type TokenExchange } from './token-exchange.js';

export interface TokensOptions extends TokenExchange {
  readonly identity: Identity;
  /** Ask for `pull` only. */
  readonly readOnly: boolean;
  /** Ask for `delete` besides. */
  readonly deletes?: boolean | undefined;
  readonly masker: Masker;
}

/**
 * Tokens of a registry, one for each repository and set of scopes: exchanged when first needed, however many need it at
 * once, and renewed before they run out.
 */
export class Tokens {
  readonly #options: TokensOptions;
  /** What the token of a repository is asked for; grows with what challenges demand. */
  readonly #scopes = new Map<RepositoryName, Scopes>();
  readonly #tokens = new Map<string, Promise<Token>>();
  readonly #exchanges = new Map<Credentials, Exchanges>();

  constructor(options: TokensOptions) {
    this.#options = options;
  }

  /** Whether there is one, so that the credentials are known to be good. */
  get any(): boolean {
    return this.#tokens.size > 0;
  }

  /** Adds the scope that a challenge demands to what the tokens of a repository are asked for. */
  demand(repository: RepositoryName, scope: string | undefined): void {
    this.#scopes.set(repository, mergeScopes(parseScopes(scope), this.#scopesOf(repository)));
  }

  /** Takes back what was demanded of one resource. */
  demandNoMore(repository: RepositoryName, resource: string): void {
    const others = [...this.#scopesOf(repository)].filter(([demanded]) => demanded !== resource);
    this.#scopes.set(repository, new Map(others));
  }

  /** The value of `Authorization` for requests to a repository. @throws what the exchange throws; the signal's reason */
  async header(repository: RepositoryName, at: TokenService, signal: AbortSignal): Promise<string> {
    const { clock } = this.#options;
    const key = this.#keyOf(repository);
    for (;;) {
      const known = this.#tokens.get(key);
      const pending = known ?? this.#exchange(at, this.#scopesOf(repository));
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
  async forget(repository: RepositoryName, header: string | undefined): Promise<void> {
    const key = this.#keyOf(repository);
    const pending = this.#tokens.get(key);
    const token = await pending?.catch(() => undefined);
    if (pending && token && `Bearer ${token.value}` === header) this.#drop(key, pending);
  }

  #drop(key: string, token: Promise<Token>): void {
    if (this.#tokens.get(key) === token) this.#tokens.delete(key);
  }

  #keyOf(repository: RepositoryName): string {
    return scopeTexts(this.#scopesOf(repository)).join(' ');
  }

  #scopesOf(repository: RepositoryName): Scopes {
    if (repository === NO_REPOSITORY) return this.#scopes.get(repository) ?? new Map();
    const { readOnly, deletes } = this.#options;
    const actions = readOnly ? ['pull'] : deletes ? ['pull', 'push', 'delete'] : ['pull', 'push'];
    return mergeScopes(
      this.#scopes.get(repository) ?? new Map(),
      new Map([[`repository:${repository}`, new Set(actions)]]),
    );
  }

  /** With what takes the place of our credentials, if the token service does not know them. */
  async #exchange(at: TokenService, scopes: Scopes): Promise<Token> {
    const { identity } = this.#options;
    const { credentials } = identity;
    try {
      return await this.#exchangeAs(credentials, at, scopes);
    } catch (error) {
      const refused = error instanceof RegistryError && error.credentialsRefused;
      if (!refused || !(await identity.refused(credentials))) throw error;
      return this.#exchangeAs(identity.credentials, at, scopes);
    }
  }

  async #exchangeAs(credentials: Credentials, at: TokenService, scopes: Scopes): Promise<Token> {
    const exchanges = this.#exchanges.get(credentials) ?? new Exchanges();
    this.#exchanges.set(credentials, exchanges);
    return exchanges.run(async () => {
      const { identity, masker } = this.#options;
      identity.announce();
      const token = await exchangeForToken(at, scopes, credentials, this.#options);
      masker.mask(token.value);
      identity.proven();
      return token;
    });
  }
}
