import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './support/runner.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/dist/', import.meta.url));
const LOST = 'error: Cannot write the result to standard output: ENOSPC: no space left on device, write';

/** What only a real system does: a disk that is full, a file that takes a part, a pipe without a reader. */
describe('on a machine that is not as expected, the command', () => {
  let folder: string;
  const files = readdirSync(EXAMPLES).map((name) => join('dist', name));

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'machine-'));
    cpSync(EXAMPLES, join(folder, 'dist'), { recursive: true });
    chmodSync(folder, 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs it in a shell, `$COMMAND` being the command and `$PUBLISH` its line that publishes. */
  function shell(script: string): { status: number | null; stdout: string; stderr: string; last: string | undefined } {
    const command = `'${process.execPath}' '${bundle('cli/index.js')}'`;
    const publish = `${command} --json --oci-layout oci --namespace me ${files.join(' ')}`;
    const text = script.replaceAll('$COMMAND', command).replaceAll('$PUBLISH', publish);
    const env = { PATH: process.env.PATH, DOCKER_CONFIG: '/nonexistent' };
    const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-o', 'pipefail', '-c', text], {
      cwd: folder,
      encoding: 'utf8',
      env,
    });
    return { status, stdout, stderr, last: stderr.trimEnd().split('\n').at(-1) };
  }

  it.each([
    ['$PUBLISH', '; the publish itself is complete'],
    ['$COMMAND --help', ''],
    ['$COMMAND --version', ''],
    ['$COMMAND check dist/*', '; the check itself is complete'],
    ['$COMMAND show --oci-layout oci me/hello_pyoci', ''],
    ['$COMMAND pull -d pulled --oci-layout oci me/hello_pyoci:0.1.0', '; the pull itself is complete'],
  ])('says in one line what a full disk did not take: %s', (line, end) => {
    const { status, last, stderr } = shell(`${line} > /dev/full`);
    expect({ status, last }).toEqual({ status: 1, last: LOST + end });
    expect(stderr).not.toMatch(/Node\.js|at file:/);
  });

  it('takes no part of a result for the whole', () => {
    const { status, last } = shell('ulimit -f 1; $PUBLISH > result.json');
    expect({ status, last }).toEqual({ status: 1, last: expect.stringMatching(/standard output: EFBIG: .*complete$/) });
    expect(readFileSync(join(folder, 'result.json'), 'utf8')).toMatch(/^{/);
  });

  it('says nothing of a reader that left early, or of a descriptor that was closed', () => {
    expect(shell('$PUBLISH 2>/dev/null | head -1')).toMatchObject({ status: 0, stderr: '' });
    expect(shell('$COMMAND --help | true')).toMatchObject({ status: 0, stderr: '' });
    expect(shell('$COMMAND --version >&- 2>&-')).toMatchObject({ status: 0 });
  });

  it('fails where people are told on a full disk, and where programs are told elsewhere does not', () => {
    expect(shell('$PUBLISH 2>/dev/full')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^{\n {2}"ok": true/),
    });
    expect(shell('$PUBLISH --no-json 2>/dev/full')).toMatchObject({ status: 1, stdout: '' });
  });

  it('comes to an end where a folder takes no others', () => {
    const { status, stderr } = shell('$COMMAND pull -d /proc/pulled --oci-layout oci me/hello_pyoci:0.1.0');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('Cannot write /proc/pulled: ENOENT'),
    });
  });

  it('says where it is that its folder was deleted', () => {
    const { status, stderr } = shell('mkdir gone && cd gone && rmdir ../gone && $PUBLISH');
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('does not exist') });
  });
});
