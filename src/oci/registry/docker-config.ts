import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PublishError } from '../../core/errors.js';
import type { Env, Log, Masker } from '../../core/ports.js';
import { isObject, type JsonObject } from '../descriptor.js';
import { isHelperName, type Login, loginIn, type RunHelper } from './credential-helper.js';
import type { Credentials } from './credentials.js';
import { helperKeyOf, isKeyOf } from './docker-host.js';

export interface DockerConfigPorts {
  /** `DOCKER_CONFIG` names the folder of the file. */
  readonly env: Env;
  /** The user's home folder, if there is one; the file is below it if `DOCKER_CONFIG` is not set. */
  readonly home: string | undefined;
  readonly runHelper: RunHelper;
  readonly log: Log;
  readonly masker: Masker;
}

/**
 * What `docker login` keeps for exactly this host: in `auths`, else with a credential helper. `undefined` if nothing
 * is kept, or the helper is not installed, which the log then says.
 * @see https://docs.docker.com/reference/cli/docker/login/#configure-the-credential-store
 * @param host host and port as the user gave them
 * @throws PublishError naming the file, if it is malformed, or the helper, if it fails
 */
export async function dockerCredentials(host: string, ports: DockerConfigPorts): Promise<Credentials | undefined> {
  const folder = folderOf(ports);
  if (folder === undefined) {
    ports.log.info('No Docker config file is read: this user has no home folder, and DOCKER_CONFIG names none');
    return undefined;
  }
  const path = join(folder, 'config.json');
  const config = await configAt(path);
  if (!config) return undefined;
  return storedIn(config, host, path, ports.masker) ?? (await helped(config, host, path, ports));
}

function folderOf({ env, home }: DockerConfigPorts): string | undefined {
  return env.DOCKER_CONFIG || (home === undefined ? undefined : join(home, '.docker'));
}

async function configAt(path: string): Promise<JsonObject | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (isAbsent(cause)) return undefined;
    throw new PublishError(`Cannot read the Docker config file ${path}`, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which holds secrets.
    throw malformed(path, 'it is not JSON');
  }
  if (!isObject(value)) throw malformed(path, 'it is not a JSON object');
  return value;
}

/** Credentials in the file itself. An empty entry only says that a helper has them. */
function storedIn(config: JsonObject, host: string, path: string, masker: Masker): Credentials | undefined {
  const source = `the Docker config file ${path}`;
  for (const [key, entry] of entriesFor(config, 'auths', host, path)) {
    if (!isObject(entry)) throw malformed(path, `"auths" has something other than an object for "${key}"`);
    const { identitytoken, auth, username, password } = entry;
    for (const secret of [identitytoken, auth, password]) {
      if (typeof secret === 'string' && secret !== '') masker.mask(secret);
    }
    if (typeof identitytoken === 'string' && identitytoken) {
      return { kind: 'identity-token', token: identitytoken, source };
    }
    const login =
      typeof auth === 'string' && auth
        ? decoded(auth, key, path)
        : { username: textOf(username), secret: textOf(password) };
    if (login.username && login.secret) return credentialsOf(login, source, masker);
  }
  return undefined;
}

async function helped(
  config: JsonObject,
  host: string,
  path: string,
  { runHelper, log, masker }: DockerConfigPorts,
): Promise<Credentials | undefined> {
  const [own] = entriesFor(config, 'credHelpers', host, path);
  const name = own ? own[1] : config.credsStore;
  if (name === undefined || name === '') return undefined;
  if (typeof name !== 'string' || !isHelperName(name)) {
    throw malformed(
      path,
      `${typeof name === 'string' ? `"${name}"` : 'something other than text'} is no name of a credential helper`,
    );
  }
  const answer = await runHelper(name, helperKeyOf(host));
  if (!answer) {
    log.info(`docker-credential-${name}, which ${path} names, is not installed: going on without it`);
    return undefined;
  }
  const login = loginIn(answer, name);
  if (!login) {
    log.info(`docker-credential-${name} holds nothing for ${host}: going on without it`);
    return undefined;
  }
  return credentialsOf(login, `docker-credential-${name}`, masker);
}

/** The entries of a member that are for this host: the one under its very name first. */
function entriesFor(config: JsonObject, member: string, host: string, path: string): [string, unknown][] {
  const entries = config[member];
  if (entries === undefined || entries === null) return [];
  if (!isObject(entries)) throw malformed(path, `"${member}" is not an object`);
  const found = Object.entries(entries).filter(([key]) => isKeyOf(key, host));
  return found.sort(([a], [b]) => Number(b === host) - Number(a === host));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** @see https://github.com/docker/cli/blob/v27.0.0/cli/config/configfile/file.go, which cuts NULs from the end as well */
function decoded(auth: string, key: string, path: string): Login {
  const text = /^[A-Za-z0-9+/]+={0,2}$/.test(auth) ? Buffer.from(auth, 'base64').toString('utf8') : '';
  const colon = text.indexOf(':');
  if (colon < 1) throw malformed(path, `"auth" of "${key}" is not the base64 form of USER:PASSWORD`);
  return { username: text.slice(0, colon), secret: text.slice(colon + 1).replace(/\0+$/, '') };
}

function credentialsOf({ username, secret }: Login, source: string, masker: Masker): Credentials {
  masker.mask(secret);
  if (username === '<token>') return { kind: 'identity-token', token: secret, source };
  return { kind: 'basic', username, password: secret, source };
}

function isAbsent(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function malformed(path: string, state: string): PublishError {
  return new PublishError(`Cannot read the Docker config file ${path}: ${state}`, {
    hint: 'run "docker login" again, or give user name and password directly',
  });
}
