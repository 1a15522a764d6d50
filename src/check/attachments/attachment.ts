/** An attachment on disk: a file about a version, or about one file of it, that passed its checks. */
import type { ByteSource } from '../../core/bytes.js';
import type { FileProblem } from '../../core/errors.js';

export interface Attachment {
  /** As the user knows it. */
  readonly path: string;
  /** Base name, as given. */
  readonly filename: string;
  readonly bytes: ByteSource;
  /** 64 hex characters. */
  readonly sha256: string;
  /** `attestation`, `sbom`, `signature`, or the user's word. */
  readonly type: string;
  readonly mediaType: string;
  /** `platform.architecture`, which identifies it inside its version. */
  readonly architecture: string;
  /** `undefined` if it is about the version. */
  readonly about: About | undefined;
}

/** The file that an attachment is about. */
export interface About {
  /** Base name. */
  readonly filename: string;
  readonly architecture: string;
  /** 64 hex characters, as its statement says; `undefined` where it has none: then it is about the file of this name. */
  readonly sha256: string | undefined;
}

/** More than this is no attestation and no SBOM of one version; each is read into memory. In bytes. */
export const LARGEST_ATTACHMENT = 16 * 1024 * 1024;

export function attachmentProblem(file: string, message: string, hint: string): FileProblem {
  return { severity: 'error', file, message, hint };
}
