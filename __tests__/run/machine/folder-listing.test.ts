import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { filesBelow } from '../../../src/run/machine/folder-listing.js';

describe('the files below a folder', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'listing-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  async function holding(...paths: string[]): Promise<void> {
    for (const path of paths) {
      await mkdir(dirname(join(home, path)), { recursive: true });
      await writeFile(join(home, path), '');
    }
  }

  it('are listed in order, some folders deep', async () => {
    await holding('b/b.whl', 'a.whl', 'c/d/e/f.whl', 'c/d/e/f/too-deep.whl', 'node_modules/x.whl');
    expect(await filesBelow(home)).toEqual(['a.whl', 'b/b.whl', 'c/d/e/f.whl'].map((path) => `${home}/${path}`));
  });

  it('are none where there is no folder', async () => {
    expect(await filesBelow(join(home, 'missing'))).toEqual([]);
  });

  it('are not looked for behind links', async () => {
    await holding('a/a.whl');
    await symlink(home, join(home, 'a', 'loop'));
    expect(await filesBelow(home)).toEqual([`${home}/a/a.whl`]);
  });
});
