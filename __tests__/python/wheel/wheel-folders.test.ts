import { memoryBytes } from '../../../src/core/bytes.js';
import { readDistribution } from '../../../src/python/distribution.js';
import { aWheel } from '../../support/builders.js';

async function told(name: string, data = ''): Promise<readonly string[]> {
  const bytes = memoryBytes(aWheel({ entries: [{ name, data }] }));
  return (await readDistribution('foo-1.0-py3-none-any.whl', bytes)).problems.map(({ message }) => message);
}

/** Each was installed with pip 26.3 and uv 0.13.9. */
describe('a wheel', () => {
  const INFO = ['entry_points.txt', 'INSTALLER', 'REQUESTED', 'direct_url.json', 'uv_cache.json'];
  it.each(INFO.flatMap((name) => [`${name}/`, `${name}/x`]))(
    'cannot have the folder %s in its dist-info',
    async (name) => {
      expect(await told(`foo-1.0.dist-info/${name}`)).toEqual([
        expect.stringMatching(/is a folder, .*: uv refuses to install/),
      ]);
    },
  );

  it.each(['top_level.txt/x', 'RECORD.jws/', 'ENTRY_POINTS.TXT/x', 'INSTALLER'])('may have %s there', async (name) => {
    expect(await told(`foo-1.0.dist-info/${name}`)).toEqual([]);
  });

  it.each(['scripts/python', 'scripts/PyPy3', 'scripts/python.py', 'scripts/python3.11', 'data/bin/python'])(
    'cannot have the data %s, which uv keeps for the interpreter',
    async (name) =>
      expect(await told(`foo-1.0.data/${name}`)).toEqual([expect.stringMatching(/interpreter: uv refuses/)]),
  );

  it.each(['scripts/foo', 'scripts/python2', 'data/python', 'data/bin/x/python'])(
    'may have the data %s',
    async (name) => expect(await told(`foo-1.0.data/${name}`)).toEqual([]),
  );

  it('names both who refuse entry points that are none', async () => {
    expect(await told('foo-1.0.dist-info/entry_points.txt', '[console_scripts]\nfoo = foo\n')).toEqual([
      'line 2 of its entry_points.txt: a script of "foo", which is no "module:callable": pip and uv refuse to install it',
    ]);
  });
});
