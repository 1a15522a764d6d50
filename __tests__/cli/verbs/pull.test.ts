import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pull } from '../../../src/cli/verbs/pull.js';
import { wheelFile } from '../../support/builders.js';
import { lineOf, run } from '../../support/command.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verbs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('pull', () => {
  const layout = () => ['--oci-layout', join(folder, 'oci')];
  const target = () => join(folder, 'wheels');

  it.each([
    [[], '.', false],
    [['-d', 'wheels', '--force'], 'wheels', true],
    [['--directory=wheels'], 'wheels', false],
  ])('takes an image with %j', (options, directory, force) => {
    const line = lineOf(pull, [...options, '--oci-layout', 'oci', 'a/b:1']);
    expect(line).toMatchObject({ image: 'a/b:1', directory, force, inputs: { 'oci-layout': 'oci' } });
  });

  it('names the folder as a shell takes it', async () => {
    await run([...layout(), '--namespace', 'me', await wheelFile(folder)]);
    const odd = join(folder, "the user's wheels");
    const { stdout } = await run(['pull', ...layout(), '-d', odd, 'me/foo:1.0']);
    expect(stdout).toContain(`--find-links '${folder}/the user'\\''s wheels' foo==1.0\n`);
  });

  it('never replaces what is there without being told to', async () => {
    await run([...layout(), '--namespace', 'me', await wheelFile(folder)]);
    await mkdir(target());
    const path = join(target(), 'foo-1.0-py3-none-any.whl');
    await writeFile(path, 'mine');
    const argv = ['pull', ...layout(), '-d', target(), 'me/foo:1.0'];
    const refused = await run(argv);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/other bytes are there.*\n.*--force/);
    expect(await readFile(path, 'utf8')).toBe('mine');
    expect((await run([...argv, '--force'])).stdout).toMatch(/^replaced/);
  });
});
