import { fileFor, type Target } from '../../../src/catalog/download/for-python.js';
import type { IndexedFile } from '../../../src/catalog/version.js';
import { parseVersion } from '../../../src/python/version.js';

const version = parseVersion('3.11.4');
if (!version) throw new Error('that is a version');
const CPYTHON: Target = {
  version,
  tags: [
    'cp311-cp311-manylinux_2_17_x86_64',
    'cp311-cp311-linux_x86_64',
    'cp311-abi3-manylinux_2_17_x86_64',
    'py3-none-any',
  ],
};

const files = (...names: readonly (string | readonly [string, string])[]): readonly IndexedFile[] =>
  names.map((name) => {
    const [served, requires] = typeof name === 'string' ? [name, undefined] : name;
    const annotations = requires === undefined ? {} : { 'vnd.pyoci-publish.requires-python': requires };
    return { served, manifest: { annotations } } as unknown as IndexedFile;
  });

const SDIST = 'foo-1.0.tar.gz';
const PURE = 'foo-1.0-py3-none-any.whl';
const LINUX = 'foo-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl';
const WINDOWS = 'foo-1.0-cp311-cp311-win_amd64.whl';

describe('the file that a Python installs', () => {
  it.each([
    ['the wheel with the best tag', files(SDIST, PURE, LINUX, WINDOWS), LINUX],
    ['the pure one where no other fits', files(SDIST, WINDOWS, PURE), PURE],
    ['one of a compressed set', files(SDIST, 'foo-1.0-py2.py3-none-any.whl'), 'foo-1.0-py2.py3-none-any.whl'],
    [
      'the one for a stable ABI',
      files(PURE, 'foo-1.0-cp38-abi3-x.whl', 'foo-1.0-cp311-abi3-manylinux_2_17_x86_64.whl'),
      'foo-1.0-cp311-abi3-manylinux_2_17_x86_64.whl',
    ],
    [
      'the higher of two builds',
      files('foo-1.0-2-py3-none-any.whl', 'foo-1.0-10-py3-none-any.whl', PURE),
      'foo-1.0-10-py3-none-any.whl',
    ],
    ['the sdist where no wheel fits', files(WINDOWS, SDIST), SDIST],
    ['none where nothing fits', files(WINDOWS), undefined],
    ['none for another Python', files([PURE, '>=3.12'], [SDIST, '>=3.12']), undefined],
    ['the sdist where the wheel is for another Python', files([PURE, '>=3.12'], [SDIST, '>=3.8']), SDIST],
    ['one that requires nothing that can be read', files([PURE, 'soon']), PURE],
  ])('is %s', (_, all, expected) => {
    expect(fileFor(all, CPYTHON)?.served).toBe(expected);
  });
});
