/**
 * Who we are to a registry. `source` is where it came from, in the user's words: it goes to the log, the secret never.
 */
export type Credentials =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'basic';
      readonly username: string;
      readonly password: string;
      readonly source: string;
      /** Sent to a token service only if that is on the registry's own host, as a job's token must be. */
      readonly ownHostOnly?: boolean;
    }
  /** An OAuth2 refresh token, as `docker login` keeps it for registries that hand one out. */
  | { readonly kind: 'identity-token'; readonly token: string; readonly source: string };

/** Who we are to the repository at this path, and to all below it. */
export interface PathCredentials {
  /** `owner/demo` */
  readonly path: string;
  readonly credentials: Credentials;
}
