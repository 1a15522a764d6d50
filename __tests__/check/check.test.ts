import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkFiles } from '../../src/check/check.js';
import { FilesError } from '../../src/core/errors.js';
import { aWheel, sdistFile, wheelFile, wheelName } from '../support/builders.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-'));
});

afterEach(() => rm(folder, { recursive: true }));

const check = (...paths: readonly string[]) => checkFiles(paths, new AbortController().signal);

/** Every problem of a check that must fail, as severity, file below the folder, message. */
async function problemsOf(...paths: readonly string[]) {
  const error: unknown = await check(...paths).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof FilesError)) throw new Error(`expected a FilesError, found ${String(error)}`);
  return error.problems.map(({ severity, file, message }) => [severity, file.slice(folder.length + 1), message]);
}

describe('the files of a run', () => {
  it('are grouped by project and version, sorted by both and by file name', async () => {
    const paths = [
      await wheelFile(folder, { name: 'zed' }),
      await wheelFile(folder, { version: '1.10' }),
      await wheelFile(folder, { version: '1.9', tag: 'py3-none-win32' }),
      await sdistFile(folder, { version: '1.9' }),
      await wheelFile(folder, { version: '1.9' }),
    ];
    const { versions, warnings } = await check(...paths);
    expect(warnings).toEqual([]);
    expect(
      versions.map(({ project, version, files }) => [project, version.spelled, files.map((file) => file.filename)]),
    ).toEqual([
      ['foo', '1.9', ['foo-1.9-py3-none-any.whl', 'foo-1.9-py3-none-win32.whl', 'foo-1.9.tar.gz']],
      ['foo', '1.10', ['foo-1.10-py3-none-any.whl']],
      ['zed', '1.0', ['zed-1.0-py3-none-any.whl']],
    ]);
    expect(versions[0]?.files.map(({ path }) => path)).toEqual([paths[4], paths[2], paths[3]]);
  });

  it('come as one group whatever the spelling of the name', async () => {
    const { versions } = await check(
      await wheelFile(folder, { name: 'Foo.Bar' }),
      await sdistFile(folder, { name: 'foo-bar' }),
    );
    expect(versions.map(({ project, files }) => [project, files.length])).toEqual([['foo-bar', 2]]);
  });

  it('may be none', async () => {
    expect(await check()).toEqual({ versions: [], warnings: [] });
  });

  it('are given back with the warnings of those that are accepted', async () => {
    const path = await wheelFile(folder, { version: '1.0RC1' });
    const { versions, warnings } = await check(path);
    expect(versions).toHaveLength(1);
    expect(warnings).toMatchObject([{ severity: 'warning', file: path, message: expect.stringContaining('"1.0rc1"') }]);
  });
});

describe('problems', () => {
  it('of all files are told at once, warnings among them', async () => {
    const paths = [
      await sdistFile(folder, { version: '1!1.0' }),
      await wheelFile(folder, { filename: 'bar-1.0-py3-none-any.whl' }),
      await wheelFile(folder, { version: '1.0', urls: { A: '' } }),
      await wheelFile(folder, { name: 'good' }),
    ];
    expect(await problemsOf(...paths)).toEqual([
      ['error', 'foo-1!1.0.tar.gz', expect.stringContaining('epoch')],
      ['error', 'bar-1.0-py3-none-any.whl', 'the file is named for project "bar", its METADATA for "foo"'],
      ['warning', 'bar-1.0-py3-none-any.whl', expect.stringContaining('it will be served as "foo"')],
      ['warning', 'foo-1.0-py3-none-any.whl', 'METADATA: Project-URL "A," is left out'],
    ]);
  });

  it('of reading are those of the file, too', async () => {
    await mkdir(join(folder, 'foo-1.0.tar.gz'));
    expect(await problemsOf(join(folder, 'gone-1.0.tar.gz'), join(folder, 'foo-1.0.tar.gz'))).toEqual([
      ['error', 'gone-1.0.tar.gz', 'Cannot read the file: it does not exist'],
      ['error', 'foo-1.0.tar.gz', expect.stringContaining('it is not a regular file')],
    ]);
  });

  it('stop where the run is stopped', async () => {
    const path = await wheelFile(folder);
    await expect(checkFiles([path], AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  });
});

describe('a version', () => {
  it('spelled in two ways is one problem that names all files, the rarer spelling first', async () => {
    const paths = [
      await wheelFile(folder, { version: '1.0' }),
      await wheelFile(folder, { version: '1.0', tag: 'py3-none-win32' }),
      await sdistFile(folder, { version: '1.0.0' }),
    ];
    expect(await problemsOf(...paths)).toEqual([
      [
        'error',
        'foo-1.0.0.tar.gz',
        'one version of foo is spelled in different ways: "1.0.0" by foo-1.0.0.tar.gz, "1.0" by foo-1.0-py3-none-any.whl and foo-1.0-py3-none-win32.whl',
      ],
    ]);
  });

  it('spelled in two ways by very many files names ten of them', async () => {
    const wheels = Array.from({ length: 12 }, (_, at) => wheelFile(folder, { tag: `cp3${at}-none-any` }));
    const problems = await problemsOf(...(await Promise.all(wheels)), await sdistFile(folder, { version: '1.0.0' }));
    expect(problems).toMatchObject([['error', 'foo-1.0.0.tar.gz', expect.stringMatching(/\.whl and 2 more$/)]]);
  });

  it('may be spelled as another project spells it not', async () => {
    const { versions } = await check(
      await wheelFile(folder, { version: '1.0' }),
      await wheelFile(folder, { name: 'bar', version: '1.0.0' }),
    );
    expect(versions).toHaveLength(2);
  });
});

describe('two files that would take one place', () => {
  async function placed(below: string, filename: string, summary: string): Promise<string> {
    await mkdir(join(folder, below), { recursive: true });
    const path = join(folder, below, filename);
    await writeFile(path, aWheel({ summary }));
    return path;
  }

  it('count once if their bytes are the same', async () => {
    const paths = [await placed('b', wheelName(), 'x'), await placed('a', wheelName(), 'x')];
    const { versions, warnings } = await check(...paths);
    expect(warnings).toEqual([]);
    expect(versions.map(({ files }) => files.map(({ path }) => path))).toEqual([[paths[1]]]);
  });

  it('are refused if their bytes differ, whatever their names', async () => {
    const paths = [await placed('a', wheelName(), 'x'), await placed('b', 'Foo-1.0-py3-none-any.whl', 'y')];
    expect(await problemsOf(...paths)).toEqual([
      ['warning', 'b/Foo-1.0-py3-none-any.whl', expect.any(String)],
      [
        'error',
        'a/foo-1.0-py3-none-any.whl',
        expect.stringMatching(
          /Foo-1.0-py3-none-any.whl, which has other bytes: sha256:\w{64} here, sha256:\w{64} there$/,
        ),
      ],
    ]);
  });

  it('are each told of where there are more', async () => {
    const paths = [
      await placed('a', wheelName(), 'x'),
      await placed('b', wheelName(), 'y'),
      await placed('c', wheelName(), 'x'),
      await placed('d', wheelName(), 'z'),
    ];
    expect((await problemsOf(...paths)).map(([, file]) => file)).toEqual([`b/${wheelName()}`, `d/${wheelName()}`]);
  });
});
