import { UserError } from '../../../core/errors.js';
import type { Log, Masker } from '../../../core/ports.js';
import { isObject, type JsonObject } from '../../descriptor.js';
import { contentOf, malformed, UnusableAuthFileError } from './auth-file-content.js';
import { type AuthFile, nameOf } from './auth-files.js';
import { isHelperName, type Login, loginIn, type RunHelper } from './credential-helper.js';
import type { Credentials, PathCredentials } from './credentials.js';
import { helperKeyOf, isKeyOf, isWithin, pathOfKey } from './docker-host.js';

export interface DockerConfigPorts {
  readonly runHelper: RunHelper;
  readonly log: Log;
  readonly masker: Masker;
}

/** What credentials are for. */
export interface Place {
  /** Host and port as the user gave them. */
  readonly host: string;
  /** A repository, or a path that all repositories that count lie below: `owner`. */
  readonly within: string;
}

/** What is kept for a place. */
export interface Kept {
  readonly credentials: Credentials | undefined;
  /** For parts of the place only, where they count more; the first that fits a repository is for it. */
  readonly narrower: readonly PathCredentials[];
}

/**
 * What a file keeps for exactly this registry: in `auths`, where an entry with the longest path counts most, else with a
 * credential helper, which knows hosts only. Nothing if the helper is not installed, which the log then says.
 * @see https://docs.docker.com/reference/cli/docker/login/#configure-the-credential-store
 * @throws UnusableAuthFileError naming the file, if it is malformed, or the helper, if it fails
 */
export async function credentialsIn(file: AuthFile, place: Place, ports: DockerConfigPorts): Promise<Kept> {
  const config = await contentOf(file, place.host);
  if (!config) {
    if (file.variable)
      ports.log.info(`${nameOf(file)}, which ${file.variable} names, is not there: going on without it`);
    return { credentials: undefined, narrower: [] };
  }
  const { host, within } = place;
  const paths = pathEntries(config, host);
  const found = [
    ...paths.filter(([path]) => isWithin(within, path)).map(([, key, entry]): Entry => [key, entry]),
    ...entriesFor(config, 'auths', place, file),
  ];
  const narrower = paths
    .filter(([path]) => path !== within && isWithin(path, within))
    .flatMap(([path, key, entry]): PathCredentials[] => {
      const credentials = storedIn([key, entry], place, file, ports.masker);
      return credentials ? [{ path, credentials }] : [];
    });
  for (const entry of found) {
    const credentials = storedIn(entry, place, file, ports.masker);
    if (credentials) return { credentials, narrower };
  }
  return { credentials: await helped(config, place, file, ports), narrower };
}

type Entry = readonly [key: string, entry: unknown];

/** Credentials in the file itself. An empty entry only says that a helper has them. */
function storedIn([key, entry]: Entry, { host }: Place, file: AuthFile, masker: Masker): Credentials | undefined {
  if (!isObject(entry)) throw malformed(file, host, `"auths" has something other than an object for "${key}"`);
  const source = nameOf(file);
  const { identitytoken, auth, username, password } = entry;
  for (const secret of [identitytoken, auth, password]) {
    if (typeof secret === 'string' && secret !== '') masker.mask(secret);
  }
  if (typeof identitytoken === 'string' && identitytoken) {
    return { kind: 'identity-token', token: identitytoken, source };
  }
  const login =
    typeof auth === 'string' && auth ? decoded(auth) : { username: textOf(username), secret: textOf(password) };
  if (!login) throw malformed(file, host, `"auth" of "${key}" is not the base64 form of USER:PASSWORD`);
  return login.username && login.secret ? credentialsOf(login, source, masker) : undefined;
}

async function helped(
  config: JsonObject,
  place: Place,
  file: AuthFile,
  { runHelper, log, masker }: DockerConfigPorts,
): Promise<Credentials | undefined> {
  const { host } = place;
  const [own] = entriesFor(config, 'credHelpers', place, file);
  const name = own ? own[1] : config.credsStore;
  if (name === undefined || name === '') return undefined;
  if (typeof name !== 'string' || !isHelperName(name)) {
    const what = typeof name === 'string' ? `"${name}"` : 'something other than text';
    throw malformed(file, host, `${what} is no name of a credential helper`);
  }
  const login = await answerOf(name, host, file, runHelper);
  if (!login) {
    const state = login === undefined ? `, which ${file.path} names, is not installed` : ` holds nothing for ${host}`;
    log.info(`docker-credential-${name}${state}: going on without it`);
    return undefined;
  }
  return credentialsOf(login, `docker-credential-${name}`, masker);
}

/** @returns `undefined` if there is no such helper, `null` if it holds nothing */
async function answerOf(
  helper: string,
  host: string,
  file: AuthFile,
  runHelper: RunHelper,
): Promise<Login | null | undefined> {
  try {
    const answer = await runHelper(helper, helperKeyOf(host));
    return answer && (loginIn(answer, helper) ?? null);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const told = `${error.message} (${nameOf(file)} names it)`;
    throw new UnusableAuthFileError(error.message, { cause: error.cause, hint: error.hint, told });
  }
}

/** The entries of a member that are for all of this registry: the one under its very name first. */
function entriesFor(config: JsonObject, member: string, { host }: Place, file: AuthFile): readonly Entry[] {
  const entries = config[member];
  if (entries === undefined || entries === null) return [];
  if (!isObject(entries)) throw malformed(file, host, `"${member}" is not an object`);
  const found = Object.entries(entries).filter(([key]) => isKeyOf(key, host));
  return found.sort(([a], [b]) => Number(b === host) - Number(a === host));
}

/** The entries for parts of this registry, the longest path first. */
function pathEntries({ auths }: JsonObject, host: string): readonly (readonly [path: string, ...Entry])[] {
  const found = Object.entries(isObject(auths) ? auths : {}).flatMap(([key, entry]) => {
    const path = pathOfKey(key, host);
    return path === undefined ? [] : [[path, key, entry] as const];
  });
  return found.sort(([a], [b]) => b.length - a.length);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** @see https://github.com/docker/cli/blob/v27.0.0/cli/config/configfile/file.go, which cuts NULs from the end as well */
function decoded(auth: string): Login | undefined {
  const text = /^[A-Za-z0-9+/]+={0,2}$/.test(auth) ? Buffer.from(auth, 'base64').toString('utf8') : '';
  const colon = text.indexOf(':');
  if (colon < 1) return undefined;
  return { username: text.slice(0, colon), secret: text.slice(colon + 1).replace(/\0+$/, '') };
}

function credentialsOf({ username, secret }: Login, source: string, masker: Masker): Credentials {
  masker.mask(secret);
  if (username === '<token>') return { kind: 'identity-token', token: secret, source };
  return { kind: 'basic', username, password: secret, source };
}
