import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wheelFile } from '../../support/builders.js';
import { run } from '../../support/command.js';

describe('yank', () => {
  let folder: string;
  const layout = () => ['--oci-layout', join(folder, 'oci')];
  const yank = (...args: readonly string[]) => run(['yank', ...layout(), ...args]);
  const shown = async (): Promise<string> => (await run(['show', ...layout(), 'me/foo:1.1'])).stdout;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yank-'));
    const files = await Promise.all(['1.0', '1.1'].map((version) => wheelFile(folder, { version })));
    await run([...layout(), '--namespace', 'me', ...files]);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('marks a version, says what that means, and takes the mark away', async () => {
    const before = await shown();
    const yanked = await yank('me/foo:1.1', '--reason', 'it deletes files');
    expect(yanked).toMatchObject({ status: 0 });
    expect(yanked.stdout).toMatch(
      /^yanked {2}me\/foo:1\.1: it deletes files\npip and uv pass over it .*PyOCI server does not know/,
    );
    expect(await shown()).toMatch(/\n {2}yanked: it deletes files\n {2}foo-1\.1-py3-none-any\.whl/);
    expect((await yank('me/foo:1.1')).stdout).toBe('unchanged  me/foo:1.1 is yanked: it deletes files\n');
    expect((await yank('--undo', 'me/foo:1.1')).stdout).toBe('restored  me/foo:1.1: installers take it again\n');
    expect((await shown()).replace(/@sha256:\S+/, '')).toBe(before.replace(/@sha256:\S+/, ''));
    expect((await yank('--undo', 'me/foo:1.1')).stdout).toBe('unchanged  me/foo:1.1 is not yanked\n');
  });

  it('changes the reason', async () => {
    await yank('me/foo:1.1', '--reason', 'one');
    expect((await yank('me/foo:1.1', '--reason', 'other')).stdout).toMatch(/^yanked {2}me\/foo:1\.1: other\n/);
  });

  it('only says what it would do in a dry run', async () => {
    expect((await yank('--dry-run', 'me/foo:1.1')).stdout).toMatch(/^would yank {2}me\/foo:1\.1\n/);
    expect(await shown()).not.toContain('yanked');
  });

  it('is kept by a publisher who adds a file, and by a copy', async () => {
    await yank('me/foo:1.1', '--reason', 'broken');
    const more = await wheelFile(folder, { version: '1.1', tag: 'cp311-abi3-linux_x86_64' });
    expect(await run([...layout(), '--namespace', 'me', more])).toMatchObject({ status: 0 });
    expect(await shown()).toMatch(/yanked: broken\n(?:.*\n)*.*abi3/);
    await run([
      'copy',
      '--from-oci-layout',
      join(folder, 'oci'),
      '--to-oci-layout',
      join(folder, 'other'),
      'me/',
      'me/',
    ]);
    const copied = await run(['show', '--oci-layout', join(folder, 'other'), 'me/foo']);
    expect(copied.stdout).toContain('yanked: broken');
    await yank('--undo', 'me/foo:1.1');
    const again = await run([
      'copy',
      '--from-oci-layout',
      join(folder, 'oci'),
      '--to-oci-layout',
      join(folder, 'other'),
      'me/',
      'me/',
    ]);
    expect(again.stdout).toMatch(/^copied {5}me\/foo:1\.1|copied .*me\/foo:1\.1/);
    expect((await run(['show', '--oci-layout', join(folder, 'other'), 'me/foo'])).stdout).not.toContain('yanked');
  });

  it('keeps `pull` with a specifier from a version, unless it is pinned or named', async () => {
    await yank('me/foo:1.1', '--reason', 'broken');
    const pulled = async (...args: readonly string[]): Promise<readonly string[]> => {
      const target = await mkdtemp(join(folder, 'pulled-'));
      await run(['pull', ...layout(), '-d', target, ...args]);
      return readdir(target);
    };
    expect(await pulled('me/foo', '>=1.0')).toEqual(['foo-1.0-py3-none-any.whl']);
    expect(await pulled('me/foo', '==1.1')).toEqual(['foo-1.1-py3-none-any.whl']);
    expect(await pulled('me/foo:1.1')).toEqual(['foo-1.1-py3-none-any.whl']);
    await yank('me/foo:1.0');
    const refused = await run(['pull', ...layout(), 'me/foo', '>=1.0']);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/all that fit are yanked\n.*name one, as in me\/foo:1\.1, or pin it with ==/);
  });

  it.each([
    [[], 2, /expected one version, found none/],
    [['me/foo:1.0', 'me/foo:1.1'], 2, /expected one version, found me\/foo:1\.0 me\/foo:1\.1/],
    [['me/foo'], 2, /it names no version\n.*as in me\/foo:1\.0/],
    [['me/foo:3.0'], 1, /Cannot find me\/foo:3\.0/],
    [['me/foo:1.0', '--undo', '--reason', 'x'], 2, /--undo and --reason are both given/],
    [['me/foo:1.0', '--reason', 'one\nother'], 2, /option --reason: found .* expected one line/],
    [['me/foo:1.0', '--reason', 'x'.repeat(1_001)], 2, /found 1001 characters, expected one line of at most 1000/],
    [[`me/foo:1.0@sha256:${'0'.repeat(64)}`], 2, /expected the index sha256:0+, found sha256:/],
  ])('refuses %j', async (args, status, message) => {
    const refused = await yank(...args);
    expect(refused.status).toBe(status);
    expect(refused.stderr).toMatch(message);
  });

  it('as JSON says what the index says', async () => {
    const { stdout } = await yank('--json', 'me/foo:1.1', '--reason', 'broken');
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      image: 'me/foo:1.1',
      status: 'yanked',
      dryRun: false,
      yanked: true,
      reason: 'broken',
      at,
      errors: [],
    });
  });
});
