import { UserError } from '../../../core/errors.js';

/** No answer came, or not all of it: nobody knows whether the request took effect. */
export class UnansweredError extends UserError {
  override readonly name = 'UnansweredError';
  /** Whether the same request may pass later: not so with an untrusted certificate or an unknown host. */
  readonly temporary: boolean;
  /** The system's name for what happened: `ECONNRESET`. */
  readonly code: string | undefined;

  constructor(
    message: string,
    options: ErrorOptions & {
      readonly hint?: string | undefined;
      readonly temporary: boolean;
      readonly code: string | undefined;
    },
  ) {
    super(message, options);
    this.temporary = options.temporary;
    this.code = options.code;
  }
}
