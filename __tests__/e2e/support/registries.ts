import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache-folder.js';
import { makeCertificate } from './certificate.js';
import { freePort, type Program, type Server, startServer } from './server.js';
import { ISSUER, SERVICE, TokenService, type User } from './token-service.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What the tests themselves read and prepare a registry with. */
export type Authorize = (repository: string) => string | undefined;

export interface Registry extends Server {
  readonly credentials: Credentials | undefined;
  /** The Authorization header that opens a repository for reading, writing and deleting. */
  readonly authorize: Authorize;
}

export interface TokenRegistry extends Registry {
  readonly credentials: Credentials;
  readonly tokens: TokenService;
  /** Path of the file that a blob is kept in, by its digest: whoever writes there goes past the registry. */
  readonly blobPath: (digest: string) => string;
}

const PUBLISHER: Credentials = { username: 'publisher', password: 'p4ssword-of-the-publisher' };

/** Debian's docker-registry without sign-in. */
export async function startOpenDistribution(): Promise<Registry> {
  return { ...(await serveDistribution(storage('open'), {})), credentials: undefined, authorize: () => undefined };
}

export interface BasicRegistry extends Registry {
  readonly credentials: Credentials;
  /** From now on the publisher's password is another one. */
  readonly changePassword: (password: string) => void;
}

/** Debian's docker-registry behind Basic sign-in. */
export async function startBasicDistribution(): Promise<BasicRegistry> {
  const folder = storage('htpasswd');
  const path = join(folder, 'htpasswd');
  const { username, password } = PUBLISHER;
  const write = (secret: string): void =>
    writeFileSync(path, tool('htpasswd', ['-nbB', username, secret], 'apt-get install apache2-utils'));
  write(password);
  const server = await serveDistribution(folder, { htpasswd: { realm: SERVICE, path } });
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return { ...server, credentials: PUBLISHER, authorize: () => basic, changePassword: write };
}

/**
 * Debian's docker-registry behind a token service. `publisher` may pull, push and delete below `owner/`; `reader` (same
 * password) only pull.
 * @param others users beside these two
 */
export async function startTokenDistribution(others: Readonly<Record<string, User>> = {}): Promise<TokenRegistry> {
  const folder = storage('token');
  const certificate = makeCertificate(folder);
  const { username, password } = PUBLISHER;
  const below = (name: string) => name.startsWith('owner/');
  const users: Record<string, User> = {
    [username]: { password, may: (name) => (below(name) ? ['pull', 'push', 'delete'] : []) },
    reader: { password, may: (name) => (below(name) ? ['pull'] : []) },
    ...others,
  };
  const tokens = new TokenService(users, certificate);
  await tokens.start();
  const { realm } = tokens;
  const token = { realm, service: SERVICE, issuer: ISSUER, rootcertbundle: certificate.certificate };
  const server = await serveDistribution(folder, { token });
  return {
    host: server.host,
    credentials: PUBLISHER,
    tokens,
    blobPath: (digest) => {
      const hex = digest.replace('sha256:', '');
      return join(folder, 'storage/docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data');
    },
    authorize: (name) => `Bearer ${tokens.sign([{ type: 'repository', name, actions: ['pull', 'push', 'delete'] }])}`,
    stop: async () => {
      await server.stop();
      await tokens.stop();
    },
  };
}

/** The registry inside crane, of go-containerregistry: another implementation of the same spec. */
export async function startCrane(): Promise<Registry> {
  const port = await freePort();
  const folder = storage('crane');
  const program: Program = {
    command: 'crane',
    args: ['registry', 'serve', '--address', `127.0.0.1:${port}`, '--disk', folder],
    install: 'go install github.com/google/go-containerregistry/cmd/crane@v0.22.1',
  };
  return open(await startServer(program, port), folder);
}

/** olareg: a third implementation, with the Referrers API. */
export async function startOlareg(): Promise<Registry> {
  const port = await freePort();
  const folder = storage('olareg');
  const source = fileURLToPath(new URL('olareg', import.meta.url));
  const command = join(cacheFolder(), 'olareg');
  execFileSync('go', ['build', '-o', command, '.'], { cwd: source, stdio: 'pipe' });
  const program: Program = { command, args: [`127.0.0.1:${port}`, folder], install: `cd ${source} && go build` };
  return open(await startServer(program, port), folder);
}

function open(server: Server, folder: string): Registry {
  return { ...removing(server, folder), credentials: undefined, authorize: () => undefined };
}

async function serveDistribution(folder: string, auth: object): Promise<Server> {
  const port = await freePort();
  const config = join(folder, 'config.yml');
  const root = join(folder, 'storage');
  mkdirSync(root);
  // JSON is YAML.
  const settings = {
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: root }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}`, secret: 'of uploads' },
    auth,
  };
  writeFileSync(config, JSON.stringify(settings));
  const program = { command: 'docker-registry', args: ['serve', config], install: 'apt-get install docker-registry' };
  return removing(await startServer(program, port), folder);
}

function removing(server: Server, folder: string): Server {
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { host: server.host, stop };
}

function storage(kind: string): string {
  return mkdtempSync(join(tmpdir(), `pyoci-publish-${kind}-`));
}

function tool(command: string, args: readonly string[], install: string): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe' });
  } catch (cause) {
    throw new Error(`Cannot run ${command}: is it installed? ${install}`, { cause });
  }
}
