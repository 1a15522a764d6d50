import type { Digest } from '../core/digest.js';
import { UserError } from '../core/errors.js';

/**
 * What stands there is no manifest or index that anybody could read: too large, no JSON, of a type that is not asked for.
 * The fault is the content's: asking again changes nothing.
 */
export class DocumentError extends UserError {
  override readonly name = 'DocumentError';
}

/** The store refused a manifest or index because content it points at is not there (`MANIFEST_BLOB_UNKNOWN` and kin). */
export class MissingReferenceError extends UserError {
  override readonly name = 'MissingReferenceError';
  /** As far as the store named them; may be empty. */
  readonly missing: readonly Digest[];

  constructor(
    message: string,
    missing: readonly Digest[],
    options?: ErrorOptions & { readonly hint?: string | undefined },
  ) {
    super(message, options);
    this.missing = missing;
  }
}

/** The store gives no such part of a blob: it refused to, or sent another. The whole may be had all the same. */
export class RangeRefusedError extends UserError {
  override readonly name = 'RangeRefusedError';
}

/** One manifest cannot be deleted, for a reason of its own. Others may. */
export class NotDeletedError extends UserError {
  override readonly name = 'NotDeletedError';
}

/** The store answered the write of a tag with an error. */
export class WriteRefusedError extends UserError {
  override readonly name = 'WriteRefusedError';
  /** Whether the same write may succeed later (408, 429, 500, 502, 503, 504), and soon enough to wait for it. */
  readonly temporary: boolean;
  /** A 5xx or 408 may come from a gateway after the write was applied; any other 4xx wrote nothing. */
  readonly mayHaveApplied: boolean;
  /** Milliseconds that the store asked to wait. */
  readonly retryAfter: number | undefined;

  constructor(
    message: string,
    options: ErrorOptions & {
      readonly hint?: string | undefined;
      readonly temporary: boolean;
      readonly mayHaveApplied: boolean;
      readonly retryAfter?: number | undefined;
    },
  ) {
    super(message, options);
    this.temporary = options.temporary;
    this.mayHaveApplied = options.mayHaveApplied;
    this.retryAfter = options.retryAfter;
  }
}

/**
 * Whether it is the content of a name that cannot be read: a DocumentError, a registry that lists what it does not give,
 * or a web page in place of a document.
 */
export function isUnreadable(error: unknown): boolean {
  if (error instanceof DocumentError) return true;
  if (!(error instanceof UserError) || !('status' in error)) return false;
  return error.status === 404 || ('page' in error && error.page === true && error.status === 200);
}

/**
 * Whether the store refused for want of a right: a registry's 401 or 403. Not so if it refused the credentials that were
 * given, which are wrong then whatever is asked under them.
 */
export function isDenied(error: unknown): boolean {
  if (!(error instanceof UserError) || !('status' in error)) return false;
  if ('credentialsRefused' in error && error.credentialsRefused === true) return false;
  return error.status === 401 || error.status === 403;
}
