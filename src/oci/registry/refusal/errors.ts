import { UserError } from '../../../core/errors.js';
import { isTemporary } from '../transport/retry.js';
import { type Reason, reasonText } from './reasons.js';

export interface Refusal {
  /** What was being done: `push the manifest of …`. */
  readonly step: string;
  readonly method: string;
  /** Redacted. */
  readonly url: string;
  readonly status: number;
  readonly reasons: readonly Reason[];
  /** In milliseconds. */
  readonly retryAfter: number | undefined;
  /** It is the credentials themselves that were refused, not what was asked under them. */
  readonly credentialsRefused?: boolean;
  /** Whether a page for browsers came, which no registry sends. */
  readonly page?: boolean;
  /** Where a redirect leads that was not followed: an origin, or host and path on the same one. */
  readonly location?: string | undefined;
  /** Whether a token was asked for, before any question of rights. */
  readonly signingIn?: boolean;
  /** Who answered, if it was not who was asked: `by the proxy …`. */
  readonly by?: string | undefined;
}

/** The registry answered, but not with a status that this step of the protocol allows. */
export class RegistryError extends UserError implements Refusal {
  override readonly name = 'RegistryError';
  readonly step: string;
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly reasons: readonly Reason[];
  readonly retryAfter: number | undefined;
  readonly credentialsRefused: boolean;
  readonly page: boolean;

  constructor(refusal: Refusal, options: ErrorOptions & { readonly hint?: string | undefined } = {}) {
    const { step, method, url, status, reasons, page = false, by } = refusal;
    const said = reasonText(reasons);
    const form = `${page ? ' with a web page' : ''}${by === undefined ? '' : ` ${by}`}`;
    super(`Cannot ${step}: ${method} ${url} was answered ${status}${form}${said && ` (${said})`}`, options);
    this.step = step;
    this.method = method;
    this.url = url;
    this.status = status;
    this.reasons = reasons;
    this.retryAfter = refusal.retryAfter;
    this.credentialsRefused = refusal.credentialsRefused ?? false;
    this.page = page;
  }

  /** Whether the same request may pass later. */
  get temporary(): boolean {
    return isTemporary(this.status);
  }

  /** Whether one of the reasons given has this code. */
  says(...codes: readonly string[]): boolean {
    return this.reasons.some(({ code }) => codes.includes(code));
  }
}
