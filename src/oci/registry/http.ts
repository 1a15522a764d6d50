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
  /** A page for browsers is an answer like any other that says nothing: the question is whether something is offered. */
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
   * Asks, and asks again after failures that may pass, unless the question says `once`.
   * @throws RegistryError for a status that is not accepted, UnansweredError, or the signal's reason
   */
  async ask(question: RegistryRequest): Promise<ReadAnswer> {
    const read = async (): Promise<ReadAnswer> => {
      const reply = await this.#accepted(question);
      const { status, headers, url } = reply;
      const body = await reply.read(question.limit ?? LONGEST_BODY);
      // A sign-in page or a proxy says 200 to everything, to a write too.
      const page =
        status < 300 && !question.pages
          ? await this.#parts.refusals.ofPage(this.#signedAs(question), reply, body)
          : undefined;
      if (page) throw page;
      return { status, headers, url, body };
    };
    return question.once ? read() : this.#repeated(question, read);
  }

  /**
   * The same with the body as a stream: repeated until it begins, not after.
   * @param fits whether the head of an answer can be that of what was asked for; what does not fit is taken for a page
   */
  async open(question: RegistryRequest, fits: (reply: Answer) => boolean): Promise<Answer> {
    return this.#repeated(question, async () => {
      const reply = await this.#accepted(question);
      if (!fits(reply)) throw await this.#parts.refusals.of(this.#signedAs(question), reply);
      return reply;
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

  async #accepted(question: RegistryRequest): Promise<Answer> {
    const reply = await this.#send(question);
    if (question.accept.includes(reply.status)) return reply;
    const { refusals, signed } = this.#parts;
    const signingIn = signed.refusesCredentials(reply);
    throw await refusals.of({ ...this.#signedAs(question), signedIn: signed.signedIn, signingIn }, reply);
  }

  #signedAs(question: RegistryRequest): RegistryRequest & { readonly credentials: Credentials } {
    return { ...question, credentials: this.#parts.signed.credentials };
  }

  async #send(question: RegistryRequest): Promise<Answer> {
    const { signed, signal } = this.#parts;
    const waiting = anySignal(signal, question.signal);
    const notAfter = question.once?.repeatUntil;
    return signed.send({ ...question, waiting, notAfter, signal: question.toTheEnd ? signal : waiting });
  }
}
