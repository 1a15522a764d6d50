/** Signs requests to a registry: a first try, the challenge, the exchange for a token, the next try. */
import { unlessAborted } from '../../../core/cancellation.js';
import { Lane } from '../../../core/lane.js';
import { WriteRefusedError } from '../../errors.js';
import type { RepositoryName } from '../../reference.js';
import type { SignIn } from '../../store.js';
import type { Credentials } from '../login/credentials.js';
import { checkDestination, sameOrigin } from '../origins/origin.js';
import { isTemporary } from '../transport/retry.js';
import type { Answer, Request } from '../transport/wire.js';
import { type Challenge, parseChallenges } from './challenge.js';
import { MOST_REFUSALS } from './exchanges.js';
import { parseRealm } from './realm.js';
import type { TokenService } from './token.js';
import { Tokens, type TokensOptions } from './tokens.js';

/** A request to a registry that goes out under our credentials. */
export interface SignedRequest extends Omit<Request, 'authorization'> {
  /** Whose token goes along. */
  readonly repository: RepositoryName;
  /** Ends the waiting that comes before the request is sent. */
  readonly waiting: AbortSignal;
  /** Milliseconds since the epoch: not sent any more after it, where signing in has taken so long. */
  readonly notAfter?: number | undefined;
}

/** How a registry wants us to sign in; `unknown` before the first answer, `none` while it has not asked. */
type Scheme = { readonly kind: 'unknown' | 'none' | 'basic' } | ({ readonly kind: 'bearer' } & TokenService);

/** An answer, and what the request for it was signed with. */
interface Try {
  readonly answer: Answer;
  readonly header: string | undefined;
}

/** How often a request is sent again after refusals, each of another token: other requests may use it up meanwhile. */
const MOST_RENEWALS = 5;

/**
 * Requests to one registry, signed in as it wants. All of signing in is told here, in the order of the token
 * specification: a first try, the registry's challenge, the exchange for a token, the next try.
 *
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export class SignedWire {
  readonly #options: TokensOptions;
  readonly #tokens: Tokens;
  readonly #alone = new Lane(1);
  #scheme: Scheme = { kind: 'unknown' };
  /** Kinds of requests that were answered without credentials. */
  readonly #open = new Set<Intent>();
  /** Headers with which requests were answered by another status than 401. */
  readonly #accepted = new Set<string>();
  /** Answers 401 to such passwords, by the header they were in. */
  readonly #refused = new Map<string, Answer[]>();

  constructor(options: TokensOptions) {
    this.#options = options;
    this.#tokens = new Tokens(options);
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

  /** Whether tokens for requests to `repository` are asked for the right to read `other` as well. */
  alsoReads(repository: RepositoryName, other: RepositoryName, does: boolean): void {
    if (does) this.#tokens.demand(repository, `repository:${repository}:pull repository:${other}:pull`);
    else this.#tokens.demandNoMore(repository, `repository:${other}`);
  }

  /** Whether the credentials were exchanged for a token, so that they are known to be good. */
  get signedIn(): boolean {
    return this.#scheme.kind === 'bearer' && !this.#anonymous && this.#tokens.any;
  }

  /** Whether an answer says that the registry does not know these credentials, whatever was asked under them. */
  refusesCredentials({ status, url }: Answer): boolean {
    const ours = sameOrigin(url, this.#options.registry);
    return ours && this.#scheme.kind === 'basic' && !this.#anonymous && status === 401;
  }

  /**
   * Sends a request, and again after a refusal that a better header may cure. Elsewhere than on the registry's own
   * origin it goes without credentials.
   * @returns the last answer, be it a refusal
   * @throws what sending or the exchange throws; WriteRefusedError if there was no time left
   */
  async send(request: SignedRequest): Promise<Answer> {
    const { registry, wire, clock } = this.#options;
    if (!sameOrigin(request.url, registry)) {
      checkDestination(request.url, registry, `${request.step} at another address`);
      return wire.send({ ...request, authorization: undefined });
    }
    const began = clock.now();
    // A request with a limit does not wait for others.
    const alone = request.notAfter === undefined ? await this.#tryAlone(request) : undefined;
    let { answer, header } = alone ?? (await this.#tryAs(request, await this.#header(request), began));
    const refused = new Set<string | undefined>();
    for (let renewals = 0; renewals < MOST_RENEWALS && this.#isRefused(answer); renewals += 1) {
      // Read now, so that the connection serves again.
      await answer.beginning();
      if (refused.has(header) || (renewals > 0 && this.#lacksRight(header))) break;
      refused.add(header);
      const better = await this.#betterHeader(request, answer, header);
      if (better === undefined) break;
      ({ answer, header } = await this.#tryAs(request, better));
    }
    return answer;
  }

  /** The header to begin with; `undefined` for a registry that has not asked for one. */
  async #header({ repository, waiting }: SignedRequest): Promise<string | undefined> {
    const scheme = this.#scheme;
    if (scheme.kind === 'basic') return this.#basicHeader();
    return scheme.kind === 'bearer' ? this.#tokens.header(repository, scheme, waiting) : undefined;
  }

  /** A new token that nobody has used and that was never accepted: it lacks a right, and so would the next one. */
  #lacksRight(header: string | undefined): boolean {
    return this.#scheme.kind === 'bearer' && header !== undefined && !this.#accepted.has(header);
  }

  /** A better header than the one that was refused, by the registry's challenge; `undefined` if there is none. */
  async #betterHeader(
    { repository, waiting }: SignedRequest,
    { challenges }: Answer,
    used: string | undefined,
  ): Promise<string | undefined> {
    const scheme = this.#scheme;
    if (scheme.kind === 'basic') {
      const { credentials } = this;
      const header = this.#basicHeader();
      if (header === undefined || header !== used) return header;
      return (await this.#options.identity.refused(credentials)) ? this.#basicHeader() : undefined;
    }
    if (scheme.kind !== 'bearer') return undefined;
    this.#tokens.demand(repository, bearerIn(parseChallenges(challenges))?.parameters.scope);
    await this.#tokens.forget(repository, used);
    return this.#tokens.header(repository, scheme, waiting);
  }

  /**
   * As long as it is not known whether such requests need signing in, and whether the password is right, one at a time is
   * sent: of many at once each would meet the same answer. A password that was refused some times is not sent again: the
   * last refusal is the answer to all that would.
   * @returns `undefined` if there is no more need to be alone
   */
  async #tryAlone(request: SignedRequest): Promise<Try | undefined> {
    if (!this.#isUnsure(request)) return undefined;
    const attempt = async (): Promise<Try | undefined> => {
      if (!this.#isUnsure(request)) return undefined;
      const header = await this.#header(request);
      const refusals = this.#refused.get(header ?? '') ?? [];
      const known = refusals.length >= MOST_REFUSALS ? refusals.at(-1) : undefined;
      return known ? { answer: known, header } : this.#tryAs(request, header);
    };
    return unlessAborted(this.#alone.run(attempt), request.signal);
  }

  /** @param began when a limit that is in the future still begins to count: signing in may have used it up */
  async #tryAs(request: SignedRequest, header: string | undefined, began?: number): Promise<Try> {
    const { wire, clock } = this.#options;
    const { notAfter = Number.POSITIVE_INFINITY, waiting } = request;
    if (clock.now() > notAfter && (began === undefined || began <= notAfter)) throw tooLate(request);
    waiting.throwIfAborted();
    const answer = await wire.send({ ...request, authorization: header });
    this.#learn(request, answer, header);
    return { answer, header };
  }

  /**
   * Takes from an answer how the registry signs in, and whether it takes our credentials. The first Bearer challenge
   * counts for good: Harbor answers an expired token with a Basic challenge.
   */
  #learn(request: SignedRequest, answer: Answer, header: string | undefined): void {
    if (!this.#isRefused(answer)) {
      if (answer.status === 401) return;
      // Trouble of the registry says nothing about who we are.
      if (isTemporary(answer.status)) return;
      if (header !== undefined) this.#accepted.add(header);
      else if (this.#scheme.kind === 'unknown') this.#scheme = { kind: 'none' };
      if (header === undefined) this.#open.add(intentOf(request));
      return;
    }
    if (header?.startsWith('Basic ')) this.#refused.set(header, [...(this.#refused.get(header) ?? []), answer]);
    if (this.#scheme.kind === 'bearer') return;
    const challenges = parseChallenges(answer.challenges);
    const bearer = bearerIn(challenges);
    if (bearer) this.#scheme = { kind: 'bearer', ...this.#serviceIn(bearer) };
    else if (challenges.some(({ scheme }) => scheme === 'basic')) this.#scheme = { kind: 'basic' };
  }

  /** @throws UserError if credentials may not go there */
  #serviceIn({ parameters: { realm = '', service } }: Challenge): TokenService {
    const { registry, identity } = this.#options;
    const { credentials } = identity;
    const ownHostOnly = credentials.kind === 'basic' && credentials.ownHostOnly === true;
    return { realm: parseRealm(realm, registry, ownHostOnly), service };
  }

  /**
   * Whether it is not known yet if such a request needs signing in, or if a password that goes along with each is the
   * right one; without credentials there is nothing to know. Some registries let everybody read.
   */
  #isUnsure(request: SignedRequest): boolean {
    const { kind } = this.#scheme;
    if (this.#anonymous) return false;
    const { basic } = this.#options.identity;
    const onTrial = kind === 'basic' && basic !== undefined && !this.#accepted.has(`Basic ${basic}`);
    return kind === 'unknown' || (kind === 'none' && !this.#open.has(intentOf(request))) || onTrial;
  }

  /** Whether it is the registry itself that wants to know who we are. */
  #isRefused({ status, url }: Answer): boolean {
    return status === 401 && sameOrigin(url, this.#options.registry);
  }

  #basicHeader(): string | undefined {
    const { identity } = this.#options;
    if (identity.basic === undefined) return undefined;
    identity.announce();
    return `Basic ${identity.basic}`;
  }

  get #anonymous(): boolean {
    return this.credentials.kind === 'anonymous';
  }
}

type Intent = 'read' | 'write';

function intentOf({ method }: SignedRequest): Intent {
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}

function bearerIn(challenges: readonly Challenge[]): Challenge | undefined {
  return challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.realm);
}

/** Nothing was written, and the token for the next try is there. */
function tooLate({ step }: SignedRequest): WriteRefusedError {
  return new WriteRefusedError(`Cannot ${step}: signing in took so long that what was to be written may be stale`, {
    temporary: true,
    mayHaveApplied: false,
  });
}
