import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { literalFinder } from '../../src/cli/literal-finder.js';
import { UsageError } from '../../src/core/errors.js';

describe('files on a command line', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'literal-'));
    await mkdir(join(home, 'folder'));
    for (const name of ['b.whl', 'a.whl', '[ab].whl']) await writeFile(join(home, name), '');
  });
  afterEach(() => rm(home, { recursive: true, force: true }));
  const find = (...names: string[]) => literalFinder(names.map((name) => join(home, name))).find([]);

  it('are taken literally, in order, each once', async () => {
    expect(await find('b.whl', '[ab].whl', 'b.whl')).toEqual([`${home}/[ab].whl`, `${home}/b.whl`]);
  });

  it('that are no files are wrong usage, all named at once', async () => {
    const found = find('a.whl', 'missing.whl', 'folder');
    await expect(found).rejects.toBeInstanceOf(UsageError);
    await expect(found).rejects.toMatchObject({
      message: `Cannot read the files: ${home}/missing.whl does not exist; ${home}/folder is not a file`,
      hint: expect.stringContaining('dist/*'),
    });
  });
});
