import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wheelFile } from '../../support/builders.js';
import { run } from '../../support/command.js';

describe('show and pull with a specifier', () => {
  let folder: string;
  const layout = () => ['--oci-layout', join(folder, 'oci')];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'versions-'));
    const versions = ['0.9', '1.0', '1.10', '1.2', '2.0rc1', '2.0.dev3'];
    const files = await Promise.all(versions.map((version) => wheelFile(folder, { version })));
    expect(await run([...layout(), '--namespace', 'me', ...files])).toMatchObject({ status: 0 });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['>=1.0,<2', 'foo-1.10-py3-none-any.whl'],
    ['<1', 'foo-0.9-py3-none-any.whl'],
    ['==1.*', 'foo-1.10-py3-none-any.whl'],
    ['>=2.0.dev1', 'foo-2.0rc1-py3-none-any.whl'],
    ['>1.10', 'foo-2.0rc1-py3-none-any.whl'],
  ])('pull the highest of %s', async (specifier, file) => {
    const target = await mkdtemp(join(folder, 'pulled-'));
    const { status, stdout } = await run(['pull', ...layout(), '-d', target, 'me/foo', specifier]);
    expect(status).toBe(0);
    expect(stdout).toContain(`--find-links ${target} foo==`);
    expect(await readdir(target)).toEqual([file]);
  });

  it('show all that fit, the highest first', async () => {
    const { stdout } = await run(['show', ...layout(), '--json', 'me/foo', '~=1.0']);
    const { versions } = JSON.parse(stdout) as { readonly versions: readonly { readonly version: string }[] };
    expect(versions.map(({ version }) => version)).toEqual(['1.10', '1.2', '1.0']);
  });

  it.each([
    [['me/foo', '>=3'], 1, /Cannot find a version of me\/foo that fits ">=3"\n.*there are 1\.10, 1\.2, 1\.0, 0\.9/],
    [['me/foo:1.0', '>=1'], 2, /me\/foo:1\.0 names a version already\n.*leave out the tag, or the specifier/],
    [['me/foo', ''], 2, /Cannot use "" as a version specifier: it is empty/],
    [['me/foo', '1.0'], 2, /begins with none of .*\n.*write ">=1\.0" or "==1\.0"/],
    [['me/bar', '>=1'], 1, /Cannot find me\/bar: there is nothing under this name/],
  ])('refuse %j', async (args, status, message) => {
    for (const verb of ['show', 'pull']) {
      const refused = await run([verb, ...layout(), ...args]);
      expect(refused.status).toBe(status);
      expect(refused.stderr).toMatch(message);
    }
  });
});
