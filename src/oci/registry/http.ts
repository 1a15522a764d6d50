/** Requests to a registry: accepted statuses, whole bodies, repetition where that is safe. */
import type { IncomingHttpHeaders } from 'node:http';
import { anySignal, unlessAborted } from '../../core/cancellation.js';
import type { RepositoryName } from '../reference.js';
import type { Credentials } from './login/credentials.js';
import type { Reason } from './refusal/reasons.js';
import type { Refusals } from './refusal/refusals.js';
import type { Repeater } from './repeater.js';
import type { SignedWire } from './sign-in/signed-wire.js';
import type { Answer, Request } from './transport/wire.js';

export interface RegistryRequest extends Omit<Request, 'authorization' | 'signal'> {
  /** Whose token goes along. */
  readonly repository: RepositoryName;
  /** Statuses that are answers; any other is a refusal. */
  readonly accept: readonly number[];
  /** Bytes of a body that are read at most. */
  readonly limit?: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * Sent once, never repeated after a failure. `repeatUntil`, milliseconds since the epoch: the same request after an
   * answer 401, and any sending that had to wait for a new token, only until then.
   */
  readonly once?: { readonly repeatUntil?: number | undefined };
  /** A page for browsers is an answer like any other that says nothing: all that is asked is whether something is offered. */
  readonly pages?: boolean;
  /** Once sent it is brought to its answer: `signal` ends only what comes before, the store's own signal everything. */
  readonly toTheEnd?: boolean;
}

export interface ReadAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Where the answer came from in the end. */
  readonly url: URL;
}

export interface HttpParts {
  /** Origin of the registry. */
  readonly registry: URL;
  readonly signed: SignedWire;
  readonly repeater: Repeater;
  readonly refusals: Refusals;
  readonly signal: AbortSignal;
}

const LONGEST_BODY = 1024 * 1024;

/** Requests to the registry: signed in where that is the registry's own origin, repeated where that is safe. */
export class Http {
  readonly #parts: HttpParts;

  constructor(parts: HttpParts) {
    this.#parts = parts;
  }

  /** An address of the distribution API: `url('owner/demo/tags/list', { n: '100' })`. */
  url(path: string, query: Readonly<Record<string, string>> = {}): URL {
    const url = new URL(`/v2/${path}`, this.#parts.registry);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }

  /**
   * Asks, and asks again after failures that may pass, unless the request says `once`.
   * @throws RegistryError for a status that is not accepted, UnansweredError, or the signal's reason
   */
  async ask(request: RegistryRequest): Promise<ReadAnswer> {
    const read = async (): Promise<ReadAnswer> => {
      const answer = await this.#accepted(request);
      const { status, headers, url } = answer;
      const body = await answer.read(request.limit ?? LONGEST_BODY);
      // A sign-in page or a proxy says 200 to everything, to a write too.
      const page =
        status < 300 && !request.pages
          ? await this.#parts.refusals.ofPage(this.#signedAs(request), answer, body)
          : undefined;
      if (page) throw page;
      return { status, headers, url, body };
    };
    return request.once ? read() : this.#repeated(request, read);
  }

  /**
   * The same with the body as a stream: repeated until it begins, not after.
   * @param fits whether the head of an answer can be that of what was asked for; what does not fit is taken for a page
   */
  async open(request: RegistryRequest, fits: (answer: Answer) => boolean): Promise<Answer> {
    return this.#repeated(request, async () => {
      const answer = await this.#accepted(request);
      if (!fits(answer)) throw await this.#parts.refusals.of(this.#signedAs(request), answer);
      return answer;
    });
  }

  /** Several questions as one step that is repeated as a whole; they themselves must be `once`. */
  async repeat<T>(
    work: (attempt: number) => Promise<T>,
    signal: AbortSignal | undefined,
    passing?: (error: unknown) => boolean,
  ): Promise<T> {
    return this.#parts.repeater.run(work, anySignal(this.#parts.signal, signal), passing);
  }

  /** Whether tokens for requests to `repository` are asked for the right to read `other` as well. */
  alsoReads(repository: RepositoryName, other: RepositoryName, does: boolean): void {
    this.#parts.signed.alsoReads(repository, other, does);
  }

  /** What the body of a refusal says that was accepted as an answer. */
  reasonsIn(answer: ReadAnswer): readonly Reason[] {
    return this.#parts.refusals.reasonsIn(answer);
  }

  /** Waits for work that others wait for too. */
  async waitFor<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return unlessAborted(work, anySignal(this.#parts.signal, signal));
  }

  #repeated<T>({ signal }: RegistryRequest, work: () => Promise<T>): Promise<T> {
    return this.repeat(work, signal);
  }

  async #accepted(request: RegistryRequest): Promise<Answer> {
    const answer = await this.#send(request);
    if (request.accept.includes(answer.status)) return answer;
    const { refusals, signed } = this.#parts;
    const signingIn = signed.refusesCredentials(answer);
    throw await refusals.of({ ...this.#signedAs(request), signedIn: signed.signedIn, signingIn }, answer);
  }

  #signedAs(request: RegistryRequest): RegistryRequest & { readonly credentials: Credentials } {
    return { ...request, credentials: this.#parts.signed.credentials };
  }

  async #send(request: RegistryRequest): Promise<Answer> {
    const { signed, signal } = this.#parts;
    const waiting = anySignal(signal, request.signal);
    const notAfter = request.once?.repeatUntil;
    return signed.send({ ...request, waiting, notAfter, signal: request.toTheEnd ? signal : waiting });
  }
}
