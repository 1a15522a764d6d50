/** Sends requests and follows redirects; credentials stay with the origin they belong to. */
import { UserError } from '../../../core/errors.js';
import type { Clock, Log } from '../../../core/ports.js';
import { sizeText } from '../../../core/text/size.js';
import { DocumentError } from '../../errors.js';
import { checkDestination, resolveUrl, sameOrigin } from '../origins/origin.js';
import { readBeginning, readBody, TooLongError } from './answer-body.js';
import type { Connections, Way } from './connections.js';
import { type Body, exchange, type Incoming, SourceFailure } from './exchange.js';
import { unanswered, type Where } from './network-failure.js';
import { redacted } from './redaction.js';
import { RegistryWarnings } from './registry-warnings.js';
import type { Patience } from './retry.js';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';

export interface Request {
  /** What is being done, for errors: `push the manifest of …`. */
  readonly step: string;
  readonly method: Method;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Belongs to the origin of `url`: the first redirect to another drops it for good. */
  readonly authorization?: string | undefined;
  readonly body?: Body | undefined;
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** `own`: followed on this origin only, for requests whose body is a secret. `none`: the redirect is the answer. */
  readonly redirects?: 'follow' | 'own' | 'none';
  /** Carries a blob, after which the registry may be silent for longer. */
  readonly blob?: boolean;
  readonly signal: AbortSignal;
}

export interface Answer extends Incoming {
  /** Where the answer came from in the end. */
  readonly url: URL;
  /** Host and port of the proxy that it came through. */
  readonly proxy?: string | undefined;
  /** The whole body, for error texts as well. @throws UnansweredError if it breaks off, DocumentError if it is longer */
  read(limit: number): Promise<Buffer>;
  /** As much of the body as explains a refusal. May be asked for again. */
  beginning(): Promise<Buffer>;
}

export interface WireOptions {
  /** Origin of the registry. */
  readonly registry: URL;
  readonly connections: Connections;
  readonly userAgent: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly patience: Pick<Patience, 'silence' | 'silenceAfterBlob' | 'longestAnswer'>;
}

const MOST_HOPS = 10;

/** Requests over the network: redirects by hand, credentials bound to an origin, errors in words. Repeats nothing. */
export class Wire {
  readonly #options: WireOptions;
  readonly #warnings: RegistryWarnings;

  constructor(options: WireOptions) {
    this.#options = options;
    this.#warnings = new RegistryWarnings(options.log);
  }

  /** @throws the signal's reason, UnansweredError, or what the body's source threw */
  async send(message: Request): Promise<Answer> {
    const { registry, connections } = this.#options;
    let { url, authorization } = message;
    for (let hops = 0; ; hops += 1) {
      const way = connections.wayTo(url, !sameOrigin(url, registry));
      const incoming = await this.#hop(message, url, authorization, way);
      const next = redirectOf(message, incoming, url);
      if (!next) return this.#replyOf(message, incoming, url, way.proxy);
      incoming.body.destroy();
      if (hops === MOST_HOPS) throw new UserError(`Cannot ${message.step}: ${url.host} redirects without end`);
      checkDestination(next, registry, `${message.step} at another address`);
      if (!sameOrigin(next, message.url)) {
        authorization = undefined;
        if (message.redirects === 'own') {
          throw new UserError(`Cannot ${message.step}: ${url.host} redirects to ${next.host}, which gets no secrets`);
        }
      }
      url = next;
    }
  }

  async #hop(message: Request, url: URL, authorization: string | undefined, way: Way): Promise<Incoming> {
    const { registry, userAgent, log, clock, patience } = this.#options;
    const { method, body, onProgress, step, signal, blob = false } = message;
    const silence = blob ? patience.silenceAfterBlob : patience.silence;
    const headers = {
      'user-agent': userAgent,
      ...message.headers,
      ...(authorization === undefined ? {} : { authorization }),
    };
    const began = clock.now();
    const tell = (outcome: string): void => {
      const sent = body ? `, ${sizeText(body.size)} sent` : '';
      log.debug(`${method} ${redacted(url)}: ${outcome}, ${clock.now() - began} ms${sent}`);
    };
    try {
      const longestHead = silence + patience.longestAnswer;
      const outgoing = { method, headers, body, onProgress, silence, longestHead, signal };
      const incoming = await exchange(way, outgoing);
      const length = incoming.headers['content-length'];
      tell(`${incoming.status}${length === undefined ? '' : `, ${length} bytes`}`);
      if (sameOrigin(url, registry)) this.#warnings.show(incoming.headers.warning, registry.host);
      return incoming;
    } catch (error) {
      tell('no answer');
      throw failureOf(error, step, { url, registry, proxy: way.proxy }, signal);
    }
  }

  #replyOf({ step, signal }: Request, incoming: Incoming, url: URL, proxy: string | undefined): Answer {
    const { registry, patience } = this.#options;
    const { longestAnswer } = patience;
    const read = async (limit: number): Promise<Buffer> => {
      try {
        return await readBody(incoming.body, limit, longestAnswer);
      } catch (error) {
        if (error instanceof TooLongError) {
          throw new DocumentError(`Cannot ${step}: ${url.host} answered with ${error.message}`);
        }
        throw failureOf(error, step, { url, registry, proxy }, signal);
      }
    };
    let explanation: Promise<Buffer> | undefined;
    const beginning = (): Promise<Buffer> => {
      explanation ??= readBeginning(incoming.body, longestAnswer);
      return explanation;
    };
    return { ...incoming, url, proxy, read, beginning };
  }
}

/** Where to go on, if the answer is a redirect that may be followed with this method. */
function redirectOf({ method, redirects }: Request, { status, headers }: Incoming, url: URL): URL | undefined {
  const { location } = headers;
  if (redirects === 'none' || location === undefined || ![301, 302, 303, 307, 308].includes(status)) return undefined;
  // Another method in place of ours would lose the body and pretend success.
  const keeps = status === 307 || status === 308 || method === 'GET' || method === 'HEAD';
  return keeps ? resolveUrl(location, url) : undefined;
}

function failureOf(error: unknown, step: string, where: Where, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof SourceFailure) return error.cause;
  if (error instanceof UserError) return error;
  return unanswered(error, step, where.url, where);
}
