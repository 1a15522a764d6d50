import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UserError } from '../../../../src/core/errors.js';
import type { RunHelper } from '../../../../src/oci/registry/login/credential-helper.js';
import type { Credentials } from '../../../../src/oci/registry/login/credentials.js';
import { keptCredentials } from '../../../../src/oci/registry/login/kept-credentials.js';
import { KeptLog } from '../../../support/ports.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const of = (user: string) => ({ auth: base64(`${user}:password`) });

/** A home folder with the files of Docker and podman, each entry with a user whose name says which it is. */
describe('what login commands keep', () => {
  let home: string;
  let masked: string[];
  let log: KeptLog;
  const docker = () => join(home, '.docker', 'config.json');
  const podman = () => join(home, '.config', 'containers', 'auth.json');

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'kept-'));
    [masked, log] = [[], new KeptLog()];
  });
  afterEach(() => rm(home, { recursive: true }));

  async function write(path: string, content: unknown): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
  const kept = (within: string, host = 'quay.io', env = {}, runHelper: RunHelper = async () => undefined) => {
    const masker = { mask: (secret: string) => void masked.push(secret) };
    return keptCredentials({ host, within }, { folders: { env, home }, runHelper, log, masker });
  };
  const user = (credentials: Credentials | undefined) =>
    credentials?.kind === 'basic' ? credentials.username : credentials?.kind;
  const chosen = async (...place: Parameters<typeof kept>) => user((await kept(...place)).credentials);

  it('is nothing where there are no files', async () => {
    expect(await kept('owner')).toEqual({ credentials: undefined, narrower: [], unusable: [] });
    expect(log.lines).toEqual([]);
  });

  it("is podman's where Docker keeps nothing for this registry", async () => {
    await write(docker(), { auths: { 'ghcr.io': of('docker') } });
    await write(podman(), { auths: { 'quay.io': of('podman'), 'ghcr.io': of('unused') } });
    expect(await kept('owner')).toMatchObject({
      credentials: { kind: 'basic', username: 'podman', source: `podman's auth file ${podman()}` },
      unusable: [],
    });
    expect(await chosen('owner', 'ghcr.io')).toBe('docker');
  });

  it.each([
    ['owner', 'owner'],
    ['owner/demo', 'demo'],
    ['owner/demo/below', 'demo'],
    ['owner/demonstration', 'owner'],
    ['other', 'all'],
    ['own', 'all'],
  ])('is for %s the entry with the longest path: %s', async (within, name) => {
    await write(podman(), {
      auths: { 'quay.io': of('all'), 'quay.io/owner': of('owner'), 'quay.io/owner/demo': of('demo') },
    });
    expect(await chosen(within)).toBe(name);
  });

  it('has apart what is for some repositories only, the longest path first', async () => {
    await write(podman(), {
      auths: {
        'quay.io/owner/a': of('a'),
        'quay.io/owner/a/deep': of('deep'),
        'quay.io/owner': of('owner'),
        'quay.io/other/a': of('other'),
        'quay.io/owner/empty': {},
        'ghcr.io/owner/a': of('github'),
      },
    });
    const { credentials, narrower } = await kept('owner');
    expect(user(credentials)).toBe('owner');
    expect(narrower.map(({ path, credentials: own }) => [path, user(own)])).toEqual([
      ['owner/a/deep', 'deep'],
      ['owner/a', 'a'],
    ]);
  });

  it('goes on to the next file behind one that is for some repositories only', async () => {
    await write(docker(), { auths: { 'quay.io/owner/a': of('a') } });
    await write(podman(), { auths: { 'quay.io': of('all'), 'quay.io/owner/a': of('late') } });
    const { credentials, narrower } = await kept('owner');
    expect([user(credentials), ...narrower.map(({ credentials: own }) => user(own))]).toEqual(['all', 'a', 'late']);
  });

  it('gives an entry for one host and port to no other, whatever its path', async () => {
    await write(podman(), {
      auths: {
        'quay.io:443/owner': of('port'),
        'quay.io.evil.example/owner': of('evil'),
        'evil.example/quay.io/owner': of('evil'),
        'https://quay.io/owner': of('url'),
        'quay.io/owners': of('owners'),
      },
    });
    expect(await kept('owner')).toMatchObject({ credentials: undefined, narrower: [] });
    expect(masked).toEqual([]);
  });

  it('asks no helper for a place that an entry with a path is for', async () => {
    await write(podman(), { auths: { 'quay.io/owner': of('owner') }, credHelpers: { 'quay.io': 'x' } });
    const asked: string[] = [];
    const helper: RunHelper = async (name) => {
      asked.push(name);
      return { code: 0, stdout: '{"Username":"helper","Secret":"s"}' };
    };
    expect(await chosen('owner', 'quay.io', {}, helper)).toBe('owner');
    expect(asked).toEqual([]);
    expect(await chosen('other', 'quay.io', {}, helper)).toBe('helper');
    expect(asked).toEqual(['x']);
  });

  it('says that the file is not there which REGISTRY_AUTH_FILE names, and goes on', async () => {
    await write(docker(), { auths: { 'quay.io': of('docker') } });
    const REGISTRY_AUTH_FILE = join(home, 'none.json');
    expect(await chosen('owner', 'quay.io', { REGISTRY_AUTH_FILE })).toBe('docker');
    expect(log.lines).toEqual([
      `info podman's auth file ${REGISTRY_AUTH_FILE}, which REGISTRY_AUTH_FILE names, is not there: going on without it`,
    ]);
  });

  it("tells of files that are of no use, each with its tool's own cure, and looks into the others", async () => {
    await write(docker(), 'x');
    await write(podman(), '');
    const { unusable } = await kept('owner');
    expect(unusable.map(({ message, hint, harmless }) => [message, hint, harmless])).toEqual([
      [
        `Cannot read the Docker config file ${docker()}: it is not JSON`,
        'run "docker login quay.io" again, or give user name and password directly',
        false,
      ],
      [
        `Cannot read podman's auth file ${podman()}: it is empty`,
        'run "podman login quay.io" again, or give user name and password directly',
        false,
      ],
    ]);
  });

  it('does not look behind what it found', async () => {
    await write(docker(), { auths: { 'quay.io': of('docker') } });
    await write(podman(), 'x');
    expect(await kept('owner')).toMatchObject({ credentials: { username: 'docker' }, unusable: [] });
  });

  it('counts a helper that hangs among what is of no use', async () => {
    await write(docker(), { credsStore: 'slow' });
    await write(podman(), { auths: { 'quay.io': of('podman') } });
    const hanging: RunHelper = async () => {
      throw new UserError('Cannot get credentials from docker-credential-slow: it gave no answer within 10 s');
    };
    const { credentials, unusable } = await kept('owner', 'quay.io', {}, hanging);
    expect(user(credentials)).toBe('podman');
    expect(unusable.map(({ told }) => told)).toEqual([
      `Cannot get credentials from docker-credential-slow: it gave no answer within 10 s (the Docker config file ${docker()} names it)`,
    ]);
  });
});
