import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askThisPython } from '../../../src/run/machine/this-python.js';

const { signal } = new AbortController();

describe('the Python on the PATH', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'python-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const program = async (script: string): Promise<string> => {
    const path = join(folder, 'python');
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  };

  it('tells its version and tags, the best first', async () => {
    const { version, tags } = await askThisPython(signal);
    const [major, minor] = version.normal.split('.');
    expect(tags[0]).toMatch(new RegExp(`^cp${major}${minor}-cp${major}${minor}`));
    expect(tags).toContain('py3-none-any');
  });

  it('may call itself newer than its release', async () => {
    const python = await program(`echo '{"version": "3.13.0+", "tags": ["py3-none-any"]}'`);
    expect((await askThisPython(signal, python)).version.normal).toBe('3.13.0');
  });

  it.each([
    ['without pip', 'exit 3', /it has neither pip nor packaging/],
    ['that fails', 'exit 1', /it did not tell which files it installs/],
    ['that says nonsense', 'echo hello', /it did not tell/],
    ['that says nothing of tags', `echo '{"version": "3.11.0", "tags": []}'`, /it did not tell/],
    ['that never stops talking', 'yes', /it did not tell/],
  ])('is no use %s', async (_, script, message) => {
    await expect(askThisPython(signal, await program(script))).rejects.toThrow(message);
  });

  it('may be none', async () => {
    const asking = askThisPython(signal, join(folder, 'none'));
    await expect(asking).rejects.toThrow(/it cannot be started/);
    await expect(asking).rejects.toMatchObject({ hint: expect.stringContaining('leave out --for-this-python') });
  });
});
