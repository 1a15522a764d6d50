import type { Clock } from '../../core/ports.js';
import type { Redactor } from '../../core/redactor.js';
import { type Complaint, parseComplaints } from './complaints.js';
import type { Credentials } from './credentials.js';
import { RegistryError } from './errors.js';
import { hintFor } from './hints.js';
import { sameOrigin } from './origin.js';
import { redacted } from './redaction.js';
import { parseRetryAfter } from './retry.js';
import type { Method, Reply } from './wire.js';

export interface Asked {
  readonly step: string;
  readonly method: Method;
  /** Where it was asked, if redirects may have led away from there. */
  readonly url?: URL;
  /** See `Situation`. */
  readonly signedIn?: boolean;
  /** What the request was signed with. */
  readonly credentials: Credentials;
  /** Whether the answer is to our credentials, and to nothing else that we ask. */
  readonly signingIn?: boolean;
}

/** Makes errors of answers that a step has no use for: the registry's own words, and what to do about them. */
export class Refusals {
  readonly #registry: URL;
  readonly #clock: Clock;
  readonly #readOnly: boolean;
  readonly #secrets: Redactor;

  constructor(registry: URL, clock: Clock, readOnly: boolean, secrets: Redactor) {
    this.#registry = registry;
    this.#clock = clock;
    this.#readOnly = readOnly;
    this.#secrets = secrets;
  }

  /** What a body says. It may repeat what was asked, credentials and all, and will be cut: no mask knows half a secret. */
  complaintsIn(body: Buffer): readonly Complaint[] {
    return parseComplaints(this.#secrets.redact(body.toString('utf8')));
  }

  /** Reads the rest of the answer. */
  async of(asked: Asked, { status, headers, url, beginning }: Reply): Promise<RegistryError> {
    const { step, method, credentials, signedIn = false, signingIn = false } = asked;
    const complaints = this.complaintsIn(await beginning());
    const retryAfter = parseRetryAfter(headers['retry-after'], this.#clock.now());
    const credentialsRefused = signingIn && isRefusalOf(credentials, status);
    const refusal = { step, method, url: redacted(url), status, complaints, retryAfter, credentialsRefused };
    const situation = {
      credentials,
      host: this.#registry.host,
      signedIn,
      readOnly: this.#readOnly,
    };
    // Credentials do not go there, so whoever refuses there says nothing about them.
    const astray = asked.url && !sameOrigin(asked.url, url);
    const hint = astray ? ledAstray(asked.url, url) : hintFor(refusal, situation);
    return new RegistryError(refusal, { hint });
  }
}

/** An OAuth2 service says 400 of a refresh token that it does not know. */
function isRefusalOf({ kind }: Credentials, status: number): boolean {
  return kind !== 'anonymous' && (status === 401 || status === 403 || (status === 400 && kind === 'identity-token'));
}

function ledAstray(from: URL, to: URL): string {
  return `${from.host} sends us to ${to.host}, which does not serve us: run again, and if it stays so, ask whoever runs ${from.host}`;
}
