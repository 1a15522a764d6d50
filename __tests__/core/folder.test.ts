import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../src/core/folder.js';

describe('making a folder', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'folder-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('makes those above it too, and leaves one that exists as it is', async () => {
    const path = join(home, 'a', 'b', 'c');
    await makeFolder(path);
    await writeFile(join(path, 'file'), '');
    await makeFolder(path);
    expect((await stat(join(path, 'file'))).isFile()).toBe(true);
  });

  it('does so for many at once', async () => {
    const paths = Array.from({ length: 20 }, (_, at) => join(home, 'a', 'b', `c${at % 4}`));
    await expect(Promise.all(paths.map(makeFolder))).resolves.toHaveLength(20);
  });

  it('fails where a file is in its place, or on the way to it', async () => {
    await writeFile(join(home, 'file'), '');
    await expect(makeFolder(join(home, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(home, 'file', 'below'))).rejects.toMatchObject({ syscall: 'mkdir' });
  });

  it('fails, and does not try for ever, where a link in its place leads nowhere', async () => {
    await symlink(join(home, 'nowhere'), join(home, 'link'));
    await expect(makeFolder(join(home, 'link'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(home, 'link', 'below'))).rejects.toMatchObject({ syscall: 'mkdir' });
  });
});
