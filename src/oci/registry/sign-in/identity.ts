import type { Log, Masker } from '../../../core/ports.js';
import type { Credentials } from '../login/credentials.js';
import { basicValue } from './token.js';

/** What to sign in with after these credentials were refused; `undefined` if there is nothing better. */
export type Instead = (refused: Credentials) => Promise<Credentials | undefined>;

export interface IdentityOptions {
  readonly credentials: Credentials;
  readonly instead?: Instead | undefined;
  /** The same credentials as they are kept by now, for a store that lives long; `undefined` if they have not changed. */
  readonly renew?: Instead | undefined;
  /** Host and port of the registry. */
  readonly host: string;
  readonly log: Log;
  readonly masker: Masker;
}

/**
 * Who we are to a registry: the credentials that were chosen, until it refuses them and others take their place, which
 * happens at most once; or until those that are kept have changed, which may happen again and again. Their secrets are masked from the moment they are known here.
 */
export class Identity {
  readonly #options: IdentityOptions;
  #credentials: Credentials;
  #basic: string | undefined;
  #replaced: Promise<boolean> | undefined;
  #renewing: Promise<boolean> | undefined;
  #proven = false;
  #announced = false;

  constructor(options: IdentityOptions) {
    this.#options = options;
    this.#credentials = options.credentials;
    this.#take(options.credentials);
  }

  get credentials(): Credentials {
    return this.#credentials;
  }

  /** The value of a Basic header; `undefined` if these credentials make none. */
  get basic(): string | undefined {
    return this.#basic;
  }

  /** Told that the registry took these credentials: whatever it refuses from now on, it is not them. */
  proven(): void {
    this.#proven = true;
  }

  /**
   * Told that the registry refused these credentials.
   * @returns whether there are others by now
   */
  async refused(credentials: Credentials): Promise<boolean> {
    if (this.#options.renew && (await this.#renewed(credentials))) return true;
    if (credentials !== this.#options.credentials) return false;
    if (!this.#replaced && (this.#proven || credentials.kind === 'anonymous')) return false;
    this.#replaced ??= this.#exchange(credentials, this.#options.instead);
    return this.#replaced;
  }

  /** However many were refused at once, what is kept is read once. */
  async #renewed(credentials: Credentials): Promise<boolean> {
    if (credentials !== this.#credentials) return true;
    if (credentials.kind === 'anonymous') return false;
    this.#renewing ??= this.#exchange(credentials, this.#options.renew).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** Says once where they are from, when they are about to be used. */
  announce(): void {
    const { log, host } = this.#options;
    const credentials = this.#credentials;
    if (this.#announced || credentials.kind === 'anonymous') return;
    this.#announced = true;
    log.info(`Signing in to ${host} with ${credentials.source}`);
  }

  async #exchange(refused: Credentials, by: Instead | undefined): Promise<boolean> {
    const others = await by?.(refused);
    if (!others) return false;
    this.#take(others);
    this.#announced = false;
    return true;
  }

  #take(credentials: Credentials): void {
    const { masker } = this.#options;
    this.#credentials = credentials;
    this.#basic = undefined;
    if (credentials.kind === 'identity-token') masker.mask(credentials.token);
    if (credentials.kind !== 'basic') return;
    const { username, password } = credentials;
    this.#basic = basicValue(username, password);
    for (const secret of [password, this.#basic]) if (secret) masker.mask(secret);
  }
}
