import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { jest } from '@jest/globals';
import { globFinder } from '../../../src/action/publish/glob-finder.js';

describe('finding files by patterns', () => {
  let workspace: string;
  let home: string;

  beforeEach(async () => {
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    home = process.cwd();
    workspace = await realpath(await mkdtemp(join(tmpdir(), 'workspace-')));
    process.chdir(workspace);
  });
  afterEach(async () => {
    process.chdir(home);
    await rm(workspace, { recursive: true, force: true });
    jest.restoreAllMocks();
  });

  async function holding(...paths: string[]): Promise<void> {
    for (const path of paths) {
      await mkdir(dirname(join(workspace, path)), { recursive: true });
      await writeFile(join(workspace, path), '');
    }
  }
  const find = (...patterns: string[]): Promise<readonly string[]> => globFinder(workspace, home).find(patterns);

  it('gives paths below the workspace as the user knows them, in order, each once', async () => {
    await holding('dist/b.whl', 'dist/a.tar.gz', 'dist/c.txt');
    expect(await find('dist/*.whl', 'dist/*', './dist/b.whl')).toEqual(['dist/a.tar.gz', 'dist/b.whl', 'dist/c.txt']);
  });

  it('leaves out what a pattern with ! excludes', async () => {
    await holding('dist/a.whl', 'dist/b.whl');
    expect(await find('dist/*.whl', '!dist/b*')).toEqual(['dist/a.whl']);
  });

  it('gives the whole path of a file outside the workspace', async () => {
    await holding('dist/a.whl');
    const elsewhere = globFinder(join(workspace, 'other'), home);
    expect(await elsewhere.find([join(workspace, 'dist/*')])).toEqual([`${workspace}/dist/a.whl`]);
  });

  it('takes a folder whose name fits for no file, and what is in it neither', async () => {
    await holding('dist/x.whl/x.whl');
    expect(await find('dist/*.whl')).toEqual([]);
  });

  it('lists what lies deeper, for advice', async () => {
    await holding('dist/x.whl/x.whl', 'other/y.whl');
    expect(await globFinder(workspace, home).deeper(['dist/*.whl', 'dist/*.tar.gz'])).toEqual(['dist/x.whl/x.whl']);
  });

  it('finds files through links, and comes to an end where links lead in a circle', async () => {
    await holding('build/a.whl');
    await symlink('build', join(workspace, 'dist'));
    await symlink('.', join(workspace, 'build', 'again'));
    expect(await find('dist/**/*.whl')).toContain('dist/a.whl');
  });

  it('means by ~ the home folder, and says so where the user has none', async () => {
    for (const pattern of ['~/dist/*.whl', '! ~/dist/*.whl', '~']) {
      const looking = globFinder(workspace, undefined).find(['dist/*', pattern]);
      await expect(looking).rejects.toMatchObject({
        message: `Cannot look for ${pattern}: "~" means the home folder, and this user has none`,
        hint: expect.stringContaining('HOME'),
      });
    }
    await holding('~dist/a.whl', 'dist/b~.whl');
    expect(await globFinder(workspace, undefined).find(['~dist/*', 'dist/*~.whl'])).toEqual([
      'dist/b~.whl',
      '~dist/a.whl',
    ]);
  });

  it('fails where the current folder was deleted, since nothing can be looked for there', async () => {
    const finder = globFinder(undefined, home);
    for (const looking of [finder.find(['dist/*.whl']), finder.deeper(['dist/*.whl'])]) {
      await expect(looking).rejects.toThrow(
        'Cannot look for dist/*.whl: the folder that this step runs in was deleted',
      );
    }
  });

  it('names the patterns that the toolkit does not take', async () => {
    await expect(find('../dist/*.whl')).rejects.toMatchObject({
      message: 'Cannot look for ../dist/*.whl',
      cause: expect.objectContaining({ message: expect.stringContaining("'.' and '..' is not allowed") }),
    });
  });

  it('finds nothing where there is no folder', async () => {
    expect(await find('dist/*.whl')).toEqual([]);
    expect(await globFinder(workspace, home).deeper(['dist/*.whl'])).toEqual([]);
  });
});
