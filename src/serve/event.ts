/** What the index does, told as it happens, and what all of it came to. */

export type ServeEvent =
  | Answered
  | ({ readonly kind: 'failed' } & ServeFailure)
  | { readonly kind: 'redirected'; readonly project: string }
  | ({ readonly kind: 'uploaded' } & Uploaded)
  | { readonly kind: 'passed-over'; readonly project: string; readonly what: string; readonly why: string };

export interface Answered {
  readonly kind: 'answered';
  readonly method: string;
  /** Path of the request, below the root of the index. Untrusted. */
  readonly target: string;
  /** 0 if the client left before. */
  readonly status: number;
  /** Whether the connection ended before all of the answer was sent: the client left, or was not to take it for whole. */
  readonly cut: boolean;
  /** Bytes of body that were sent. */
  readonly bytes: number;
  readonly milliseconds: number;
  /** The first product of the User-Agent: `pip/26.3`. Untrusted. */
  readonly client: string;
}

/** Something owned could not be had. */
export interface ServeFailure {
  /** In normal form. */
  readonly project: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** A file that was uploaded and is listed. */
export interface Uploaded {
  readonly file: string;
  /** `ghcr.io/octo-org/hello_pyoci:1.0`. */
  readonly image: string;
  readonly status: 'published' | 'unchanged';
}

/** What was served until now. */
export interface ServeReport {
  readonly served: readonly { readonly project: string; readonly files: number; readonly bytes: number }[];
  /** Names that were left to the fallback. */
  readonly redirected: readonly string[];
  readonly failures: readonly ServeFailure[];
}

export type OnEvent = (event: ServeEvent) => void;
