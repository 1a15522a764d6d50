import { memoryBytes } from '../../src/core/bytes.js';
import { readDistribution } from '../../src/python/distribution.js';
import {
  anSdist,
  aWheel,
  metadataText,
  type SdistOptions,
  sdistName,
  type WheelOptions,
  wheelName,
} from '../support/builders.js';

function readWheel(options: WheelOptions = {}, path = `dist/${wheelName(options)}`) {
  return readDistribution(path, memoryBytes(aWheel(options)));
}

function readSdist(options: SdistOptions = {}, path = `dist/${sdistName(options)}`) {
  return readDistribution(path, memoryBytes(anSdist(options)));
}

describe('a distribution', () => {
  it('is a wheel that agrees with itself', async () => {
    const { distribution, problems } = await readWheel({
      name: 'Foo_Bar',
      version: '1.0',
      build: '7',
      summary: 'A word',
    });
    expect(problems).toEqual([]);
    expect(distribution).toMatchObject({
      kind: 'wheel',
      path: 'dist/foo_bar-1.0-7-py3-none-any.whl',
      filename: 'foo_bar-1.0-7-py3-none-any.whl',
      project: 'foo-bar',
      version: { spelled: '1.0', normal: '1.0', key: '1' },
      architecture: '7-py3-none-any.whl',
      metadata: { name: 'Foo_Bar', summary: 'A word' },
    });
  });

  it('is an sdist that agrees with itself', async () => {
    const { distribution, problems } = await readSdist({ name: 'Foo.Bar', version: '1.0rc1' });
    expect(problems).toEqual([]);
    expect(distribution).toMatchObject({
      kind: 'sdist',
      filename: 'foo_bar-1.0rc1.tar.gz',
      project: 'foo-bar',
      version: { spelled: '1.0rc1' },
      architecture: '.tar.gz',
    });
  });

  it('can be read again and again, and nothing is held open between', async () => {
    const inner = memoryBytes(aWheel());
    let closed = 0;
    const bytes = {
      ...inner,
      close: async () => {
        closed += 1;
      },
    };
    await readDistribution('foo-1.0-py3-none-any.whl', bytes);
    const { distribution } = await readDistribution('foo-1.0-py3-none-any.whl', bytes);
    expect(closed).toBe(2);
    expect(distribution?.bytes).toBe(bytes);
  });

  it('has a version as the file name spells it, whatever the metadata has', async () => {
    const { distribution } = await readWheel({ version: '1.0.0', filename: 'foo-v1.0-py3-none-any.whl' });
    expect(distribution?.version).toMatchObject({ spelled: 'v1.0', normal: '1.0' });
    expect(distribution?.metadata.version).toBe('1.0.0');
  });
});

describe('a file that is refused', () => {
  it('is told of with its path in every problem, all problems at once', async () => {
    const { distribution, problems } = await readWheel(
      { name: 'bar', version: '2.0', distInfo: 'baz-2.0.dist-info', urls: { A: '' } },
      'out/foo-1.0-py3-none-any.whl',
    );
    expect(distribution).toBeUndefined();
    expect(new Set(problems.map(({ file }) => file))).toEqual(new Set(['out/foo-1.0-py3-none-any.whl']));
    expect(problems.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      'warning: METADATA: Project-URL "A," is left out',
      'error: the file is named for project "foo", its METADATA for "bar"',
      'error: the file is named for version "1.0", its METADATA for "2.0"',
      'error: its folder is "baz-2.0.dist-info", expected "bar-2.0.dist-info"',
      'warning: its name begins with "foo", it will be served as "bar"',
    ]);
  });

  it.each([
    ['foo-1.0.tar.gz', 'bar', '1.0', ['the file is named for project "foo", its PKG-INFO for "bar"']],
    ['foo-1.0.tar.gz', 'foo', '1.1', ['the file is named for version "1.0", its PKG-INFO for "1.1"']],
    ['foo-1.0-1.tar.gz', 'foo', '1.0', ['the file is named for version "1.0-1", its PKG-INFO for "1.0"']],
    ['foo-1.0-1.tar.gz', 'bar', '1.0', ['the file is named for project "foo-1.0", its PKG-INFO for "bar"']],
  ])('because no way to read %s gives %s %s, as its PKG-INFO says', async (filename, name, version, messages) => {
    const { distribution, problems } = await readSdist({ name, version, filename });
    expect(distribution).toBeUndefined();
    expect(problems.map(({ message }) => message)).toEqual(messages);
  });

  it.each([
    ['a gzip file', 'foo-1.0-py3-none-any.whl', anSdist()],
    ['a ZIP archive', 'foo-1.0.tar.gz', aWheel()],
    ['an empty file', 'foo-1.0.tar.gz', Buffer.alloc(0)],
  ])('because it is %s with the extension of another', async (kind, filename, bytes) => {
    const { distribution, problems } = await readDistribution(filename, memoryBytes(bytes));
    expect(distribution).toBeUndefined();
    expect(problems).toMatchObject([{ severity: 'error', message: expect.stringContaining(`this is ${kind}`) }]);
  });

  it('because of its name is not opened', async () => {
    const unreadable = { ...memoryBytes(Buffer.alloc(0)), read: () => Promise.reject(new Error('was read')) };
    expect(await readDistribution('foo.whl', unreadable)).toMatchObject({ problems: [{ severity: 'error' }] });
    expect(await readDistribution('README.md', unreadable)).toMatchObject({
      problems: [{ message: 'it is no distribution, expected a .whl or .tar.gz file' }],
    });
  });

  it('is told apart from a disk that fails', async () => {
    const failing = { ...memoryBytes(aWheel()), read: () => Promise.reject(new Error('EIO')) };
    await expect(readDistribution('foo-1.0-py3-none-any.whl', failing)).rejects.toThrow('EIO');
  });
});

describe('the folder of a wheel', () => {
  it.each(['foo_bar-1.0.dist-info', 'Foo.Bar-1.0.dist-info', 'foo-bar-1.0.dist-info', 'foo_bar-v1.0.0.dist-info'])(
    '%s is that of foo_bar 1.0',
    async (distInfo) => {
      const { distribution, problems } = await readWheel({ name: 'foo_bar', distInfo });
      expect(problems).toEqual([]);
      expect(distribution).toBeDefined();
    },
  );

  it.each(['foo-1.0.dist-info', 'foo_bar.dist-info', 'foo_bar_x-1.0.dist-info', '.dist-info'])(
    '%s is not, and is refused',
    async (distInfo) => {
      const { distribution, problems } = await readWheel({ name: 'foo_bar', distInfo });
      expect(distribution).toBeUndefined();
      expect(problems).toMatchObject([{ severity: 'error', message: expect.stringContaining('its folder is') }]);
    },
  );

  it('may carry another version, which installers do not look at, with a warning', async () => {
    const { distribution, problems } = await readWheel({ distInfo: 'foo-2.0.dist-info' });
    expect(distribution).toBeDefined();
    expect(problems).toMatchObject([
      { severity: 'warning', message: 'its folder is "foo-2.0.dist-info", expected "foo-1.0.dist-info"' },
    ]);
  });
});

describe('a warning', () => {
  it('of the archive is one of the file', async () => {
    const { distribution, problems } = await readWheel({ unlisted: ['foo/__init__.py'] });
    expect(distribution).toBeDefined();
    expect(problems).toMatchObject([{ severity: 'warning', file: 'dist/foo-1.0-py3-none-any.whl' }]);
  });

  it.each(['Foo-1.0-py3-none-any.whl', 'f._o-1.0-py3-none-any.whl'])(
    'says what becomes of the name of %s',
    async (filename) => {
      const name = filename.slice(0, filename.indexOf('-'));
      const { problems } = await readWheel({ name, filename });
      expect(problems).toMatchObject([
        { severity: 'warning', message: expect.stringContaining(`"${name}", it will be served as`) },
      ]);
    },
  );
});

describe('a distribution without a name', () => {
  const wheels = [
    'UNKNOWN-0.0.0-py2.py3-none-any.whl',
    'unknown-0.0.0-py3-none-any.whl',
    'UNKNOWN-1.0-py3-none-any.whl',
  ];
  it.each(wheels)('is refused as setuptools leaves it: %s', async (filename) => {
    const [name = '', version = '', ...tags] = filename.slice(0, -4).split('-');
    const options = { metadata: metadataText({ name: 'UNKNOWN', version }), tag: tags.join('-') };
    const { distribution, problems } = await readWheel({ ...options, name, version, filename });
    expect(distribution).toBeUndefined();
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      {
        message: expect.stringMatching(/^its name is "UNKNOWN", which setuptools writes/),
        hint: expect.stringMatching(/>=61/),
      },
    ]);
  });

  it.each(['UNKNOWN-0.0.0.tar.gz', 'unknown-0.0.0.tar.gz', 'UNKNOWN-1.0.tar.gz'])(
    'is refused: %s',
    async (filename) => {
      const version = filename.slice(8, -7);
      const bytes = anSdist({ metadata: metadataText({ name: 'UNKNOWN', version }), top: filename.slice(0, -7) });
      const { distribution, problems } = await readDistribution(filename, memoryBytes(bytes));
      expect(distribution).toBeUndefined();
      expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
        { message: expect.stringMatching(/^its name is "UNKNOWN"/) },
      ]);
    },
  );

  it.each(['unknown', 'Unknown'])('is none if it is called %s, which uv takes', async (name) => {
    const { distribution } = await readWheel({ name, version: '0.0.0' });
    expect(distribution).toMatchObject({ project: 'unknown' });
  });
});
