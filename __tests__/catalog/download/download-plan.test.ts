import { DocumentReader } from '../../../src/catalog/document-reader.js';
import { planDownload } from '../../../src/catalog/download/download-plan.js';
import { parseRepositoryName } from '../../../src/oci/reference.js';
import { MemoryStore } from '../../support/memory-store.js';
import { type StandingFile, standingVersion } from '../../support/pyoci-version.js';
import { wholeVersion } from '../../support/stored-contents.js';

const IMAGE = 'example.org/o/my_foo:1.0';

async function planned(files: readonly StandingFile[], tag = '1.0') {
  const repository = new MemoryStore().repository(parseRepositoryName('o/my_foo'));
  await standingVersion(repository, tag, files);
  const reader = new DocumentReader(2, new AbortController().signal);
  const version = await wholeVersion(repository, IMAGE, tag, reader);
  const { files: wanted, passedOver } = planDownload(version, IMAGE);
  return { names: wanted.map(({ filename }) => filename), passedOver };
}

describe('a pulled file', () => {
  it('has the name PyOCI serves it under', async () => {
    const files = [{ architecture: '1-py3-none-any.whl' }, { architecture: '.tar.gz' }];
    expect(await planned(files, '1.0-cu12')).toEqual({
      names: ['my_foo-1.0+cu12-1-py3-none-any.whl', 'my_foo-1.0+cu12.tar.gz'],
      passedOver: [],
    });
  });

  it.each([
    ['My.Foo-1.0-py3-none-any.whl', 'py3-none-any.whl'],
    ['my_foo-1.0.0-py3-none-any.whl', 'py3-none-any.whl'],
    ['my-foo-1.0.tar.gz', '.tar.gz'],
  ])('has its own name, %s, if that says the same', async (title, architecture) => {
    expect((await planned([{ architecture, title }])).names).toEqual([title]);
  });

  it.each([
    ['another project', 'other-1.0-py3-none-any.whl'],
    ['another version', 'my_foo-1.1-py3-none-any.whl'],
    ['another architecture', 'my_foo-1.0-cp312-none-any.whl'],
    ['another kind', 'my_foo-1.0.tar.gz'],
    ['a way out of the folder', '../my_foo-1.0-py3-none-any.whl'],
    ['an absolute path', '/tmp/my_foo-1.0-py3-none-any.whl'],
    ['a path of Windows', 'C:\\my_foo-1.0-py3-none-any.whl'],
    ['a control character', 'my_foo-1.0-py3-none-any.whl\n'],
    ['no distribution at all', 'README.md'],
  ])('is not called by a title that names %s', async (_what, title) => {
    const { names } = await planned([{ architecture: 'py3-none-any.whl', title }]);
    expect(names).toEqual(['my_foo-1.0-py3-none-any.whl']);
  });

  it.each([
    '/../../../../tmp/x.whl',
    'py3-none-any/../../x.whl',
    '..\\..\\x-none-any.whl',
    'amd64',
    '.exe',
    '.tar.gz/../../x.tar.gz',
    'py3-none-any.whl\u0000',
    'py3-none.whl',
  ])('is none where the architecture is %j: it is passed over, as installers do', async (architecture) => {
    const { names, passedOver } = await planned([{ architecture }, { architecture: '.tar.gz' }]);
    expect(names).toEqual(['my_foo-1.0.tar.gz']);
    expect(passedOver).toHaveLength(1);
  });
});

describe('a version cannot be pulled', () => {
  it('if index and manifest differ about the bytes of a file', async () => {
    const files = [
      { architecture: '.tar.gz', declared: '0'.repeat(64) },
      { architecture: 'py3-none-any.whl', declared: 'nonsense' },
    ];
    const asked = planned(files);
    await expect(asked).rejects.toThrow(/my_foo-1\.0\.tar\.gz: the index says that its sha256 is 0{64}, the manifest/);
    await expect(asked).rejects.toThrow(/my_foo-1\.0-py3-none-any\.whl: the index says that its sha256 is nonsense/);
    await expect(asked).rejects.toThrow(/nothing was written$/);
  });

  it('if two of its files have one name where case does not count', async () => {
    const files = [{ architecture: 'py3-none-any.whl' }, { architecture: 'PY3-none-any.whl' }];
    await expect(planned(files)).rejects.toThrow(
      /my_foo-1\.0-PY3-none-any\.whl: my_foo-1\.0-py3-none-any\.whl has the/,
    );
  });

  it('if it holds no distribution', async () => {
    await expect(planned([{ architecture: 'amd64' }])).rejects.toThrow(`Cannot pull ${IMAGE}: it holds no wheel`);
  });
});

it('a file whose index does not tell its hash is still the one of the manifest', async () => {
  expect((await planned([{ architecture: '.tar.gz', declared: null }])).names).toEqual(['my_foo-1.0.tar.gz']);
});
