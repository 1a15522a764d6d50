import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prune } from '../../../src/cli/verbs/prune.js';
import type { Digest } from '../../../src/core/digest.js';
import { UsageError } from '../../../src/core/errors.js';
import { LayoutStore } from '../../../src/oci/layout/layout-store.js';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.js';
import { noteOf } from '../../../src/prune/work/note.js';
import { systemClock, systemRandom } from '../../../src/run/machine/system.js';
import { inputNames, PRUNE_INPUTS } from '../../../src/run/settings/inputs.js';
import { lineOf, run } from '../../support/command.js';
import { standingVersion } from '../../support/pyoci-version.js';
import { startRegistry, type TestRegistry } from '../../support/registry.js';
import { storeOn } from '../../support/registry-store.js';

const layoutIn = (folder: string): LayoutStore =>
  new LayoutStore({ folder, clock: systemClock, random: systemRandom, identity: { pid: process.pid, host: 'here' } });
const FILES = ['py3-none-any.whl', '.tar.gz'];
const filesOf = (tag: string) =>
  FILES.map((architecture) => ({ architecture, bytes: Buffer.from(`${tag} ${architecture}`) }));

describe('prune', () => {
  it('takes packages and rules', () => {
    const line = lineOf(prune, [
      '--dev',
      '--keep-last',
      '5',
      '--keep',
      '==1.*',
      '--keep',
      '2*',
      'x.io/o/a',
      'x.io/o/b',
    ]);
    expect(line).toMatchObject({
      inputs: { packages: 'x.io/o/a\nx.io/o/b', dev: 'true', 'keep-last': '5', keep: '==1.*\n2*', apply: '' },
    });
  });

  it('tells of every option it has', () => {
    for (const name of inputNames(PRUNE_INPUTS).filter((one) => one !== 'packages' && one !== 'summary')) {
      expect(prune.help).toContain(`--${name}`);
    }
  });

  it('wants a package', () => {
    expect(() => lineOf(prune, ['--dev'])).toThrow(UsageError);
  });

  it.each([
    [[], /no versions are named that may go, expected at least one of option --dev, option --pre/],
    [['--dev'], /option --keep-last: neither this nor option --older-than is given/],
    [['--dev', '--keep-last', 'x'], /option --keep-last: found "x"/],
    [['--dev', '--older-than', '30'], /option --older-than: found "30", expected a number and one of s, m, h, d or w/],
    [['--dev', '--older-than', '1d', '--per', 'minor'], /option --per: it counts for option --keep-last/],
    [['--dev', '--keep-last', '1', '--per', 'patch'], /found "patch", expected major, minor or release/],
    [['--dev', '--keep-last', '1', '--keep', '>=x'], /option --keep: Cannot use ">=x" as a version specifier/],
    [['--dev', '--keep-last', '1', '--concurrency', '33'], /expected a whole number from 1 to 32/],
    [['--untagged', '--keep-last', '1'], /no versions are named that may go/],
  ])('refuses the rules %j', async (rules, message) => {
    const { status, stderr } = await run(['prune', 'x.io/o/a', ...rules]);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  it.each([
    ['x.io/o/a:1.0', /found the version "x\.io\/o\/a:1\.0", expected a whole package/],
    ['o/a', /it names no registry in front/],
  ])('refuses the package %s', async (name, message) => {
    const { status, stderr } = await run(['prune', name, '--dev', '--keep-last', '1']);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});

describe('prune on a registry', () => {
  let registry: TestRegistry;
  let image: string;
  const start = async (options: Parameters<typeof startRegistry>[0] = {}) => {
    registry = await startRegistry(options);
    const store = storeOn(registry);
    const repository = store.repository(parseRepositoryName('o/foo'));
    for (const tag of ['1.0', '1.1.dev1', '1.1.dev2', '1.1rc1']) await standingVersion(repository, tag, filesOf(tag));
    store.close();
    registry.requests.length = 0;
    image = `http://${registry.host}/o/foo`;
  };
  const login = ['--username', 'robin', '--password', 'correct horse battery staple'];
  afterEach(() => registry.stop());

  it('shows what would go, and why', async () => {
    await start();
    const { status, stdout } = await run(['prune', '--dev', '--keep-last', '1', image]);
    expect(stdout).toBe(
      [
        `${registry.host}/o/foo: 1 of 4 versions goes (2 dev, 1 pre, 1 final)`,
        '  stays  1.1rc1    pre    2024-11-20  no rule is for pre versions',
        '  stays  1.1.dev2  dev    2024-11-20  among the newest dev',
        '  goes   1.1.dev1  dev    2024-11-20  not among the newest dev',
        '  stays  1.0       final  2024-11-20  no rule is for final versions',
        'Nothing was deleted. To delete what goes: add --apply',
        '',
      ].join('\n'),
    );
    expect(status).toBe(0);
    expect(registry.writes).toEqual([]);
  });

  it('deletes with --apply, and has nothing to do after that', async () => {
    await start();
    const { status, stdout } = await run(['prune', '--dev', '--keep-last', '1', '--apply', '--json', image]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      applied: true,
      deletedVersions: 1,
      packages: [{ versions: [{}, {}, { version: '1.1.dev1', goes: true, deleted: true }, {}], deleted: [{}, {}, {}] }],
    });
    // The question whether anything may be deleted, the index, two files, and the note.
    expect(registry.writes.map(({ method }) => method)).toEqual([
      'DELETE',
      'PUT',
      'DELETE',
      'DELETE',
      'DELETE',
      'DELETE',
    ]);
    registry.requests.length = 0;
    const again = await run(['prune', '--dev', '--keep-last', '1', '--apply', image]);
    expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('0 of 3 versions were deleted') });
    expect(registry.writes).toEqual([]);
  });

  it('asks for the rights to pull, push and delete, and for the first alone unless it is to delete', async () => {
    await start({ auth: 'bearer' });
    const scopes = () =>
      new Set(registry.requests.filter(({ path }) => path === '/token').map(({ query }) => query.get('scope')));
    await run(['prune', '--dev', '--keep-last', '1', ...login, image]);
    expect(scopes()).toEqual(new Set(['repository:o/foo:pull']));
    registry.requests.length = 0;
    await run(['prune', '--dev', '--keep-last', '1', '--apply', ...login, image]);
    expect(scopes()).toEqual(new Set(['repository:o/foo:delete,pull,push']));
  });

  it.each([
    [
      'may not delete',
      { auth: 'bearer' as const, may: (_: string, action: string) => action !== 'delete' },
      login,
      401,
    ],
    ['finds that nothing can be deleted', { deletes: false }, [], 405],
  ])('writes nothing where it %s', async (_, options, more, expected) => {
    await start(options);
    const { status, stderr } = await run(['prune', '--dev', '--keep-last', '1', '--apply', ...more, image]);
    expect(status).toBe(1);
    expect(stderr).toContain(`was answered ${expected}`);
    expect(registry.writes.filter(({ method }) => method !== 'DELETE')).toEqual([]);
    expect(registry.tagsOf('o/foo')).toEqual(['1.0', '1.1.dev1', '1.1.dev2', '1.1rc1']);
  });

  it('waits where the registry asks for it in the middle', async () => {
    await start();
    const busy = { status: 429, headers: { 'retry-after': '1' }, body: {} };
    registry.refuse('DELETE', /manifests/, busy);
    registry.refuse('GET', /1\.1\.dev1$/, busy);
    const { status } = await run(['prune', '--dev', '--keep-last', '1', '--apply', image]);
    expect(status).toBe(0);
    expect(registry.tagsOf('o/foo')).toEqual(['1.0', '1.1.dev2', '1.1rc1']);
  });

  it('deletes nothing if one index cannot be read', async () => {
    await start();
    registry.refuse('GET', /manifests\/1\.0$/, { status: 403, body: {} });
    const { status } = await run(['prune', '--dev', '--keep-last', '1', '--apply', image]);
    expect(status).toBe(1);
    expect(registry.writes).toEqual([]);
  });

  it('wants more than an age where only publishers say how old a version is', async () => {
    await start();
    const { status, stderr } = await run(['prune', '--dev', '--older-than', '1d', '--apply', image]);
    expect(status).toBe(2);
    expect(stderr).toContain('give option --keep-last as well, or option --trust-created to believe those times');
    expect(registry.requests).toEqual([]);
    await run(['prune', '--dev', '--older-than', '1d', '--trust-created', '--apply', image]);
    expect(registry.tagsOf('o/foo')).toEqual(['1.0', '1.1rc1']);
  });

  it('refuses rules that take too much, and follows them if it is told twice', async () => {
    await start();
    const all = ['--dev', '--pre', '--finals', '--keep-last', '0', '--apply', image];
    expect(await run(['prune', ...all])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('the rules take all of its 4 versions'),
    });
    expect(registry.writes).toEqual([]);
    expect(await run(['prune', '--even-all', ...all])).toMatchObject({ status: 0 });
    expect(registry.tagsOf('o/foo')).toEqual([]);
  });

  it('prunes one package although another cannot be', async () => {
    await start();
    const other = image.replace('/o/foo', '/o/none');
    const { status, stdout, stderr } = await run(['prune', '--dev', '--keep-last', '1', other, image]);
    expect(status).toBe(1);
    expect(stderr).toContain('o/none: there is nothing under this name');
    expect(stdout).toContain('1 of 4 versions goes');
  });
});

describe('prune in a layout folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pyoci-publish-prune-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('deletes there', async () => {
    const dist = ['py3-none-any.whl', 'tar.gz'].map(
      (end) => `examples/dist/hello_pyoci-0.1.0${end === 'tar.gz' ? '.' : '-'}${end}`,
    );
    const place = ['--oci-layout', join(folder, 'oci')];
    await run([...place, '--namespace', 'o', ...dist]);
    const line = ['prune', ...place, 'o/hello_pyoci', '--finals', '--keep-last', '0', '--even-all', '--untagged'];
    expect(await run(line)).toMatchObject({ status: 0, stdout: expect.stringContaining('1 of 1 versions goes') });
    expect(await run([...line, '--apply'])).toMatchObject({ status: 0, stderr: expect.not.stringContaining('error') });
    expect(await run(['show', ...place, 'o/hello_pyoci'])).toMatchObject({ status: 1 });
  });

  it('finishes what a run left that was stopped, also where the version was published again meanwhile', async () => {
    const dist = ['hello_pyoci-0.1.0-py3-none-any.whl', 'hello_pyoci-0.1.0.tar.gz'].map(
      (name) => `examples/dist/${name}`,
    );
    const store = layoutIn(folder);
    const repository = store.repository(parseRepositoryName('o/hello_pyoci'));
    const old = await standingVersion(repository, '0.1.dev1', filesOf('0.1.dev1'));
    const [first, second] = old.value.manifests as unknown as readonly { readonly digest: Digest }[];
    if (!first || !second) throw new Error('nothing was published');
    const note = noteOf([old.descriptor.digest, first.digest, second.digest]);
    for (const tag of ['0.1.0', '0.1.dev1']) await repository.putTag(parseTag(tag), note);
    const show = await run(['show', '--oci-layout', folder, 'o/hello_pyoci']);
    expect(show).toMatchObject({ status: 0, stdout: expect.stringContaining('2 versions, 0 files') });
    expect(await run(['--oci-layout', folder, '--namespace', 'o', ...dist])).toMatchObject({ status: 0 });
    const line = ['prune', '--oci-layout', folder, 'o/hello_pyoci', '--dev', '--keep-last', '1'];
    const told = await run(line);
    expect(told.stdout).toContain('0 of 1 versions go (1 final)');
    expect(told.stdout).toContain('3 manifests without a version go, too');
    expect(await run([...line, '--apply'])).toMatchObject({ status: 0 });
    expect(await repository.tags()).toEqual(['0.1.0']);
    expect(await repository.hasManifest(first.digest)).toBe(false);
    const whole = await run(['show', '--oci-layout', folder, 'o/hello_pyoci']);
    expect(whole.stdout).toContain('1 version, 2 files');
    expect((await run(line)).stdout).not.toContain('without a version');
  });

  it('deletes there what no index names, once it is a day old', async () => {
    const repository = layoutIn(folder).repository(parseRepositoryName('o/foo'));
    for (const tag of ['1.0', '1.1']) await standingVersion(repository, tag, filesOf(tag));
    const index = await repository.getManifest(parseTag('1.1'));
    if (index) await repository.deleteManifest(index.descriptor.digest);
    const [old, young] = await repository.orphans();
    const line = ['prune', '--oci-layout', folder, 'o/foo', '--untagged', '--apply', '--json'];
    const gone = async () => JSON.parse((await run(line)).stdout).packages[0].deleted;
    expect(await gone()).toEqual([]);
    const yesterday = Date.now() / 1_000 - 90_000;
    await utimes(join(folder, 'blobs/sha256', (old?.digest ?? '').replace('sha256:', '')), yesterday, yesterday);
    expect(await gone()).toEqual([{ digest: old?.digest, kind: 'manifest' }]);
    expect(await repository.orphans()).toEqual([young]);
    expect(await repository.tags()).toEqual(['1.0']);
  });
});
