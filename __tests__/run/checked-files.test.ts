import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FilesError } from '../../src/core/errors.js';
import { checkedFiles } from '../../src/run/checked-files.js';
import type { PublishInputs } from '../../src/run/settings/inputs.js';
import { readSettings } from '../../src/run/settings/settings.js';
import { sdistFile, wheelFile } from '../support/builders.js';
import { inputs, type TestFace, testFace } from '../support/face.js';

describe('finding and checking the files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'checked-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  function check(face: TestFace, given: Partial<PublishInputs> = {}) {
    return checkedFiles(readSettings(inputs({ namespace: 'me', ...given }), undefined, face.spelled), face);
  }

  it('groups what it finds by project and version, and lists it in the log', async () => {
    const face = testFace([
      await wheelFile(folder),
      await sdistFile(folder),
      await wheelFile(folder, { version: '2.0' }),
    ]);
    const { versions } = await check(face);
    expect(versions.map(({ project, version, files }) => `${project} ${version.spelled} ${files.length}`)).toEqual([
      'foo 1.0 2',
      'foo 2.0 1',
    ]);
    expect(face.log.of('info')).toEqual([
      'foo 1.0: foo-1.0-py3-none-any.whl, foo-1.0.tar.gz',
      'foo 2.0: foo-2.0-py3-none-any.whl',
    ]);
  });

  it('passes over what is no distribution, with one notice for all of it', async () => {
    const others = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `dist/${name}.txt`);
    const face = testFace([await wheelFile(folder), ...others]);
    await check(face);
    expect(face.log.of('notice')).toEqual([
      'Passed over, since they are no distributions: dist/a.txt, dist/b.txt, dist/c.txt, dist/d.txt, dist/e.txt and 2 more',
    ]);
  });

  it('tells problems of names and problems of contents together', async () => {
    const broken = join(folder, 'bar-1.0-py3-none-any.whl');
    await writeFile(broken, 'no wheel');
    const checked = check(testFace(['dist/foo-1.0.zip', broken, await wheelFile(folder)]));
    await expect(checked).rejects.toBeInstanceOf(FilesError);
    await expect(checked).rejects.toMatchObject({ problems: [{ file: 'dist/foo-1.0.zip' }, { file: broken }] });
  });

  it('refuses a name alone, although all contents are right', async () => {
    await expect(check(testFace(['dist/foo-1.0.zip', await wheelFile(folder)]))).rejects.toMatchObject({
      problems: [{ file: 'dist/foo-1.0.zip', severity: 'error' }],
    });
  });

  describe('when nothing is found', () => {
    it('is an error that names the patterns, and says how to go on', async () => {
      await expect(check(testFace([]))).rejects.toMatchObject({
        message: 'Cannot publish: no wheel and no sdist matches dist/*.whl, dist/*.tar.gz',
        hint: expect.stringMatching(/^build first .*`if-no-files-found`/),
      });
    });

    it('says where distributions lie deeper, with the pattern to write', async () => {
      const face = testFace([], { deeper: ['dist/x-1.0-py3-none-any.whl/x-1.0-py3-none-any.whl'] });
      await expect(check(face)).rejects.toMatchObject({ hint: expect.stringMatching(/`files` to dist\/\*\/\*\.whl/) });
    });

    it.each([
      ['warn', 'warning', 1],
      ['ignore', 'info', 0],
    ] as const)('goes on with if-no-files-found: %s', async (choice, level, count) => {
      const face = testFace(['notes.txt']);
      const { versions, warnings } = await check(face, { 'if-no-files-found': choice });
      expect(versions).toEqual([]);
      expect(warnings).toHaveLength(count);
      expect(face.log.of(level)).toEqual([expect.stringMatching(/^Nothing to publish: no wheel and no sdist matches/)]);
    });
  });
});
