import { memoryBytes } from '../../../src/core/bytes.js';
import { readDistribution } from '../../../src/python/distribution.js';
import type { Problem } from '../../../src/python/problem.js';
import { type WheelOptions, wheelEntries, zip } from '../../support/builders.js';

const DIST_INFO = 'foo-1.0.dist-info';

/** What is said of a wheel whose RECORD is made of the true one. */
async function told(
  change: (rows: readonly string[]) => readonly string[] | Buffer,
  options: WheelOptions = {},
): Promise<readonly Problem[]> {
  const entries = wheelEntries(options).map((entry) => {
    if (entry.name !== `${DIST_INFO}/RECORD`) return entry;
    const changed = change(String(entry.data).trimEnd().split('\n'));
    return { ...entry, data: Buffer.isBuffer(changed) ? changed : `${changed.join('\n')}\n` };
  });
  return (await readDistribution('foo-1.0-py3-none-any.whl', memoryBytes(zip(entries)))).problems;
}
const first = (rows: readonly string[], change: (row: string) => string): readonly string[] =>
  rows.map((row, index) => (index === 0 ? change(row) : row));

/** Each was given to pip 26.3 and uv 0.13.9 for an answer, and installed. */
describe('a RECORD', () => {
  it.each<[string, (rows: readonly string[]) => readonly string[] | Buffer]>([
    ['as it is built', (rows) => rows],
    ['with a wrong hash', (rows) => first(rows, (row) => row.replace(/sha256=[^,]*/, 'sha256=AAAA'))],
    ['with a wrong size', (rows) => first(rows, (row) => row.replace(/[0-9]+$/, '99'))],
    ['with a hash of another kind', (rows) => first(rows, (row) => row.replace(/sha256=[^,]*/, 'md5=x'))],
    ['without hashes', (rows) => rows.map((row) => `${row.split(',', 1)[0]},,`)],
    ['with a file twice', (rows) => [...rows, rows[0] ?? '']],
    ['without itself', (rows) => rows.slice(0, -1)],
    ['with quotes', (rows) => first(rows, (row) => row.replace(/^[^,]*/, '"$&"').replace(/[^,]*$/, '"$&"'))],
    ['with CRLF', (rows) => Buffer.from(rows.join('\r\n'))],
    ['with CR', (rows) => Buffer.from(rows.join('\r'))],
    ['with a sign in front of a size', (rows) => first(rows, (row) => row.replace(/[0-9]+$/, '+$&'))],
    ['with the largest size', (rows) => first(rows, (row) => row.replace(/[0-9]+$/, '18446744073709551615'))],
  ])('%s says nothing, as installers do', async (_what, change) => expect(await told(change)).toEqual([]));

  it.each<[string, (rows: readonly string[]) => readonly string[] | Buffer, RegExp]>([
    [
      'with two columns',
      (rows) => first(rows, (row) => row.replace(/,[^,]*$/, '')),
      /^row 1 of its RECORD has 2 of 3 col/,
    ],
    [
      'with two columns in its last row',
      (rows) => [...rows.slice(0, -1), `${DIST_INFO}/RECORD,`],
      /^row 4 .* has 2 of 3/,
    ],
    ['with one column', (rows) => [...rows, 'x'], /^row 5 .* has 1 of 3 columns/],
    ['with a blank in an empty line', (rows) => [...rows, ' '], /^row 5 .* has 1 of 3 columns .*: uv refuses/],
    ['with a fourth column in one row', (rows) => [...rows, 'x,,,'], /^row 5 .* has 4 columns, the one before 3: uv/],
    ['with an empty line', (rows) => [rows[0] ?? '', '', ...rows.slice(1)], /^row 2 .* is an empty line, at which pip/],
    ['with an empty line at its end', (rows) => [...rows, ''], /^row 5 .* is an empty line/],
    ['of an empty line', () => [''], /^row 1 .* is an empty line/],
    ['with a quote that never ends', (rows) => [...rows, '"x,,'], /^row 5 .* has 1 of 3 columns/],
    ['with letters as a size', (rows) => first(rows, (row) => row.replace(/[0-9]+$/, 'abc')), /the size "abc"/],
    ['with a negative size', (rows) => first(rows, (row) => row.replace(/[0-9]+$/, '-4')), /the size "-4"/],
    ['with a fraction as a size', (rows) => first(rows, (row) => row.replace(/[0-9]+$/, '4.0')), /the size "4\.0"/],
    ['with a blank before a size', (rows) => first(rows, (row) => row.replace(/[0-9]+$/, ' 4')), /the size " 4"/],
    ['with a giant size', (rows) => [...rows, 'x,,18446744073709551616'], /the size "18446744073709551616"/],
    [
      'in Latin-1',
      (rows) => Buffer.from(`${rows.join('\n')}\ncaf\xe9,,\n`, 'latin1'),
      /^its RECORD is not UTF-8: pip and uv/,
    ],
  ])('%s is refused', async (_what, change, message) =>
    expect(await told(change)).toEqual([
      expect.objectContaining({ severity: 'error', message: expect.stringMatching(message) }),
    ]),
  );

  it('with a comma in a path that is not quoted is refused, with the reason', async () => {
    const problems = await told((rows) => rows.map((row) => row.replaceAll('"', '')), {
      files: { 'foo/__init__.py': '', 'foo/a,b.txt': 'x' },
    });
    expect(problems).toMatchObject([
      {
        severity: 'error',
        message:
          'row 2 of its RECORD has 4 columns, the one before 3: uv refuses to install it. Is a comma in a path not quoted?',
      },
    ]);
  });

  it.each<[string, (rows: readonly string[]) => readonly string[] | Buffer, RegExp]>([
    [
      'with four columns in every row',
      (rows) => rows.map((row) => `${row},`),
      /has 4 columns in place of 3: pip warns/,
    ],
    [
      'that lists what is not there',
      (rows) => ['gone.py,,', 'b,,', ...rows],
      /lists "gone\.py" and 1 more, which it does/,
    ],
    ['that lists nothing', () => Buffer.alloc(0), /does not list "foo\/__init__\.py" and 2 more/],
  ])('%s is warned about', async (_what, change, message) =>
    expect(await told(change)).toEqual([
      expect.objectContaining({ severity: 'warning', message: expect.stringMatching(message) }),
    ]),
  );
});

describe('what a wheel holds besides', () => {
  const without = async (files: Record<string, string>): Promise<readonly unknown[]> =>
    (await told((rows) => rows, { files })).map(({ severity, message }) => `${severity}: ${message}`);

  it('may be files of each kind of data', async () => {
    const kinds = ['data/share/x', 'headers/x.h', 'platlib/x.py', 'purelib/x.py', 'scripts/x'];
    const files = Object.fromEntries(kinds.map((kind) => [`foo-1.0.data/${kind}`, '']));
    expect(await without({ ...files, 'foo/x.data/other/y': '', 'foo-1.0.DATA/other/y': '' })).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    [
      'data of an unknown kind',
      'foo-1.0.data/bogus/x',
      /^error: it has "foo-1\.0\.data\/bogus\/x", and "bogus" is no pl/,
    ],
    ['data of an unknown kind beside', 'bar-1.0.data/bogus/x', /"bogus" is no place known to installers/],
    ['a file among the kinds', 'foo-1.0.data/x', /in no folder of the data folder/],
    ['a file in place of a kind', 'foo-1.0.data/data', /in no folder of the data folder/],
    ['a file in place of the data folder', 'foo.data', /a file with the name of a data folder: pip refuses/],
    ['a folder among the scripts', 'foo-1.0.data/scripts/d/x', /a folder in the folder of scripts: uv refuses/],
  ])('is refused: %s', async (_what, path, message) =>
    expect(await without({ [path]: '' })).toEqual([expect.stringMatching(message)]),
  );

  it('is refused where a file and a folder have one name', async () => {
    expect(await without({ x: '', 'x/y': '' })).toEqual([
      expect.stringMatching(/"x\/y" needs a file and a folder of one/),
    ]);
    expect(await without({ 'x/y': '', x: '' })).toEqual([
      expect.stringMatching(/"x" needs a file and a folder of one/),
    ]);
  });

  it('is compared with its name by WHEEL', async () => {
    const problems = await told((rows) => rows, { tag: 'py2-none-any' });
    expect(problems).toMatchObject([
      { severity: 'warning', message: expect.stringMatching(/tags py3-none-any, its WHEEL py2/) },
    ]);
  });

  it('is refused for all that is wrong with it at once', async () => {
    const problems = await told((rows) => [...rows, ''], { files: { 'foo-1.0.data/x': '' }, without: ['WHEEL'] });
    expect(problems.map(({ severity }) => severity)).toEqual(['error', 'error', 'error']);
  });
});
