import type { IncomingHttpHeaders } from 'node:http';
import { anySignal, unlessAborted } from '../../core/cancellation.js';
import { Lane } from '../../core/lane.js';
import type { Clock } from '../../core/ports.js';
import { WriteRefusedError } from '../errors.js';
import type { RepositoryName } from '../reference.js';
import type { Authenticator } from './auth.js';
import type { Complaint } from './complaints.js';
import { MOST_REFUSALS } from './exchanges.js';
import { checkDestination, sameOrigin } from './origin.js';
import type { Refusals } from './refusals.js';
import type { Repeater } from './repeater.js';
import type { Message, Reply, Wire } from './wire.js';

export interface Question extends Omit<Message, 'authorization' | 'signal'> {
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
  /** Once sent it is brought to its answer: `signal` ends only what comes before, the store's own signal everything. */
  readonly toTheEnd?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Where the answer came from in the end. */
  readonly url: URL;
}

export interface HttpParts {
  /** Origin of the registry. */
  readonly registry: URL;
  readonly wire: Wire;
  readonly auth: Authenticator;
  readonly repeater: Repeater;
  readonly refusals: Refusals;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const LONGEST_BODY = 1024 * 1024;

/** Requests to the registry: signed in where that is the registry's own origin, repeated where that is safe. */
export class Http {
  readonly #parts: HttpParts;
  readonly #alone = new Lane(1);
  /** Answers 401 to a password. */
  readonly #refusals: Reply[] = [];

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
  async ask(question: Question): Promise<Answer> {
    const read = async (): Promise<Answer> => {
      const reply = await this.#accepted(question);
      const { status, headers, url } = reply;
      return { status, headers, url, body: await reply.read(question.limit ?? LONGEST_BODY) };
    };
    return question.once ? read() : this.#repeated(question, read);
  }

  /** The same with the body as a stream: repeated until it begins, not after. */
  async open(question: Question): Promise<Reply> {
    return this.#repeated(question, () => this.#accepted(question));
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
  complaintsIn({ body }: Answer): readonly Complaint[] {
    return this.#parts.refusals.complaintsIn(body);
  }

  /** Waits for work that others wait for too. */
  async waitFor<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return unlessAborted(work, anySignal(this.#parts.signal, signal));
  }

  #repeated<T>({ signal }: Question, work: () => Promise<T>): Promise<T> {
    return this.repeat(work, signal);
  }

  async #accepted(question: Question): Promise<Reply> {
    const reply = await this.#signed(question);
    if (question.accept.includes(reply.status)) return reply;
    const { refusals, auth } = this.#parts;
    throw await refusals.of({ ...question, signedIn: auth.signedIn }, reply);
  }

  async #signed(question: Question): Promise<Reply> {
    const { registry, wire, auth, clock } = this.#parts;
    const { url, repository, toTheEnd = false } = question;
    const signal = anySignal(this.#parts.signal, question.signal);
    const message = { ...question, signal: toTheEnd ? this.#parts.signal : signal };
    if (!sameOrigin(url, registry)) {
      checkDestination(url, registry, `${question.step} at another address`);
      return wire.send({ ...message, authorization: undefined });
    }
    const until = question.once?.repeatUntil;
    const began = clock.now();
    // Whoever has a limit does not wait for others.
    const asked = until === undefined ? await this.#askedAlone(message, repository) : undefined;
    const header = asked ? asked.header : await auth.header(repository, signal);
    // Whoever set a limit still in the future wants a fresh write or none; signing in may have used it up.
    if (until !== undefined && began <= until && clock.now() > until) throw tooLate(question);
    signal.throwIfAborted();
    const first = asked?.reply ?? (await this.#ask(message, header));
    if (first.status !== 401 || !sameOrigin(first.url, registry)) return first;
    // Read now, so that the connection serves again.
    await first.beginning();
    const renewed = await auth.renew(repository, first.challenges, header, signal);
    if (renewed === undefined) return first;
    if (until !== undefined && clock.now() > until) throw tooLate(question);
    signal.throwIfAborted();
    return this.#ask(message, renewed);
  }

  /**
   * As long as it is not known whether such requests need signing in, and whether the password is right, one at a time is
   * sent: of many at once each would meet the same answer. A password that was refused some times is not sent again: the
   * last refusal is the answer to all that would.
   */
  async #askedAlone(message: Message, repository: RepositoryName): Promise<Asked | undefined> {
    const { auth } = this.#parts;
    const intent = intentOf(message);
    if (!auth.isUnsure(intent)) return undefined;
    const ask = async (): Promise<Asked | undefined> => {
      if (!auth.isUnsure(intent)) return undefined;
      const header = await auth.header(repository, message.signal);
      const known = header !== undefined && this.#refusals.length >= MOST_REFUSALS ? this.#refusals.at(-1) : undefined;
      return { header, reply: known ?? (await this.#ask(message, header)) };
    };
    return unlessAborted(this.#alone.run(ask), message.signal);
  }

  /** Sends, and lets it be learned from the answer how the registry signs in, and whether it took the credentials. */
  async #ask(message: Message, authorization: string | undefined): Promise<Reply> {
    const { registry, wire, auth } = this.#parts;
    const reply = await wire.send({ ...message, authorization });
    const refused = reply.status === 401 && sameOrigin(reply.url, registry);
    if (refused) auth.learn(reply.challenges);
    if (refused && authorization?.startsWith('Basic ')) this.#refusals.push(reply);
    if (reply.status !== 401) {
      if (authorization === undefined) auth.notedOpen(intentOf(message));
      else auth.notedAccepted();
    }
    return reply;
  }
}

/** What was asked alone, and with what. */
interface Asked {
  readonly reply: Reply;
  readonly header: string | undefined;
}

function intentOf({ method }: Message): 'read' | 'write' {
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}

/** Nothing was written, and the token for the next try is there. */
function tooLate({ step }: Question): WriteRefusedError {
  return new WriteRefusedError(`Cannot ${step}: signing in took so long that what was to be written may be stale`, {
    temporary: true,
    mayHaveApplied: false,
  });
}
