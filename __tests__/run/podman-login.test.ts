import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failureText } from '../../src/core/failure.js';
import { failuresOf } from '../../src/publish/report/report.js';
import { publishRun } from '../../src/run/publish-run.js';
import { wheelFile } from '../support/builders.js';
import { run } from '../support/command.js';
import { inputs, JOB, testFace } from '../support/face.js';
import { startRegistry, type TestRegistry } from '../support/registry.js';

const PASSWORD = 'correct horse battery staple';
const of = (password: string) => ({ auth: Buffer.from(`robin:${password}`).toString('base64') });
const RIGHT = of(PASSWORD);
const WRONG = of('wrong');

describe("with podman's login", () => {
  let folder: string;
  let file: string;
  let registry: TestRegistry;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podman-'));
    file = join(folder, 'auth.json');
    registry = await startRegistry({ auth: 'bearer' });
  });
  afterEach(async () => {
    await registry.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Entries by what follows the host in their names. */
  const keep = (auths: Readonly<Record<string, object>>, at = file) => {
    const named = Object.entries(auths).map(([path, value]) => [`${registry.host}${path}`, value]);
    return writeFile(at, JSON.stringify({ auths: Object.fromEntries(named) }));
  };
  async function publish(env: object = { REGISTRY_AUTH_FILE: file }) {
    const face = testFace([await wheelFile(folder), await wheelFile(folder, { name: 'bar' })], {
      env: { ...JOB, ...env },
    });
    const { report } = await publishRun(inputs({ registry: registry.host }), face);
    const published = ['foo', 'bar'].filter((name) => registry.tagsOf(`octo-org/${name}`).length > 0);
    return { published, failures: failuresOf(report).map(failureText), infos: face.log.of('info') };
  }

  it.each([
    ['the registry', { '': RIGHT }],
    ['the namespace', { '/octo-org': RIGHT, '': WRONG }],
    ['each repository', { '/octo-org/foo': RIGHT, '/octo-org/bar': RIGHT, '/octo-org': WRONG, '': WRONG }],
    ['one repository, and for all others', { '/octo-org/foo': RIGHT, '': RIGHT }],
  ])('publishes under an entry for %s', async (_, auths) => {
    await keep(auths);
    const { published, failures, infos } = await publish();
    expect(failures).toEqual([]);
    expect(published).toEqual(['foo', 'bar']);
    expect(infos).toContain(`Signing in to ${registry.host} with podman's auth file ${file}`);
  });

  it('uses the entry for one repository there and nowhere else', async () => {
    await keep({ '/octo-org/foo': RIGHT, '/octo-org/ba': RIGHT, '/other': RIGHT, '': WRONG });
    const { published, failures } = await publish();
    expect(published).toEqual(['foo']);
    expect(failures).toEqual([
      expect.stringMatching(/^bar 1\.0: .*does not accept the credentials from podman's auth file/s),
    ]);
  });

  it('has no credentials where all entries are for other paths', async () => {
    await keep({ '/octo': RIGHT, '/octo-org/foo/below': RIGHT });
    const { published } = await publish();
    expect(published).toEqual([]);
    expect(registry.requests.map(({ credential }) => credential)).not.toContain('basic');
  });

  it.each([
    ['XDG_RUNTIME_DIR', 'containers'],
    ['XDG_CONFIG_HOME', 'containers'],
  ])('finds it below %s', async (variable, below) => {
    await mkdir(join(folder, below));
    await keep({ '': RIGHT }, join(folder, below, 'auth.json'));
    expect((await publish({ [variable]: folder })).failures).toEqual([]);
  });

  it('reads a repository under the entry for it', async () => {
    await keep({ '': RIGHT });
    await publish();
    await keep({ '/octo-org/foo': RIGHT, '': WRONG });
    const { status, stderr } = await run(['show', `${registry.host}/octo-org/foo`], {
      env: { REGISTRY_AUTH_FILE: file },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('error') });
  });
});
