import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DocumentReader } from '../../src/catalog/document-reader.js';
import { planDownload } from '../../src/catalog/download/download-plan.js';
import { pull } from '../../src/catalog/download/pull.js';
import { listingLines, listingMembers } from '../../src/catalog/listing.js';
import { parseRepositoryName } from '../../src/oci/reference.js';
import type { Repository } from '../../src/oci/store.js';
import { DownloadFolder } from '../../src/run/download-folder.js';
import { anSdist, aWheel } from '../support/builders.js';
import { MemoryStore } from '../support/memory-store.js';
import { testPorts } from '../support/ports.js';
import { type StandingFile, standingVersion } from '../support/pyoci-version.js';
import { wholePackage, wholeVersion } from '../support/stored-contents.js';

const reader = () => new DocumentReader(2, new AbortController().signal);
const sdist = (name = 'my-pkg', version = '1.0') => ({ architecture: '.tar.gz', bytes: anSdist({ name, version }) });
const home = async (path: string, tag: string, files: readonly StandingFile[]): Promise<Repository> => {
  const repository = new MemoryStore().repository(parseRepositoryName(path));
  await standingVersion(repository, tag, files);
  return repository;
};

describe('files under a tag that is no version', () => {
  it('are shown with the name they probably had, and with what gets them back', async () => {
    const repository = await home('o/my_pkg', 'pkg-1.0', [sdist()]);
    await standingVersion(repository, '2.0', [sdist('my-pkg', '2.0')]);
    const held = await wholePackage(repository, 'example.org/o/my_pkg', reader());
    const lines = listingLines(held, 'example.org/o/my_pkg', 'http://example.org/o/my_pkg');
    const shown = lines.slice(lines.indexOf('pkg-1.0, created 2024-11-20T20:23:36Z'));
    expect(lines[0]).toMatch(/^example\.org\/o\/my_pkg: 1 version, 1 file,/);
    expect(lines).toContain('Tags that are no versions, so that pip and uv pass over their files:');
    expect(lines.join('\n')).not.toContain('keep PyOCI from listing');
    expect(shown.slice(2).map((line) => line.replace(/sha256:[0-9a-f]{64}|\(.*\)/, '…'))).toEqual([
      '  my_pkg-pkg+1.0.tar.gz …',
      '    …',
      '  probably my_pkg-1.0.tar.gz, whose name PyOCI cut at its first dash. To put it right:',
      '  pyoci-publish pull -d old http://example.org/o/my_pkg:pkg-1.0',
      '  then publish what is in old, and delete the tag pkg-1.0',
    ]);
    expect(listingMembers(held, 'example.org/o/my_pkg')).toMatchObject({
      versions: [{ version: '2.0' }],
      unseenTags: [
        {
          tag: 'pkg-1.0',
          files: [{ file: 'my_pkg-pkg+1.0.tar.gz', trueNames: ['my_pkg-1.0.tar.gz', 'my_pkg_pkg-1.0.tar.gz'] }],
        },
      ],
      foreignTags: [],
    });
  });

  it.each(['latest', 'dev'])('are shown under %s without a guess', async (tag) => {
    const held = await wholePackage(await home('o/my_pkg', tag, [sdist()]), 'o/my_pkg', reader());
    expect(held).toMatchObject({ versions: [], foreign: [], unseen: [{ tag, files: [{ trueNames: [] }] }] });
    expect(listingLines(held, 'o/my_pkg').join('\n')).not.toContain('To put it right');
  });
});

describe('a file whose name PyOCI cut', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unseen-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function pulled(path: string, tag: string, files: readonly StandingFile[], force = false) {
    const repository = await home(path, tag, files);
    const version = await wholeVersion(repository, path, tag, reader());
    const target = new DownloadFolder(folder, process.pid, Math.random);
    const plan = planDownload(version, `${path}:${tag}`);
    return pull(repository, plan.files, target, { force, concurrency: 2 }, testPorts());
  }

  it.each([
    ['o/my_pkg', 'pkg-1.0', sdist(), 'my_pkg-1.0.tar.gz'],
    ['o/my', 'pkg-1.0', sdist(), 'my_pkg-1.0.tar.gz'],
    ['o/my_pkg', 'pkg-1.0', sdist('my-pkg-pkg'), 'my_pkg_pkg-1.0.tar.gz'],
    ['o/a_b_c', 'b-c-1.0', sdist('a-b-c'), 'a_b_c-1.0.tar.gz'],
    ['o/foo', '1.0-1', sdist('foo', '1.0.post1'), 'foo-1.0.post1.tar.gz'],
    ['o/foo', '1.0-1', sdist('foo', '1.0+1'), 'foo-1.0+1.tar.gz'],
    ['o/foo_2', '2-1.0', sdist('foo-2'), 'foo_2-1.0.tar.gz'],
    ['o/foo_2', '2-1.0', sdist('foo-2', '2+1.0'), 'foo_2-2+1.0.tar.gz'],
    ['o/my_pkg', 'latest', { ...sdist(), title: 'my_pkg-1.0.tar.gz' }, 'my_pkg-1.0.tar.gz'],
    [
      'o/my_pkg',
      'pkg',
      { architecture: '1.0-py3-none-any.whl', bytes: aWheel({ name: 'my-pkg' }) },
      'my_pkg-1.0-py3-none-any.whl',
    ],
  ])('is pulled from %s:%s under the name that its metadata tells', async (path, tag, file, expected) => {
    const { files, failed } = await pulled(path, tag, [file]);
    expect(failed).toEqual([]);
    expect(files).toMatchObject([{ file: expected, status: 'downloaded' }]);
    expect(await readdir(folder)).toEqual([expected]);
    expect((await readFile(join(folder, expected))).equals(file.bytes)).toBe(true);
    expect((await pulled(path, tag, [file])).files).toMatchObject([{ file: expected, status: 'unchanged' }]);
  });

  it.each([
    ['another project', sdist('other')],
    ['another version', sdist('my-pkg', '1.1')],
    ['no archive', { architecture: '.tar.gz', bytes: Buffer.from('x') }],
    ['a title that is another project', { ...sdist(), title: 'other-1.0.tar.gz', bytes: sdist('other').bytes }],
  ])('gets no name if it is %s', async (_, file) => {
    const { files, failed } = await pulled('o/my_pkg', 'pkg-1.0', [file]);
    expect(files).toEqual([]);
    expect(failed).toMatchObject([
      {
        error: {
          message: expect.stringMatching(
            /^Cannot name .*: it cannot be my_pkg-1\.0\.tar\.gz or my_pkg_pkg-1\.0\.tar\.gz, since/,
          ),
        },
      },
    ]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not put over other bytes, whichever name it gets', async () => {
    for (const name of ['my_pkg-1.0.tar.gz', 'my_pkg_pkg-1.0.tar.gz']) await writeFile(join(folder, name), 'mine');
    await expect(pulled('o/my_pkg', 'pkg-1.0', [sdist()])).rejects.toThrow('other bytes are there');
    await rm(join(folder, 'my_pkg-1.0.tar.gz'));
    const { failed } = await pulled('o/my_pkg', 'pkg-1.0', [sdist('my-pkg-pkg')]);
    expect(failed).toMatchObject([{ error: { message: expect.stringContaining('other bytes are there') } }]);
    expect(await readFile(join(folder, 'my_pkg_pkg-1.0.tar.gz'), 'utf8')).toBe('mine');
    const { files } = await pulled('o/my_pkg', 'pkg-1.0', [sdist('my-pkg-pkg')], true);
    expect(files).toMatchObject([{ file: 'my_pkg_pkg-1.0.tar.gz', status: 'replaced' }]);
  });

  it('without any name to try is an error that says so', async () => {
    await expect(pulled('o/my_pkg', 'latest', [sdist()])).rejects.toThrow(
      'Cannot pull o/my_pkg:latest: "latest" is no version, and its files do not tell theirs',
    );
  });
});
