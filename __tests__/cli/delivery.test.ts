import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { wheelFile } from '../support/builders.js';
import { run } from '../support/command.js';

const FULL = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
const GONE = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
const LOST = 'error: Cannot write the result to standard output: ENOSPC: no space left on device, write';

describe('a result', () => {
  let folder: string;
  let verbs: Readonly<Record<string, readonly string[]>>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'delivery-'));
    const layout = ['--oci-layout', join(folder, 'oci')];
    const wheel = await wheelFile(folder);
    await mkdir(join(folder, 'other'));
    const other = await wheelFile(join(folder, 'other'), { files: { 'foo/__init__.py': 'changed' } });
    const absent = join(folder, 'absent-1.0-py3-none-any.whl');
    await run([...layout, wheel]);
    verbs = {
      '--help': ['--help'],
      '--version': ['--version'],
      publish: ['--json', ...layout, wheel],
      'publish a dry run': ['--json', '--dry-run', ...layout, wheel],
      'publish in vain': ['--json', ...layout, other],
      'publish, used wrongly,': ['--json', ...layout, absent],
      check: ['check', wheel],
      show: ['show', ...layout, 'foo'],
      pull: ['pull', '-d', join(folder, 'pulled'), ...layout, 'foo:1.0'],
      'pull in vain': ['pull', '--json', '-d', join(folder, 'pulled'), ...layout, 'foo:2.0'],
    };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['--help', 1, ''],
    ['--version', 1, ''],
    ['publish', 1, '; the publish itself is complete'],
    ['publish a dry run', 1, '; the dry run itself is complete'],
    ['publish in vain', 1, '; the publish itself failed'],
    ['publish, used wrongly,', 2, ''],
    ['check', 1, '; the check itself is complete'],
    ['show', 1, ''],
    ['pull', 1, '; the pull itself is complete'],
    ['pull in vain', 1, '; the pull itself failed'],
  ])('of %s that cannot be written is an error of one line, and the status %i', async (verb, expected, end) => {
    const { status, stderr } = await run(verbs[verb] ?? [], { broken: { stdout: FULL } });
    expect({ status, last: stderr.trimEnd().split('\n').at(-1) }).toEqual({ status: expected, last: LOST + end });
    expect(stderr.match(/^error: Cannot write the result/gm)).toHaveLength(1);
  });

  it('does not keep the work from being done', async () => {
    const { status } = await run(verbs.pull ?? [], { broken: { stdout: FULL } });
    expect({ status, pulled: await readdir(join(folder, 'pulled')) }).toEqual({
      status: 1,
      pulled: ['foo-1.0-py3-none-any.whl'],
    });
  });

  it('is no trouble where its reader left early', async () => {
    for (const verb of ['--help', 'publish', 'check', 'show', 'pull']) {
      const { status, stderr } = await run(verbs[verb] ?? [], { broken: { stdout: GONE, stderr: GONE } });
      expect({ verb, status, stderr }).toEqual({ verb, status: 0, stderr: '' });
    }
  });

  it('of publishing for people goes to standard error, and decides the status there', async () => {
    const [, ...forPeople] = verbs.publish ?? [];
    const { status, stdout } = await run(forPeople, { broken: { stderr: FULL } });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  it('for programs is whole, and decides the status, though standard error takes nothing', async () => {
    const { status, stdout } = await run(verbs.publish ?? [], { broken: { stderr: FULL } });
    expect({ status, result: JSON.parse(stdout) }).toMatchObject({ status: 0, result: { ok: true } });
  });

  it('is wrong usage where a password was to come by standard input and none came', async () => {
    const signIn = ['--registry', '127.0.0.1:1', '--namespace', 'me', '--password-stdin'];
    for (const argv of [
      [...signIn, '--username', 'me', 'x.whl'],
      [...signIn, 'x.whl'],
      ['show', '--password-stdin', '127.0.0.1:1/me/foo'],
    ]) {
      const { status, stderr } = await run(argv, { stdin: '\n' });
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: expect.stringMatching(
          /^error: Cannot use option --password-stdin: standard input is empty\nTo fix it: /,
        ),
      });
    }
  });

  it('is an error where standard input cannot be read', async () => {
    const unreadable = () =>
      new Readable({
        read() {
          this.destroy(new Error('EBADF: bad file descriptor, read'));
        },
      });
    for (const argv of [
      ['--namespace', 'me', '--password-stdin', 'x.whl'],
      ['show', '--password-stdin', 'me/foo'],
    ]) {
      const { status, stderr } = await run(argv, { stdin: unreadable() });
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: 'error: Cannot read the password: standard input cannot be read\nEBADF: bad file descriptor, read\n',
      });
    }
  });
});
