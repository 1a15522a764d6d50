import { type Malformed, parseFileName } from '../../src/python/filename.js';

describe('the name of a wheel', () => {
  it.each([
    ['foo__bar-1.0-py3-none-any.whl', 'foo_bar-1.0-py3-none-any.whl'],
    ['a___b__c-1.0-1__x-py3-none-any.whl', 'a_b_c-1.0-1__x-py3-none-any.whl'],
  ])('%s has two underscores in a row, which pip refuses', (filename, right) => {
    const { finding } = parseFileName(filename) as Malformed;
    expect(finding).toMatchObject({ severity: 'error', message: expect.stringContaining('pip refuses') });
    expect(finding.hint).toContain(right);
  });

  it.each([
    ['foo-1.0-py3-none-any.whl', 'foo', '1.0', 'py3-none-any.whl'],
    ['foo-1.0-1-py3-none-any.whl', 'foo', '1.0', '1-py3-none-any.whl'],
    ['foo-1.0-18446744073709551615-py3-none-any.whl', 'foo', '1.0', '18446744073709551615-py3-none-any.whl'],
    ['foo-1.0-1_x.2-py2.py3-none-any.whl', 'foo', '1.0', '1_x.2-py2.py3-none-any.whl'],
    ['Foo.Bar-1.0RC1-py3-none-any.whl', 'Foo.Bar', '1.0RC1', 'py3-none-any.whl'],
    ['a_b-v1.0+x_1-cp39-abi3-linux_x86_64.whl', 'a_b', 'v1.0+x_1', 'cp39-abi3-linux_x86_64.whl'],
    ['foo-1!1.0-py3-none-any.whl', 'foo', '1!1.0', 'py3-none-any.whl'],
    [
      'x-1-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl',
      'x',
      '1',
      'cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl',
    ],
  ])('%s has its parts as they are spelled', (filename, name, spelled, architecture) => {
    expect(parseFileName(filename)).toMatchObject({ kind: 'wheel', name, version: { spelled }, architecture });
  });

  it.each([
    ['_foo-1.0-py3-none-any.whl', 'its name begins with "_foo", no legal project name'],
    ['-1.0-py3-none-any.whl', 'its name begins with "", no legal project name'],
    ['foo--py3-none-any.whl', 'its name has "" where the version belongs'],
    ['foo-latest-py3-none-any.whl', 'its name has "latest" where the version belongs'],
    ['foo-1.0.whl', 'its name must have 4 dashes, or 5 with a build tag, and has 1'],
    ['.whl', 'its name must have 4 dashes, or 5 with a build tag, and has 0'],
    ['foo-1.0-b1-py3-none-any.whl', 'its name has "b1" as build tag, which must begin with a digit'],
    [
      'foo-1.0-18446744073709551616-py3-none-any.whl',
      'its name has the build tag "18446744073709551616", refused by uv: its number is too large for it',
    ],
    [
      'foo-1.0-99999999999999999999x-py3-none-any.whl',
      'its name has the build tag "99999999999999999999x", refused by uv: its number is too large for it',
    ],
    ['foo-1.0-1+2-py3-none-any.whl', 'its name has "1+2" as build tag, which must begin with a digit'],
    ['foo-1.0-py3-none-.whl', 'its name has "" where a Python, ABI or platform tag belongs'],
    ['foo-1.0-py3-none-a+b.whl', 'its name has "a+b" where a Python, ABI or platform tag belongs'],
    ['foo-1.0-py3-none-any (1).whl', 'its name holds " ", which no distribution has'],
    ['foo-1.0%2B1-py3-none-any.whl', 'its name holds "%", which no distribution has'],
    ['foo\\foo-1.0-py3-none-any.whl', 'its name holds "\\", which no distribution has'],
    ['foo-1.0-py3-none-any\u{1f600}.whl', 'its name holds "\u{1f600}", which no distribution has'],
    ['foo-1.0-py3-none-any.whl\n', 'its name holds "\\x0a", which no distribution has'],
  ])('%j is refused with the part that is wrong', (filename, message) => {
    expect(parseFileName(filename)).toMatchObject({ kind: 'malformed', finding: { severity: 'error', message } });
  });
});

describe('the name of an sdist', () => {
  it.each([
    ['foo-1.0.tar.gz', [['foo', '1.0']]],
    ['foo_bar-1.0+x.tar.gz', [['foo_bar', '1.0+x']]],
    ['python-dateutil-2.9.0.post0.tar.gz', [['python-dateutil', '2.9.0.post0']]],
    ['foo-bar-baz-1.0.tar.gz', [['foo-bar-baz', '1.0']]],
    [
      'foo-1.0-1.tar.gz',
      [
        ['foo', '1.0-1'],
        ['foo-1.0', '1'],
      ],
    ],
    ['foo-2-1.0.tar.gz', [['foo-2', '1.0']]],
    [
      'foo-2-1.tar.gz',
      [
        ['foo', '2-1'],
        ['foo-2', '1'],
      ],
    ],
    ['foo-1.0+a-b.tar.gz', [['foo', '1.0+a-b']]],
  ])('%s can be read in these ways', (filename, splits) => {
    const name = parseFileName(filename);
    const read = name.kind === 'sdist' ? name.splits.map((split) => [split.name, split.version.spelled]) : [];
    expect(read).toEqual(splits);
  });

  it.each([
    'foo.tar.gz',
    'foo-.tar.gz',
    '-1.0.tar.gz',
    '.tar.gz',
    'foo-latest.tar.gz',
    'foo--1.0.tar.gz',
    '1.0.tar.gz',
  ])('%s is refused', (filename) => {
    expect(parseFileName(filename)).toMatchObject({
      kind: 'malformed',
      finding: { message: 'its name is not a project name, a dash and a version before .tar.gz' },
    });
  });
});

describe('the name of another file', () => {
  it.each([
    ['foo-1.0-py3-none-any.Whl', 'rename it to foo-1.0-py3-none-any.whl'],
    ['foo-1.0.Tar.GZ', 'rename it to foo-1.0.tar.gz'],
    ['foo-1.0-py3.12.egg', 'build a wheel: python -m build --wheel'],
    ['foo-1.0.zip', '!**/*.zip'],
    ['foo-1.0.tar', '!**/*.tar'],
    ['foo-1.0.tgz', '!**/*.tgz'],
    ['foo-1.0.tar.xz', '!**/*.tar.xz'],
    ['foo-1.0.tar.zst', '!**/*.tar.zst'],
    ['foo-1.0.tar.gz.zip', '!**/*.zip'],
  ])('%s looks like a distribution, and the cure is told: %s', (filename, cure) => {
    expect(parseFileName(filename)).toMatchObject({
      kind: 'malformed',
      finding: { hint: expect.stringContaining(cure) },
    });
  });

  it.each([
    '',
    'README.md',
    '.gitignore',
    'foo-1.0.tar.gz.asc',
    'foo-1.0-py3-none-any.whl.publish.attestation',
    'foo-1.0-py3-none-any.whl.metadata',
    'whl',
    'foo.tar.gz.sha256',
    'SHA256SUMS',
  ])('%j does not claim to be one', (filename) => {
    expect(parseFileName(filename)).toEqual({ kind: 'other' });
  });
});
