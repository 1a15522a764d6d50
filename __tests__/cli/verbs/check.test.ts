import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check } from '../../../src/cli/verbs/check.js';
import { sdistFile, wheelFile } from '../../support/builders.js';
import { lineOf, run } from '../../support/command.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verbs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('check', () => {
  it('takes its files literally', () => {
    expect(lineOf(check, ['a.whl', '--json', 'show'])).toEqual({ paths: ['a.whl', 'show'], json: true });
  });

  it('says what each file would be published as', async () => {
    const paths = [
      await sdistFile(folder, { name: 'Zope.Interface' }),
      await wheelFile(folder, { version: '1.0+cu12' }),
    ];
    const { status, stdout, stderr } = await run(['check', ...paths]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.replace(/\d+(\.\d+)? K?i?B/g, 'SIZE')).toBe(
      [
        `${paths[1]}: good`,
        '  wheel of foo 1.0+cu12 (SIZE)',
        '  repository NAMESPACE/foo, tag 1.0-cu12, architecture py3-none-any.whl',
        `${paths[0]}: good`,
        '  sdist of zope-interface 1.0 (SIZE)',
        '  repository NAMESPACE/zope_interface, tag 1.0, architecture .tar.gz',
        '',
      ].join('\n'),
    );
  });

  it('tells all problems of all files beside what is good, and ends with 1', async () => {
    const good = await wheelFile(folder);
    const broken = join(folder, 'foo-2.0-py3-none-any.whl');
    const egg = join(folder, 'foo-1.0.egg');
    await writeFile(broken, 'nothing');
    await writeFile(egg, '');
    const { status, stdout, stderr } = await run(['check', good, broken, egg]);
    expect(status).toBe(1);
    expect(stdout).toContain(`${good}: good`);
    expect(stderr).toMatch(/error: .*foo-2\.0-py3-none-any\.whl: /);
    expect(stderr).toMatch(/error: .*foo-1\.0\.egg: it is an egg/);
  });

  it('tells the same to programs', async () => {
    const good = await wheelFile(folder);
    const egg = join(folder, 'foo-1.0.egg');
    await writeFile(egg, '');
    const { status, stdout } = await run(['check', '--json', good, egg]);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      files: [{ path: good, ok: true, kind: 'wheel', project: 'foo', version: '1.0', tag: '1.0', repository: 'foo' }],
      problems: [{ severity: 'error', file: egg, message: expect.stringMatching(/egg/) }],
      errors: [{ subject: egg }],
    });
  });

  it.each([
    ['a file that is not there', 'missing.whl', 2, /missing\.whl does not exist/],
    ['no distribution among the files', 'README.md', 1, /there is no wheel and no sdist/],
  ])('ends with an error for %s', async (_what, name, code, message) => {
    const { status, stderr, stdout } = await run(['check', name]);
    expect({ status, stdout }).toEqual({ status: code, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
