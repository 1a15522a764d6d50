import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asRunnerSees } from '../support/runner-parser.js';
import { runBundle } from './bundle.js';

const EXAMPLES = ['hello_pyoci-0.1.0-py3-none-any.whl', 'hello_pyoci-0.1.0.tar.gz'].map((name) =>
  fileURLToPath(new URL(`../../examples/dist/${name}`, import.meta.url)),
);

describe('the shipped bundles', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entry-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Starts the action as a runner does. */
  async function step(given: Readonly<Record<string, string>>, nodeArgs: readonly string[] = []) {
    const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
    await Promise.all(Object.values(files).map((path) => writeFile(path, '')));
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY_OWNER: 'Octo-Org',
      RUNNER_TEMP: folder,
      ...files,
      ...given,
    };
    const ended = await runBundle('dist/index.js', { env, cwd: folder, nodeArgs });
    const read = (path: string): Promise<string> => readFile(path, 'utf8');
    return { ...ended, output: await read(files.GITHUB_OUTPUT), summary: await read(files.GITHUB_STEP_SUMMARY) };
  }

  it('fail with our own words where there is nothing to publish, and with no word from Node', async () => {
    const { code, stdout, stderr, summary } = await step({});
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    // The toolkit prints details always; it is the runner that hides them.
    expect(asRunnerSees(stdout).commands.filter(({ name }) => name !== 'debug')).toEqual([
      expect.objectContaining({
        name: 'error',
        data: expect.stringMatching(/^Cannot publish: no wheel and no sdist matches dist\/\*\.whl/),
      }),
    ]);
    expect(summary).toMatch(/^## Nothing was published/);
  });

  it('publish into a folder, with outputs and summary', async () => {
    const { code, stderr, output, summary } = await step({
      INPUT_FILES: EXAMPLES.join('\n'),
      'INPUT_OCI-LAYOUT': 'oci',
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(output).toMatch(/^image<<(\S+)\nocto-org\/hello_pyoci:0\.1\.0\n\1$/m);
    expect(summary).toMatch(/^## hello-pyoci 0&#?.*|^## hello-pyoci 0\.1\.0 in `oci`/);
    const index = JSON.parse(await readFile(join(folder, 'oci', 'index.json'), 'utf8'));
    expect(index.manifests).toMatchObject([
      { annotations: { 'org.opencontainers.image.ref.name': 'octo-org/hello_pyoci:0.1.0' } },
    ]);
  });

  it('do the same as a command, which needs no runner and prints none of its commands', async () => {
    const args = ['--oci-layout', 'oci', '--namespace', 'example', '--json', ...EXAMPLES];
    const { code, stdout, stderr } = await runBundle('dist/cli/index.js', { args, cwd: folder });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, layout: 'oci', namespace: 'example' });
    expect(asRunnerSees(stdout + stderr).commands).toEqual([]);
    expect(stderr).not.toMatch(/Warning/);
  });

  it('give the same documents for the same files where the time is set', async () => {
    const args = ['--namespace', 'example', ...EXAMPLES];
    const env = { SOURCE_DATE_EPOCH: '1767225600' };
    for (const name of ['one', 'two']) {
      const { code } = await runBundle('dist/cli/index.js', {
        args: ['--oci-layout', name, ...args],
        cwd: folder,
        env,
      });
      expect(code).toBe(0);
    }
    const [one, two] = await Promise.all(
      ['one', 'two'].map((name) => readFile(join(folder, name, 'index.json'), 'utf8')),
    );
    expect(one).toBe(two);
  });

  it('print the result as docs/result.md shows it', async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const [, shown = ''] = /```json\n(.*?)```/s.exec(await readFile(join(root, 'docs/result.md'), 'utf8')) ?? [];
    const paths = EXAMPLES.map((path) => relative(root, path));
    const layout = join(folder, 'oci');
    const args = ['--oci-layout', layout, '--namespace', 'octo-org', '--json', ...paths];
    const { stdout } = await runBundle('dist/cli/index.js', {
      args,
      cwd: root,
      env: { SOURCE_DATE_EPOCH: '1767225600' },
    });
    expect(stdout.replace(JSON.stringify(layout), '"oci"')).toBe(shown);
  });

  it.each([
    [
      'GITHUB_OUTPUT',
      /^Cannot write the outputs of this step: GITHUB_OUTPUT: E\w+: .*; the publish itself is complete%0A/,
    ],
    ['RUNNER_TEMP', /^Cannot write the outputs of this step: result and checksums: E\w+: .*; the publish itself is/],
  ])('fail the step after the publish where %s takes no outputs', async (name, message) => {
    const place = name === 'GITHUB_OUTPUT' ? folder : join(folder, 'absent');
    const given = { INPUT_FILES: EXAMPLES.join('\n'), 'INPUT_OCI-LAYOUT': 'oci', [name]: place };
    const { code, stdout, stderr, summary } = await step(given);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const errors = asRunnerSees(stdout).commands.filter((command) => command.name === 'error');
    expect(errors).toEqual([expect.objectContaining({ data: expect.stringMatching(message) })]);
    expect(summary).toMatch(/^## hello-pyoci/);
    expect(JSON.parse(await readFile(join(folder, 'oci', 'index.json'), 'utf8')).manifests).toHaveLength(1);
  });

  /** What a container gives that runs as a number without a name, and a shell whose folder somebody deleted. */
  const HOMELESS = `data:text/javascript,${encodeURIComponent(`
    import os from 'node:os';
    import { syncBuiltinESMExports } from 'node:module';
    os.homedir = os.userInfo = () => { throw new Error('A system error occurred: uv_os_homedir returned ENOENT'); };
    syncBuiltinESMExports();
  `)}`;
  const NOWHERE = `data:text/javascript,${encodeURIComponent(`
    process.cwd = () => { throw new Error('ENOENT: no such file or directory, uv_cwd'); };
  `)}`;

  it('publish for a user without a home folder, and need one for a pattern with ~ only', async () => {
    const given = { INPUT_FILES: EXAMPLES.join('\n'), 'INPUT_OCI-LAYOUT': 'oci' };
    const { code, stderr } = await step(given, ['--import', HOMELESS]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const homely = await step({ ...given, INPUT_FILES: '~/dist/*.whl' }, ['--import', HOMELESS]);
    expect(homely.code).toBe(1);
    expect(homely.stdout).toContain(
      '::error::Cannot look for ~/dist/*.whl: "~" means the home folder, and this user has',
    );
  });

  it('say so where the current folder was deleted', async () => {
    const { code, stdout, stderr } = await step({}, ['--import', NOWHERE]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(
      /^::error::Cannot look for dist\/\*\.whl, .*: the folder that this step runs in was deleted/m,
    );
  });

  /** Makes every look at a file wait forever, with nothing left that keeps Node alive. */
  const HANG = `data:text/javascript,${encodeURIComponent(`
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const never = () => new Promise(() => {});
    fs.promises.stat = never;
    fs.promises.lstat = never;
    syncBuiltinESMExports();
  `)}`;

  it('never end green when a promise does not settle', async () => {
    const action = await step({ INPUT_FILES: EXAMPLES.join('\n') }, ['--import', HANG]);
    expect(action.code).not.toBe(0);
    expect(action.stdout).toContain('::error::Cannot publish: the run stopped before its end');
    const command = await runBundle('dist/cli/index.js', {
      args: ['--oci-layout', 'oci', ...EXAMPLES],
      cwd: folder,
      nodeArgs: ['--import', HANG],
    });
    expect(command.code).not.toBe(0);
  });
});
