import { Lane } from '../../../core/lane.js';
import { RegistryError } from '../refusal/errors.js';

/** Exchanges in flight, once the credentials are known to be good. */
const AT_ONCE = 4;
/** Refusals after which credentials that were never accepted count as wrong. Services lock accounts after some more. */
export const MOST_REFUSALS = 3;

/**
 * Exchanges of one pair of credentials for tokens, of which each repository needs its own. As long as none has succeeded
 * one at a time is made, so that wrong credentials are not shown for every repository of a run at once.
 */
export class Exchanges {
  readonly #alone = new Lane(1);
  readonly #several = new Lane(AT_ONCE);
  #accepted = false;
  #refusals = 0;
  #last: RegistryError | undefined;

  /** @throws what `exchange` throws; once the credentials count as wrong, the last refusal without another exchange */
  async run<T>(exchange: () => Promise<T>): Promise<T> {
    const first = this.#accepted ? undefined : await this.#alone.run(() => this.#try(exchange));
    return first ? first.token : this.#several.run(exchange);
  }

  /** @returns `undefined` if others have succeeded meanwhile, so that there is no more need to be alone */
  async #try<T>(exchange: () => Promise<T>): Promise<{ readonly token: T } | undefined> {
    if (this.#accepted) return undefined;
    if (this.#last && this.#refusals >= MOST_REFUSALS) throw this.#last;
    try {
      const token = await exchange();
      this.#accepted = true;
      return { token };
    } catch (error) {
      if (error instanceof RegistryError && (error.status === 401 || error.credentialsRefused)) {
        this.#refusals += 1;
        this.#last = error;
      }
      throw error;
    }
  }
}
