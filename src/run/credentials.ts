import { explain, UsageError } from '../core/errors.js';
import type { Log } from '../core/ports.js';
import type { UnusableAuthFileError } from '../oci/registry/login/auth-file-content.js';
import type { Credentials } from '../oci/registry/login/credentials.js';
import type { KeptCredentials } from '../oci/registry/login/kept-credentials.js';
import type { SIGN_IN_INPUTS, Spelling } from './settings/inputs.js';
import type { Login } from './settings/login.js';

/** What the choice of credentials depends on. The two questions are asked only when the answer matters. */
export interface SignInContext {
  readonly login: Login;
  /** Host and port of the registry. */
  readonly host: string;
  readonly actor: string | undefined;
  readonly spelled: Spelling<typeof SIGN_IN_INPUTS>;
  readonly log: Log;
  /** What login commands keep for exactly this host. */
  kept(): Promise<KeptCredentials>;
  /** Whether `host` is the container registry of the GitHub server that the job runs on. */
  onGitHub(): Promise<boolean>;
}

/**
 * Who we are to the registry. In this order: `username` and `password`; what `docker login` or `podman login` keeps;
 * `github-token`, which is for GitHub's own registry of the job's server and for nobody else; nobody.
 *
 * A file of those commands that is of no use is an error. Where `github-token` can do it, it is a notice: somebody else on
 * the machine may have left the file.
 * @throws UsageError if there is a password but no user to it
 * @throws UnusableAuthFileError
 */
export async function chooseCredentials(context: SignInContext): Promise<Credentials> {
  const { login, host, log } = context;
  if (login.password !== undefined) return withPassword(login.password, context);
  const { credentials, narrower, unusable } = await context.kept();
  const broken = unusable.find(({ harmless }) => !harmless);
  const token = credentials && !broken ? undefined : await jobToken(context);
  if (broken && !token) throw broken;
  const chosen = credentials ?? token ?? { kind: 'anonymous' };
  for (const file of unusable) say(file, chosen, log);
  if (chosen.kind === 'anonymous' && !narrower.length)
    log.info(`No credentials for ${host}: going on without signing in`);
  return chosen;
}

/**
 * What to sign in with after credentials were refused: `github-token`, if they were kept by a login command, which may
 * have been long ago, and not given to this run. The log says so.
 */
export async function credentialsInstead(
  context: SignInContext,
  refused: Credentials,
): Promise<Credentials | undefined> {
  const { login, host, log } = context;
  if (login.password !== undefined || refused.kind === 'anonymous' || isJobToken(refused)) return undefined;
  const token = await jobToken(context);
  if (token) {
    log.notice(
      `${host} does not accept the credentials from ${refused.source}: signing in with ${token.source} instead`,
    );
  }
  return token;
}

/**
 * What a login command keeps by now in place of credentials that it kept and that are refused. Never throws: what is wrong
 * with its files was said when the store was opened.
 * @returns `undefined` if they are the same, or were given to this run
 */
export async function renewedCredentials(
  context: SignInContext,
  refused: Credentials,
): Promise<Credentials | undefined> {
  const { login, host, log } = context;
  if (login.password !== undefined || refused.kind === 'anonymous' || isJobToken(refused)) return undefined;
  const kept = await context.kept().catch(() => undefined);
  const credentials = kept?.credentials;
  if (!credentials || credentials.kind === 'anonymous' || sameSecret(credentials, refused)) return undefined;
  log.info(`${host} no longer accepts the credentials from ${refused.source}: reading them again`);
  return credentials;
}

function sameSecret(one: Credentials, other: Credentials): boolean {
  const secretOf = (credentials: Credentials): string =>
    credentials.kind === 'basic'
      ? `${credentials.username}:${credentials.password}`
      : credentials.kind === 'identity-token'
        ? credentials.token
        : '';
  return secretOf(one) === secretOf(other);
}

function say(file: UnusableAuthFileError, chosen: Credentials, log: Log): void {
  if (chosen.kind === 'anonymous') log.info(`${file.told}: going on without it`);
  else log.notice(`${file.told}; signing in with ${chosen.source} instead`);
}

/** The job's token as credentials, where it may go. */
async function jobToken(context: SignInContext): Promise<JobToken | undefined> {
  const { login, actor } = context;
  if (login.githubToken === undefined || !(await isOwn(context))) return undefined;
  const username = actor ?? 'github-actions';
  return { kind: 'basic', username, password: login.githubToken, source: 'github-token', ownHostOnly: true };
}

type JobToken = Extract<Credentials, { kind: 'basic' }>;

function isJobToken(credentials: Credentials): boolean {
  return credentials.kind === 'basic' && credentials.ownHostOnly === true;
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
