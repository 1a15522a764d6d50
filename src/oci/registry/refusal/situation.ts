import type { Credentials } from '../login/credentials.js';
import type { Refusal } from './errors.js';

/** What a refusal has to be seen against. */
export interface Situation {
  readonly credentials: Credentials;
  /** Host and port of the registry. */
  readonly host: string;
  /** Whether the registry is known to be GitHub's: that of the server which the job runs on. */
  readonly onGitHub?: boolean;
  /** The credentials were good enough for a token: what is missing is a right. */
  readonly signedIn: boolean;
  /** Nothing is to be written, so that no right to write is missing. */
  readonly readOnly: boolean;
}

/** What to type or click. */
export type Cure = (refusal: Refusal, situation: Situation) => string;

/** Whether what was refused is a reading: no right to write is missing for it. */
export function isReading({ method }: Refusal, { readOnly }: Situation): boolean {
  return readOnly || method === 'GET' || method === 'HEAD';
}
