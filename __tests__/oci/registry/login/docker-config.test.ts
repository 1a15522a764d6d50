import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Env, Log } from '../../../../src/core/ports.js';
import type { HelperAnswer } from '../../../../src/oci/registry/login/credential-helper.js';
import type { Credentials } from '../../../../src/oci/registry/login/credentials.js';
import { keptCredentials } from '../../../../src/oci/registry/login/kept-credentials.js';

const HOST = 'ghcr.io';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('the Docker config file', () => {
  let home: string;
  let path: string;
  let lines: string[];
  let masked: string[];
  let asked: [name: string, stdin: string][];

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'docker-'));
    path = join(home, '.docker', 'config.json');
    await mkdir(join(home, '.docker'));
    [lines, masked, asked] = [[], [], []];
  });
  afterEach(() => rm(home, { recursive: true }));

  const read = async (answer?: HelperAnswer, env = {}, host = HOST): Promise<Credentials | undefined> => {
    const place = { host, within: 'owner' };
    const kept = await keptCredentials(place, {
      folders: { env, home },
      log: logInto(lines),
      masker: { mask: (secret) => void masked.push(secret) },
      runHelper: async (name, stdin) => {
        asked.push([name, stdin]);
        return answer;
      },
    });
    for (const unusable of kept.unusable) throw unusable;
    return kept.credentials;
  };
  const readHomeless = async (env: Env): Promise<Credentials | undefined> => {
    const ports = { log: logInto(lines), masker: { mask: () => {} }, runHelper: async () => undefined };
    return (await keptCredentials({ host: HOST, within: 'o' }, { folders: { env, home: undefined }, ...ports }))
      .credentials;
  };
  const given = (config: unknown): Promise<void> =>
    writeFile(path, typeof config === 'string' ? config : JSON.stringify(config));
  const helperSays = (username: string, secret: string): HelperAnswer => ({
    code: 0,
    stdout: JSON.stringify({ ServerURL: HOST, Username: username, Secret: secret }),
  });

  it('need not exist', async () => {
    expect(await read()).toBeUndefined();
    await rm(join(home, '.docker'), { recursive: true });
    expect(await read()).toBeUndefined();
  });

  it('is left out for a user without a home folder, and the log says so; DOCKER_CONFIG needs none', async () => {
    await given({ auths: { [HOST]: { username: 'robin', password: 'password' } } });
    expect(await readHomeless({})).toBeUndefined();
    expect(lines).toEqual([
      'No Docker config file is read: this user has no home folder, and DOCKER_CONFIG names none',
    ]);
    expect(await readHomeless({ DOCKER_CONFIG: join(home, '.docker') })).toMatchObject({ username: 'robin' });
  });

  it('gives the user and password of its base64 form, the password with its colons', async () => {
    await given({ auths: { [HOST]: { auth: base64('robin:pass:word') } } });
    const source = `the Docker config file ${path}`;
    expect(await read()).toEqual({ kind: 'basic', username: 'robin', password: 'pass:word', source });
    expect(masked).toEqual(expect.arrayContaining(['pass:word', base64('robin:pass:word')]));
    expect(masked).not.toContain('robin');
  });

  it('gives user and password written out', async () => {
    await given({ auths: { [`https://${HOST}/v1/`]: { username: 'robin', password: 'password' } } });
    expect(await read()).toMatchObject({ kind: 'basic', username: 'robin', password: 'password' });
    expect(masked).toEqual(['password', 'password']);
  });

  it('gives an identity token before anything beside it', async () => {
    await given({ auths: { [HOST]: { auth: base64('0000:x'), identitytoken: 'long-lived' } } });
    expect(await read()).toMatchObject({ kind: 'identity-token', token: 'long-lived' });
    expect(masked).toContain('long-lived');
  });

  it('is looked for where DOCKER_CONFIG says', async () => {
    await given({ auths: { [HOST]: { auth: base64('home:password') } } });
    const other = join(home, 'other');
    await mkdir(other);
    await writeFile(join(other, 'config.json'), JSON.stringify({ auths: { [HOST]: { auth: base64('other:word') } } }));
    expect(await read(undefined, { DOCKER_CONFIG: other })).toMatchObject({ username: 'other' });
    expect(await read(undefined, { DOCKER_CONFIG: '' })).toMatchObject({ username: 'home' });
  });

  it('prefers the entry under the very name of the host', async () => {
    await given({
      auths: { [`https://${HOST}/v1/`]: { auth: base64('old:password') }, [HOST]: { auth: base64('new:password') } },
    });
    expect(await read()).toMatchObject({ username: 'new' });
  });

  it('gives nothing for a host it does not name', async () => {
    await given({
      auths: {
        'ghcr.io.evil.example': { auth: base64('evil:1') },
        'evil-ghcr.io': { auth: base64('evil:2') },
        'https://ghcr.io@evil.example': { auth: base64('evil:3') },
      },
    });
    expect(await read()).toBeUndefined();
    expect(masked).toEqual([]);
  });

  it('gives no member that every object has', async () => {
    await given(`{"auths": {"__proto__": {"${HOST}": {"auth": "${base64('evil:word')}"}}, "x": {}}}`);
    expect(await read()).toBeUndefined();
    expect(await read(undefined, {}, 'constructor')).toBeUndefined();
    expect(await read(undefined, {}, 'hasownproperty')).toBeUndefined();
    expect(HOST in {}).toBe(false);
  });

  it.each([
    ['credsStore', { auths: { [HOST]: {} }, credsStore: 'desktop' }, 'desktop'],
    ['credHelpers', { credHelpers: { [HOST]: 'ecr-login' }, credsStore: 'desktop' }, 'ecr-login'],
  ])('asks the helper in %s by the name of the host', async (_, config, helper) => {
    await given(config);
    expect(await read(helperSays('robin', 'password'))).toEqual({
      kind: 'basic',
      username: 'robin',
      password: 'password',
      source: `docker-credential-${helper}`,
    });
    expect(asked).toEqual([[helper, HOST]]);
    expect(masked).toEqual(['password']);
  });

  it('asks no helper when the file itself has the credentials', async () => {
    await given({ auths: { [HOST]: { auth: base64('robin:password') } }, credsStore: 'desktop' });
    expect(await read(helperSays('other', 'word'))).toMatchObject({ username: 'robin' });
    expect(asked).toEqual([]);
  });

  it('asks no helper for a host whose helper is named as empty', async () => {
    await given({ credHelpers: { [HOST]: '' }, credsStore: 'desktop' });
    expect(await read(helperSays('other', 'word'))).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('takes the user <token> of a helper for an identity token', async () => {
    await given({ credsStore: 'desktop' });
    expect(await read(helperSays('<token>', 'long-lived'))).toMatchObject({
      kind: 'identity-token',
      token: 'long-lived',
    });
  });

  it.each<[string, HelperAnswer | undefined, RegExp]>([
    ['is not installed', undefined, /docker-credential-desktop.* is not installed/],
    ['knows nothing', { code: 1, stdout: 'credentials not found in native keychain\n' }, /holds nothing for ghcr\.io/],
    ['has an empty secret', { code: 0, stdout: '{"Username":"robin","Secret":""}' }, /holds nothing for ghcr\.io/],
  ])('goes on without a helper that %s, and says so', async (_, answer, line) => {
    await given({ credsStore: 'desktop' });
    expect(await read(answer)).toBeUndefined();
    expect(lines).toEqual([expect.stringMatching(line)]);
  });

  it.each<[string, HelperAnswer, RegExp]>([
    ['fails', { code: 1, stdout: 'keychain is locked\n' }, /desktop: it ended with code 1: keychain is locked$/],
    ['prints no JSON', { code: 0, stdout: 'hunter2' }, /desktop: what it printed is not JSON$/],
    ['leaves the secret out', { code: 0, stdout: '{"Username":"robin"}' }, /has no "Username" and "Secret"$/],
  ])('stops at a helper that %s, without showing a secret', async (_, answer, message) => {
    await given({ credsStore: 'desktop' });
    const failure = await read(answer).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'UnusableAuthFileError', message: expect.stringMatching(message) });
    expect(JSON.stringify(failure)).not.toContain('hunter2');
  });

  it.each([['../../bin/sh'], ['x; rm -rf'], ['a b'], ['$(id)'], ['x\ny'], [7], [{}]])(
    'refuses to run a helper named %j',
    async (name) => {
      await given({ credsStore: name });
      await expect(read(helperSays('robin', 'password'))).rejects.toThrow(/is no name of a credential helper/);
      expect(asked).toEqual([]);
    },
  );

  it.each([
    ['is not JSON', 'hunter2', /it is not JSON$/],
    ['is no object', '[]', /it is not a JSON object$/],
    ['has strange auths', { auths: 'hunter2' }, /"auths" is not an object$/],
    ['has a strange entry', { auths: { [HOST]: 'hunter2' } }, /other than an object for "ghcr\.io"$/],
    ['has an auth that is no base64', { auths: { [HOST]: { auth: 'hunter2!' } } }, /not the base64 form/],
    ['has an auth without a colon', { auths: { [HOST]: { auth: base64('hunter2') } } }, /not the base64 form/],
    ['has an auth without a user', { auths: { [HOST]: { auth: base64(':hunter2') } } }, /not the base64 form/],
    ['has strange helpers', { credHelpers: [] }, /"credHelpers" is not an object$/],
  ])('is an error that names the file and no secret when it %s', async (_, config, message) => {
    await given(config);
    const failure = await read().catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'UnusableAuthFileError', message: expect.stringMatching(message) });
    expect((failure as Error).message).toContain(path);
    expect((failure as Error).message).not.toContain('hunter2');
    expect((failure as Error).cause).toBeUndefined();
  });

  it('passes over what is wrong with other hosts', async () => {
    await given({ auths: { 'other.example': { auth: '!' }, [HOST]: { auth: base64('robin:password') } } });
    expect(await read()).toMatchObject({ username: 'robin' });
  });

  it('is an error when it cannot be read', async () => {
    await mkdir(path);
    await expect(read()).rejects.toThrow(`Cannot read the Docker config file ${path}`);
  });

  it('that is a folder is to be removed', async () => {
    await mkdir(path);
    await expect(read()).rejects.toMatchObject({
      message: `Cannot read the Docker config file ${path}: it is a folder`,
      hint: `remove the folder ${path}, then run "docker login ${HOST}" again`,
    });
  });

  // Windows knows no such mode.
  if (process.platform !== 'win32') {
    it('that others keep to themselves is said to be theirs', async () => {
      await given({});
      await chmod(path, 0o000);
      await asNobody(() =>
        expect(read()).rejects.toThrow(`Cannot read the Docker config file ${path}: this user may not read it`),
      );
    });
  }

  it.each([
    ['a byte-order mark', '\uFEFF{}', /: it begins with a byte-order mark, so it is not JSON$/, false],
    ['nothing in it, which Docker passes over', '', /: it is empty$/, true],
    ['blanks in it, which Docker passes over', ' \n', /: it is empty$/, true],
    ['half an object', '{"auths":', /: it is not JSON$/, false],
  ])('with %s is an error with a cure', async (_, text, message, harmless) => {
    await given(text);
    await expect(read()).rejects.toMatchObject({
      message: expect.stringMatching(message),
      hint: `run "docker login ${HOST}" again, or give user name and password directly`,
      harmless,
    });
  });

  it('is named beside the helper that fails', async () => {
    await given({ credsStore: 'desktop' });
    await expect(read({ code: 1, stdout: 'locked' })).rejects.toMatchObject({
      message: 'Cannot get credentials from docker-credential-desktop: it ended with code 1: locked',
      told: `Cannot get credentials from docker-credential-desktop: it ended with code 1: locked (the Docker config file ${path} names it)`,
    });
  });
});

/** Root may read everything. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  const { geteuid, seteuid } = process;
  if (geteuid?.() !== 0) return work();
  seteuid?.(65_534);
  try {
    await work();
  } finally {
    seteuid?.(0);
  }
}

function logInto(lines: string[]): Log {
  const add = (message: string): void => void lines.push(message);
  return { debug: add, info: add, notice: add, warning: add, error: add, group: (_, work) => work() };
}
