import { explain, UsageError } from '../core/errors.js';
import type { Log } from '../core/ports.js';
import type { Credentials } from '../oci/registry/credentials.js';
import type { Spelling } from './inputs.js';
import type { Login } from './settings.js';

/** What the choice of credentials depends on. The two questions are asked only when the answer matters. */
export interface SignInContext {
  readonly login: Login;
  /** Host and port of the registry. */
  readonly host: string;
  readonly actor: string | undefined;
  readonly spelled: Spelling;
  readonly log: Log;
  /** The entry of the Docker config file for exactly this host. */
  docker(): Promise<Credentials | undefined>;
  /** Whether `host` is the container registry of the GitHub server that the job runs on. */
  onGitHub(): Promise<boolean>;
}

/**
 * Who we are to the registry. In this order: `username` and `password`; the Docker config file; `github-token`, which
 * is for GitHub's own registry of the job's server and for nobody else; nobody.
 * @throws UsageError if there is a password but no user to it
 */
export async function chooseCredentials(context: SignInContext): Promise<Credentials> {
  const { login, host, log } = context;
  if (login.password !== undefined) return withPassword(login.password, context);
  const docker = await context.docker();
  if (docker) return docker;
  if (login.githubToken !== undefined && (await isOwn(context))) {
    const username = context.actor ?? 'github-actions';
    return { kind: 'basic', username, password: login.githubToken, source: 'github-token', ownHostOnly: true };
  }
  log.info(`No credentials for ${host}: going on without signing in`);
  return { kind: 'anonymous' };
}

async function withPassword(password: string, context: SignInContext): Promise<Credentials> {
  const { login, host, actor, spelled } = context;
  if (login.username !== undefined) {
    return {
      kind: 'basic',
      username: login.username,
      password,
      source: `${spelled('username')} and ${spelled('password')}`,
    };
  }
  if (actor !== undefined && (await isOwn(context))) {
    return { kind: 'basic', username: actor, password, source: `${spelled('password')}, as the actor of the run` };
  }
  throw new UsageError(`Cannot sign in to ${host}: ${spelled('password')} is given without ${spelled('username')}`, {
    hint: `give both ${spelled('username')} and ${spelled('password')}; only on GitHub's own registry the user is known, from the job`,
  });
}

/** A server that does not say which registry is its own gets no token sent to any. */
async function isOwn({ onGitHub, log }: SignInContext): Promise<boolean> {
  try {
    return await onGitHub();
  } catch (error) {
    log.notice(`The job's token is left out: ${explain(error)}`);
    return false;
  }
}
