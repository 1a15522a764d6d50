import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './support/command.js';
import { bundle } from './support/runner.js';

const DIST = ['hello_pyoci-0.1.0-py3-none-any.whl', 'hello_pyoci-0.1.0.tar.gz'].map((name) => `examples/dist/${name}`);
const SCRIPT = fileURLToPath(new URL('support/terminal.py', import.meta.url));

/** Says that it is there; `on` is what it does at the first and the second Ctrl-C. */
const program = (on: string): readonly string[] => [
  process.execPath,
  '-e',
  `let times = 0; process.on('SIGINT', () => { times += 1; ${on} }); console.log('ready'); setInterval(() => {}, 1000);`,
];

describe('serve with a command, in a terminal', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-terminal-'));
    const { code } = await runCommand(['--oci-layout', join(folder, 'oci'), '--namespace', 'me', ...DIST]);
    expect(code).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (presses: number, command: readonly string[]): { readonly code: number; readonly output: string } => {
    const serve = [bundle('cli/index.js'), 'serve', '--oci-layout', join(folder, 'oci'), '--fallback', 'none'];
    const line = [SCRIPT, String(presses), process.execPath, ...serve, '--', ...command];
    const env = { PATH: process.env.PATH, HOME: folder, PIP_CONFIG_FILE: '/dev/null', TERM: 'xterm' };
    return JSON.parse(execFileSync('python3', line, { encoding: 'utf8', env, timeout: 60_000 }));
  };

  it('hands the terminal through', () => {
    const told = 'console.log(String([process.stdin, process.stdout, process.stderr].map((stream) => stream.isTTY)))';
    expect(run(0, [process.execPath, '-e', told])).toEqual({ code: 0, output: 'true,true,true\r\n' });
  });

  it('ends as the command does', () => {
    expect(run(0, [process.execPath, '-e', 'process.exit(7)']).code).toBe(7);
  });

  it('lets the command answer a Ctrl-C, which it gets once', () => {
    const { code, output } = run(1, program("console.log('asked ' + times); setTimeout(() => process.exit(4), 200);"));
    expect(code).toBe(4);
    expect(output.match(/asked \d/g)).toEqual(['asked 1']);
  });

  it('ends with 130 where a Ctrl-C ends the command', () => {
    expect(run(1, [process.execPath, '-e', "console.log('ready'); setInterval(() => {}, 1000)"]).code).toBe(130);
  });

  it('kills at the second Ctrl-C a command that heeds none', () => {
    const { code, output } = run(2, program("console.log('ready, still');"));
    expect(code).toBe(137);
    expect(output).toContain('still');
  });

  it.each([
    [127, 'no-such-program-anywhere', 'there is no such program'],
    [126, '', 'it cannot be executed'],
  ])('ends with %i where it cannot be run', (status, name, why) => {
    const path = join(folder, 'not-executable');
    writeFileSync(path, 'hello\n');
    const { code, output } = run(0, [name || path]);
    expect(code).toBe(status);
    expect(output).toContain(why);
  });
});
