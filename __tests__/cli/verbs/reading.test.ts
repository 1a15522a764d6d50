import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRepositoryName } from '../../../src/oci/reference.js';
import { sdistFile, wheelFile } from '../../support/builders.js';
import { run } from '../../support/command.js';
import { standingVersion } from '../../support/pyoci-version.js';
import { startRegistry, type TestRegistry } from '../../support/registry.js';
import { storeOn } from '../../support/registry-store.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verbs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('show and pull', () => {
  const layout = () => ['--oci-layout', join(folder, 'oci')];
  const target = () => join(folder, 'wheels');

  it('give back from a folder what was published into it', async () => {
    const paths = [await sdistFile(folder), await wheelFile(folder)];
    await run([...layout(), '--namespace', 'me', ...paths]);
    const shown = await run(['show', ...layout(), 'me/foo']);
    expect(shown).toMatchObject({ status: 0, stderr: '' });
    expect(shown.stdout).toMatch(/^me\/foo: 1 version, 2 files, /);
    expect(shown.stdout).toMatch(/\n {2}me\/foo:1\.0@sha256:[0-9a-f]{64}\n {2}foo-1\.0-py3-none-any\.whl \(/);
    const pulled = await run(['pull', ...layout(), '-d', target(), 'me/foo:1.0']);
    expect({ status: pulled.status, stderr: pulled.stderr }).toEqual({ status: 0, stderr: '' });
    expect(pulled.stdout).toContain(`pip install --no-index --find-links ${target()} foo==1.0\n`);
    for (const path of paths) {
      const name = path.slice(folder.length + 1);
      expect((await readFile(join(target(), name))).equals(await readFile(path))).toBe(true);
    }
    expect((await readdir(target())).length).toBe(2);
  });

  it('tell programs everything, and nothing else', async () => {
    await run([...layout(), '--namespace', 'me', await wheelFile(folder)]);
    const image = shownImage(await run(['show', '--json', ...layout(), 'me/foo:1.0']));
    expect(image).toMatchObject({
      ok: true,
      image: 'me/foo',
      versions: [{ version: '1.0', files: [{ present: true }] }],
    });
    const argv = ['pull', '--json', ...layout(), '-d', target(), `me/foo:1.0@${image.versions[0]?.digest}`];
    expect(JSON.parse((await run(argv)).stdout)).toMatchObject({
      ok: true,
      image: 'me/foo:1.0',
      directory: target(),
      files: [{ file: 'foo-1.0-py3-none-any.whl', status: 'downloaded' }],
      errors: [],
    });
    const again = await run(argv);
    expect(JSON.parse(again.stdout).files).toMatchObject([{ status: 'unchanged' }]);
  });

  it.each([
    ['show', 'me/foo', 1, /Cannot find me\/foo: there is nothing/],
    ['pull', 'me/foo:1.0', 1, /Cannot find me\/foo:1\.0: there is nothing/],
    ['pull', 'me/foo', 2, /Cannot pull me\/foo: it names no version/],
    ['show', 'me//foo', 2, /Cannot use "me\/\/foo" as an image/],
  ])('end with an error: %s %s', async (verb, image, code, message) => {
    const { status, stderr, stdout } = await run([verb, ...layout(), image]);
    expect({ status, stdout }).toEqual({ status: code, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('say in JSON why they failed', async () => {
    const { status, stdout } = await run(['show', '--json', ...layout(), 'me/foo']);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      errors: [{ message: expect.stringMatching(/Cannot find/) }],
    });
  });

  describe('on a registry', () => {
    const password = 'correct horse battery staple';
    let registry: TestRegistry;
    beforeEach(async () => {
      registry = await startRegistry({ auth: 'bearer', password });
      const repository = storeOn(registry).repository(parseRepositoryName('me/my_foo'));
      await standingVersion(repository, '1.0', [{ architecture: '.tar.gz', labels: { team: 'a\u001b[2Jb' } }]);
      registry.requests.length = 0;
    });
    afterEach(() => registry.stop());
    const signIn = ['--username', 'robin', '--password-stdin'];
    const withPassword = { stdin: `${password}\n`, env: { RUNNER_DEBUG: '1' } };

    it('sign in as publishing does, ask for the right to pull and no other, and write nothing', async () => {
      const shown = await run(['show', ...signIn, `${registry.host}/me/my_foo`], withPassword);
      const pulled = await run(['pull', ...signIn, '-d', target(), `${registry.host}/me/my_foo:1.0`], withPassword);
      expect([shown.status, pulled.status]).toEqual([0, 0]);
      const scopes = registry.requests
        .filter(({ path }) => path === '/token')
        .map(({ query }) => query.getAll('scope'));
      expect(scopes).toEqual([['repository:me/my_foo:pull'], ['repository:me/my_foo:pull']]);
      expect(registry.writes).toEqual([]);
      expect(await readFile(join(target(), 'my_foo-1.0.tar.gz'), 'utf8')).toBe('of .tar.gz');
      const printed = [shown, pulled].map(({ stdout, stderr }) => stdout + stderr).join('');
      expect(printed).not.toContain(password);
      expect(printed).not.toContain('\u001b');
      expect(shown.stdout).toContain('team = a\\x1b[2Jb');
    });

    it.each([
      ['401', undefined],
      ['403, as GitHub does', { status: 403, body: { errors: [{ code: 'DENIED', message: 'access denied' }] } }],
    ])('say whose credentials are refused, not that a right is missing: %s', async (_, answer) => {
      const { host } = registry;
      for (const argv of [
        ['show', `${host}/me/my_foo`],
        ['show', `${host}/me/my_foo:1.0`],
        ['pull', `${host}/me/my_foo:1.0`],
      ]) {
        if (answer) registry.refuse('GET', /^\/token$/, answer);
        const { status, stderr } = await run([...argv, ...signIn], { stdin: 'wrong\n' });
        expect(status).toBe(1);
        expect(stderr).toMatch(/Cannot sign in to .* was answered 40[13]/);
        expect(stderr).toMatch(/does not accept the credentials from .*--username/);
        expect(stderr).not.toMatch(/are known to|give them the right/);
      }
    });

    it('say how to sign in where nobody may read', async () => {
      const { status, stderr } = await run(['show', `${registry.host}/me/my_foo`]);
      expect(status).toBe(1);
      expect(stderr).toMatch(/was answered 401.*\n?.*docker login/s);
    });
  });
});

interface Shown {
  readonly versions: readonly { readonly digest: string }[];
}

function shownImage({ stdout }: { readonly stdout: string }): Shown {
  return JSON.parse(stdout) as Shown;
}
