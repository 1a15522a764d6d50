import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { runCommand } from './support/command.js';
import { bundle } from './support/runner.js';

const DIST = ['hello_pyoci-0.1.0-py3-none-any.whl', 'hello_pyoci-0.1.0.tar.gz'].map((name) => `examples/dist/${name}`);

describe('serve with a command', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-serve-'));
    const { code } = await runCommand(['--oci-layout', join(folder, 'oci'), '--namespace', 'me', ...DIST]);
    expect(code).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const start = (command: readonly string[], options: readonly string[] = []): ChildProcess =>
    spawn(
      process.execPath,
      [
        bundle('cli/index.js'),
        'serve',
        '--oci-layout',
        join(folder, 'oci'),
        '--fallback',
        'none',
        ...options,
        '--',
        ...command,
      ],
      { env: { PATH: process.env.PATH, HOME: folder, PIP_CONFIG_FILE: '/dev/null' }, stdio: ['pipe', 'pipe', 'pipe'] },
    );
  const ended = async (child: ChildProcess, input = '') => {
    child.stdin?.end(input);
    if (!child.stdout || !child.stderr) throw new Error('no pipes');
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { code: code as number | null, stdout, stderr };
  };
  const node = (script: string): readonly string[] => [process.execPath, '-e', script];
  /** Says that it runs, and what came of each signal. */
  const UNMOVED = "process.on('SIGTERM', () => console.log('no')); console.log('up'); setInterval(() => {}, 1000);";

  it.each([
    ['0 where it succeeds', node('process.exit(0)'), 0],
    ['its own where it fails', node('process.exit(7)'), 7],
    ['128 and the signal that ended it', node("process.kill(process.pid, 'SIGKILL')"), 137],
    ['127 where it is not there', ['no-such-program-anywhere'], 127],
    ['126 where it cannot be executed', ['/etc/passwd'], 126],
  ])('ends with %s', async (_, command, status) => {
    const { code, stderr } = await ended(start(command));
    expect(code).toBe(status);
    expect(stderr).toMatch(status === 126 || status === 127 ? /^error: Cannot run .*\n$/ : /^$/);
  });

  it('hands the streams through, and says nothing of its own', async () => {
    const echo = node("process.stdin.on('data', (text) => { process.stdout.write(text); process.stderr.write('!'); })");
    expect(await ended(start(echo), 'said')).toEqual({ code: 0, stdout: 'said', stderr: '!' });
  });

  it('leads the command to an index that is there, by variables and nothing more', async () => {
    const script = `const names = Object.keys(process.env).filter((name) => /^(PIP|UV|PDM|PIPENV|POETRY|NO_PROXY|no_proxy|INPUT|PYOCI)/.test(name));
      fetch(process.env.PIP_INDEX_URL.replace(/\\/\\/.*@/, '//') + 'hello-pyoci/', { headers: { authorization:
        'Basic ' + Buffer.from('x:' + process.env.UV_INDEX_PYOCI_PASSWORD).toString('base64') } })
        .then((answer) => console.log(JSON.stringify({ names: names.sort(), status: answer.status })));`;
    const { stdout } = await ended(start(node(script)));
    expect(JSON.parse(stdout)).toEqual({
      names: [
        'PDM_PYPI_URL',
        'PIPENV_PYPI_MIRROR',
        'PIP_CONFIG_FILE',
        'PIP_EXTRA_INDEX_URL',
        'PIP_INDEX_URL',
        'POETRY_HTTP_BASIC_PYOCI_PASSWORD',
        'POETRY_HTTP_BASIC_PYOCI_USERNAME',
        'UV_INDEX_PYOCI_PASSWORD',
        'UV_INDEX_PYOCI_USERNAME',
      ],
      status: 200,
    });
  });

  it('hands SIGTERM on, and ends as the command does', async () => {
    const child = start(
      node("process.on('SIGTERM', () => process.exit(3)); console.log('up'); setInterval(() => {}, 1000);"),
    );
    const all = ended(child);
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    child.kill('SIGTERM');
    expect(await all).toMatchObject({ code: 3 });
  });

  it('waits at a SIGINT, which the terminal sends to everybody, and kills a command that ignores the second', async () => {
    const child = start(node(UNMOVED));
    const all = ended(child);
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    child.kill('SIGTERM');
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    child.kill('SIGINT');
    expect(await all).toEqual({ code: 137, stdout: 'up\nno\n', stderr: '' });
  });

  it('runs a script that is a program', async () => {
    const script = join(folder, 'build');
    writeFileSync(script, '#!/bin/sh\nexit 5\n');
    expect((await ended(start([script]))).code).toBe(126);
    chmodSync(script, 0o755);
    expect((await ended(start([script]))).code).toBe(5);
  });

  it('does not leave other names to itself', async () => {
    const options = ['--port', '18420', '--fallback', 'http://localhost:18420/layout/me/simple/'];
    expect(await ended(start(node('0'), options))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: Cannot leave other names to .*: that is this index itself\n/),
    });
  });

  it('takes the port that is asked for or none, and another than the usual one with a note', async () => {
    const holder = start(node(UNMOVED), ['--port', '18417']);
    const held = ended(holder);
    await once(holder.stdout as NodeJS.ReadableStream, 'data');
    const refused = await ended(start(node('0'), ['--port', '18417']));
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Cannot listen on port 18417: another program uses it'),
    });
    expect((await ended(start(node('0')))).code).toBe(0);
    holder.kill('SIGTERM');
    holder.kill('SIGHUP');
    await held;
  });
});
