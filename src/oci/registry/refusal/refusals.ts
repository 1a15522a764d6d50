import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../../core/ports.js';
import type { Redactor } from '../../../core/text/redactor.js';
import type { Credentials } from '../login/credentials.js';
import { resolveUrl, sameOrigin } from '../origins/origin.js';
import { strayHint } from '../origins/public-address.js';
import { explanationIn } from '../transport/answer-body.js';
import { redacted } from '../transport/redaction.js';
import { parseRetryAfter } from '../transport/retry.js';
import type { Answer, Method } from '../transport/wire.js';
import { RegistryError } from './errors.js';
import { hintFor } from './hints.js';
import { isPage } from './markup.js';
import { proxyAnswer } from './proxy-answer.js';
import { parseReasons, type Reason } from './reasons.js';

export interface Asked {
  readonly step: string;
  readonly method: Method;
  /** Where it was asked, if redirects may have led away from there; `undefined` for a token. */
  readonly url?: URL;
  /** See `Situation`. */
  readonly signedIn?: boolean;
  /** What the request was signed with. */
  readonly credentials: Credentials;
  /** Whether the answer is to our credentials, and to nothing else that we ask. */
  readonly signingIn?: boolean;
}

/** What came back, as far as it explains a refusal. */
interface Explained {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface RefusalOptions {
  readonly registry: URL;
  readonly clock: Clock;
  readonly readOnly: boolean;
  /** Asked only when something was refused. */
  readonly onGitHub?: (() => Promise<boolean>) | undefined;
  readonly secrets: Redactor;
}

/** Makes errors of answers that a step has no use for: the registry's own words, and what to do about them. */
export class Refusals {
  readonly #options: RefusalOptions;

  constructor(options: RefusalOptions) {
    this.#options = options;
  }

  /** What a body says. It may repeat what was asked, credentials and all, and will be cut: no mask knows half a secret. */
  reasonsIn({ headers, body }: Explained): readonly Reason[] {
    const { secrets } = this.#options;
    return parseReasons(explanationIn(body, headers['content-encoding']), (text) => secrets.redact(text));
  }

  /** Reads the rest of the answer. */
  async of(asked: Asked, answer: Answer): Promise<RegistryError> {
    return this.#errorOf(asked, answer, await answer.beginning());
  }

  /** The same of an answer that claims success with a page for browsers; `undefined` if its body is none. */
  async ofPage(asked: Asked, answer: Answer, body: Buffer): Promise<RegistryError | undefined> {
    const page = isPage(explanationIn(body, answer.headers['content-encoding']));
    return page ? this.#errorOf(asked, answer, body) : undefined;
  }

  async #errorOf(asked: Asked, answer: Answer, body: Buffer): Promise<RegistryError> {
    const { registry, clock, readOnly, onGitHub } = this.#options;
    const { step, method, credentials, signedIn = false, signingIn = false } = asked;
    const { status, headers, url } = answer;
    const reasons = this.reasonsIn({ headers, body });
    const page = isPage(explanationIn(body, headers['content-encoding']));
    const refusal = {
      step,
      method,
      url: redacted(url),
      status,
      reasons,
      retryAfter: parseRetryAfter(headers['retry-after'], clock.now()),
      page,
      location: destinationOf(answer),
      signingIn: asked.url === undefined,
      credentialsRefused: signingIn && !page && isRefusalOf(credentials, status),
    };
    const proxy = proxyAnswer(answer, reasons);
    if (proxy) return new RegistryError({ ...refusal, by: proxy.by }, { hint: proxy.hint });
    // Credentials do not go elsewhere, so whoever refuses there says nothing about them.
    const from = asked.url && [registry, asked.url].find((origin) => !sameOrigin(origin, url));
    if (from) return new RegistryError(refusal, { hint: strayHint(from, url) ?? ledAstray(from, url) });
    // A server that does not tell is not known to be GitHub's.
    const github = (await onGitHub?.().catch(() => false)) ?? false;
    const situation = { credentials, host: registry.host, onGitHub: github, signedIn, readOnly };
    return new RegistryError(refusal, { hint: hintFor(refusal, situation) });
  }
}

/** An OAuth2 service says 400 of a refresh token that it does not know. */
function isRefusalOf({ kind }: Credentials, status: number): boolean {
  return kind !== 'anonymous' && (status === 401 || status === 403 || (status === 400 && kind === 'identity-token'));
}

function ledAstray(from: URL, to: URL): string {
  return `${from.host} sends us to ${to.host}, which does not serve us: run again, and if it stays so, ask whoever runs ${from.host}`;
}

/** Without a query, which may hold secrets. */
function destinationOf({ status, headers, url }: Answer): string | undefined {
  const to = status >= 300 && status < 400 && headers.location ? resolveUrl(headers.location, url) : undefined;
  if (!to) return undefined;
  return sameOrigin(to, url) ? `${to.host}${to.pathname}` : to.origin;
}
