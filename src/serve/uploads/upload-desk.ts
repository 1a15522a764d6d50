/** What takes uploads in, as the server sees it: it gets a file that lies on a disk, and says what became of it. */
import { UserError } from '../../core/errors.js';

/** A file as it was sent. */
export interface Upload {
  readonly filename: string;
  /** Absolute; the caller removes it. */
  readonly path: string;
  /** Of the bytes that came, 64 hex characters. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
  /** PEP 740: what the field `attestations` holds, as text; `undefined` if there is none. */
  readonly attestations: string | undefined;
}

export interface Received {
  /** In normal form. */
  readonly project: string;
  /** `ghcr.io/octo-org/hello_pyoci:1.0`. */
  readonly image: string;
  readonly status: 'published' | 'unchanged';
}

export interface UploadDesk {
  /**
   * Checks a file and publishes it.
   * @throws UploadRefusedError for a file that is not to be published; else what the registry refused or failed with
   */
  receive(upload: Upload): Promise<Received>;
}

/** Something is wrong with what was sent. `status` is what the client is answered. */
export class UploadRefusedError extends UserError {
  override readonly name = 'UploadRefusedError';
  readonly status: number;
  /** A few words for the status line, where most clients show nothing else. */
  readonly title: string;

  constructor(status: number, title: string, message: string, options?: ConstructorParameters<typeof UserError>[1]) {
    super(message, options);
    this.status = status;
    this.title = title;
  }
}
