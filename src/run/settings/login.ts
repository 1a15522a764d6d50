import type { Masker } from '../../core/ports.js';
import type { GitHubJob } from '../../github/job.js';
import type { InputReader } from './input-reader.js';
import type { SIGN_IN_INPUTS, SignInInputs, Spelling } from './inputs.js';

/** What the user gave to sign in with. Secrets as they are: never to be printed. */
export interface Login {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly githubToken: string | undefined;
}

/** Hides the secrets among the inputs before anything else is done with them. */
export function maskLogin(raw: SignInInputs, masker: Masker): void {
  for (const secret of [raw.password.trim(), raw['github-token'].trim()]) if (secret !== '') masker.mask(secret);
}

/** What was given to sign in with; what is wrong with it is complained of to `input`. */
export function loginOf(
  input: InputReader<typeof SIGN_IN_INPUTS>,
  github: GitHubJob | undefined,
  spelled: Spelling<typeof SIGN_IN_INPUTS>,
): Login {
  const username = input.text('username');
  const password = input.text('password');
  const githubToken = input.text('github-token');
  if (username !== undefined && password === undefined) {
    const cause = github
      ? 'if it comes from a secret, that secret is not set or this run may not see it: pull requests from forks and of Dependabot get none'
      : 'give it by --password-stdin';
    input.complain('password', `it is empty although ${spelled('username')} is given (${cause})`);
  }
  if (username?.includes(':')) input.complain('username', 'it holds a ":", which no user name in a registry can');
  if (githubToken !== undefined && github === undefined) {
    input.complain(
      'github-token',
      `it works in a job of GitHub Actions only (elsewhere give ${spelled('username')} and ${spelled('password')})`,
    );
  }
  return { username, password, githubToken };
}
