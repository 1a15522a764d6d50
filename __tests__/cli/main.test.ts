import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VERBS } from '../../src/cli/command-line.js';
import { VERSION } from '../../src/run/machine/version.js';
import { wheelFile } from '../support/builders.js';
import { run } from '../support/command.js';
import { startRegistry } from '../support/registry.js';

describe('the command', () => {
  let folder: string;
  let wheel: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'command-'));
    wheel = await wheelFile(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('prints help and version on standard output', async () => {
    expect(await run(['--help'])).toEqual({ status: 0, stdout: VERBS[0].help, stderr: '' });
    for (const { name, help } of VERBS.slice(1)) {
      expect(await run([name, '--help'])).toEqual({ status: 0, stdout: help, stderr: '' });
    }
    expect(await run(['--version'])).toEqual({ status: 0, stdout: `pyoci-publish ${VERSION}\n`, stderr: '' });
  });

  it('tells people on standard error, and ends with 0 when all is done', async () => {
    const { status, stdout, stderr } = await run(['--oci-layout', join(folder, 'oci'), '--namespace', 'me', wheel]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toMatch(
      /foo 1\.0: 1 published\n {2}me\/foo:1\.0@sha256:[0-9a-f]{64}\n {2}published {2}foo-1\.0-py3-none-any\.whl/,
    );
  });

  it('prints the result, and nothing else, on standard output with --json', async () => {
    const { status, stdout } = await run(['--json', '--oci-layout', join(folder, 'oci'), wheel]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      versions: [{ name: 'foo', files: [{ status: 'published' }] }],
    });
  });

  it.each([
    ['an unknown option', ['--nonsense', 'a.whl'], /Unknown option '--nonsense'/],
    ['no file', [], /no files are named/],
    [
      'a wrong value',
      ['--namespace', 'me', '--concurrency', 'many', 'README.md'],
      /option --concurrency: found "many"/,
    ],
    ['no namespace', ['README.md'], /option --namespace: nothing was given/],
    ['a file that is not there', ['--namespace', 'me', 'missing.whl'], /missing\.whl does not exist/],
    [
      'a password without a user',
      ['--namespace', 'me', '--password', 'secret', 'WHEEL'],
      /give both option --username/,
    ],
    ['a user without a password', ['--namespace', 'me', '--username', 'me', 'WHEEL'], /option --password: it is empty/],
  ])('ends with 2 for %s', async (_what, argv, message) => {
    const { status, stderr, stdout } = await run(argv.map((word) => (word === 'WHEEL' ? wheel : word)));
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('ends with 1 when a version failed, and says in JSON why', async () => {
    const argv = ['--json', '--oci-layout', join(folder, 'oci'), wheel];
    await run(argv);
    const other = await wheelFile(folder, { files: { 'foo/__init__.py': 'changed' } });
    const { status, stdout, stderr } = await run([...argv.slice(0, 3), other]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: foo 1\.0: Cannot publish to foo:1\.0: .*published already with other bytes/m);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      versions: [{ ok: false, filenames: ['foo-1.0-py3-none-any.whl'] }],
    });
  });

  it('takes the password from standard input, and never shows it', async () => {
    const password = 'correct horse battery staple';
    const registry = await startRegistry({ auth: 'basic', password });
    try {
      const where = ['--registry', registry.host, '--namespace', 'me', '--coordination', 'off'];
      const argv = [...where, '--username', 'robin', '--password-stdin', '--json', wheel];
      const { status, stdout, stderr } = await run(argv, { stdin: `${password}\n`, env: { RUNNER_DEBUG: '1' } });
      expect({ status, tags: registry.tagsOf('me/foo') }).toEqual({ status: 0, tags: ['1.0'] });
      const basic = Buffer.from(`robin:${password}`).toString('base64');
      expect(stdout + stderr).not.toMatch(new RegExp(`${password}|${basic}`));
    } finally {
      await registry.stop();
    }
  });

  it('leaves no signal handler behind', async () => {
    const before = process.listenerCount('SIGINT');
    await run(['--oci-layout', join(folder, 'oci'), wheel]);
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
