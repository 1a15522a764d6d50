import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOutputs } from '../e2e/support/file-commands.js';
import { ATTACKS } from '../support/attacks.js';
import { anSdist, aWheel, metadataText } from '../support/builders.js';
import { STAGES, startHostileRegistry } from '../support/hostile/registry.js';
import { asRunnerSees } from '../support/runner-parser.js';
import { runBundle } from './bundle.js';

/** Commands that we give ourselves. Any other one was put into our mouth. */
const OURS = ['debug', 'notice', 'warning', 'error', 'group', 'endgroup'];
/** How an annotation or a mask would look whose text is not ours. */
const FORGED = /^\W*(?:forged|6\.6\.6|a$|y::|z$|token$|--require)/;
/** What only a file of the attacks could have put into the summary. */
const ACTIVE = /<(?:script|img|b\b)|\]\(https:\/\/evil|(?<![\w`/>;])@octo-org|^> \[!NOTE\]|^\| cell|\\href\{/m;
const SECRET = 'hunter2hunter2';

const fileName = (attack: string): string =>
  attack
    .replace(/[/\0]/g, '_')
    .replace(/\p{Cs}/gu, '_')
    .slice(0, 100);
/** Header values are of one line; control characters are refused, which quotes them. */
const fields = ATTACKS.map((attack) => attack.replace(/[\r\n]/g, ' '));
const spread = (text: string): string => fields.map((attack) => text.replace('%', () => attack)).join('\n');

describe('texts made to be obeyed', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attack-'));
    await mkdir(join(folder, 'dist'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const hold = (name: string, bytes: Buffer | string): Promise<void> => writeFile(join(folder, 'dist', name), bytes);

  /** Runs the action and expects that a runner obeys nothing but ours. */
  async function step(inputs: Readonly<Record<string, string>>): Promise<{ code: number | null; shown: string }> {
    const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
    for (const path of Object.values(files)) await writeFile(path, '');
    const { code, stdout, stderr } = await runBundle('dist/index.js', {
      env: {
        GITHUB_ACTIONS: 'true',
        RUNNER_DEBUG: '1',
        RUNNER_TEMP: folder,
        INPUT_NAMESPACE: 'owner',
        INPUT_PASSWORD: SECRET,
        INPUT_USERNAME: 'robin',
        ...files,
        ...inputs,
      },
      cwd: folder,
    });
    const { commands, lines } = asRunnerSees(`${stdout}\n${stderr}`);
    const masks = commands.filter(({ name }) => name === 'add-mask').map(({ data }) => data);
    expect(
      masks.filter((mask) => mask !== SECRET && mask !== Buffer.from(`robin:${SECRET}`).toString('base64')),
    ).toEqual([]);
    const others = commands.filter(({ name }) => name !== 'add-mask');
    expect(others.filter(({ name }) => !OURS.includes(name))).toEqual([]);
    expect(others.filter(({ name, data }) => name !== 'endgroup' && FORGED.test(data))).toEqual([]);
    expect(lines.filter((line) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line))).toEqual([]);
    expect(await readFile(files.GITHUB_STEP_SUMMARY, 'utf8')).not.toMatch(ACTIVE);
    const outputs = readOutputs(await readFile(files.GITHUB_OUTPUT, 'utf8'));
    expect(Object.keys(outputs).filter((name) => !/^[a-z-]+$/.test(name))).toEqual([]);
    return { code, shown: stdout };
  }

  /** Runs the command and expects that neither a runner nor a terminal obeys anything. */
  async function command(...args: readonly string[]): Promise<string> {
    const { stdout, stderr } = await runBundle('dist/cli/index.js', { args, cwd: folder });
    expect(asRunnerSees(stderr).commands).toEqual([]);
    expect(stderr.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    if (args.includes('--json')) expect(() => JSON.parse(stdout)).not.toThrow();
    return stderr;
  }

  it('are shown as names of files', async () => {
    const names = ATTACKS.flatMap((attack) => [`${fileName(attack)}.whl`, `${fileName(attack)}-1.0.tar.gz`]);
    for (const name of names) await hold(name, 'x');
    const { code, shown } = await step({ INPUT_FILES: 'dist/*' });
    expect(code).toBe(1);
    expect(shown).toContain('forged');
    const said = await command('--oci-layout', 'oci', '--json', ...names.map((name) => join('dist', name)));
    expect(said).toContain('forged');
  });

  it('are shown as metadata that is refused', async () => {
    for (const [at, attack] of fields.entries()) {
      await hold(
        `foo-1.${at}-py3-none-any.whl`,
        aWheel({
          version: `1.${at}`,
          metadata: metadataText({ name: attack, version: attack, metadataVersion: attack }),
        }),
      );
      await hold(`foo-2.${at}.tar.gz`, anSdist({ version: `2.${at}`, top: attack.replace(/\//g, '_').slice(0, 60) }));
    }
    const { code } = await step({});
    expect(code).toBe(1);
    await command('--oci-layout', 'oci', join('dist', 'foo-1.0-py3-none-any.whl'), join('dist', 'foo-2.0.tar.gz'));
  });

  it('are shown as metadata that is published', async () => {
    const printed = fields.filter((field) => !/[\p{Cc}\p{Zl}\p{Zp}\ud800]/u.test(field));
    const headers = printed.flatMap((field) => [
      `Summary: ${field}`,
      `Author: ${field}`,
      `Project-URL: ${field.slice(0, 30).replaceAll(',', ' ')}, https://x.example/${field}`,
      `Classifier: PyOCI :: Label :: ${field} :: ${field}`,
      `Project-URL: ${field}`,
    ]);
    await hold('foo-1.0-py3-none-any.whl', aWheel({ headers }));
    const { code } = await step({ 'INPUT_OCI-LAYOUT': 'oci', INPUT_USERNAME: '', INPUT_PASSWORD: '' });
    expect(code).toBe(0);
    await command('--oci-layout', 'oci2', '--namespace', 'owner', '--json', join('dist', 'foo-1.0-py3-none-any.whl'));
  });

  it('are shown as inputs', async () => {
    const { code } = await step({
      INPUT_ANNOTATIONS: spread('%'),
      INPUT_REGISTRY: spread('%'),
      'INPUT_IF-EXISTS': spread('%'),
      INPUT_CONCURRENCY: spread('%'),
    });
    expect(code).toBe(1);
    await command('--annotations', spread('%'), '--registry', spread('%'), '--if-exists', spread('%'), 'x.whl');
    await command(`--${fields[0]}`, ...fields);
  });

  it.each(STAGES)('are shown as the words of a registry: %s', async (stage) => {
    const registry = await startHostileRegistry(stage, ATTACKS);
    try {
      for (const name of ['pa', 'pb', 'pc', 'pd', 'pe', 'pf'])
        await hold(`${name}-1.0-py3-none-any.whl`, aWheel({ name }));
      const { code } = await step({ INPUT_REGISTRY: registry.host, INPUT_COORDINATION: 'off' });
      expect(code).toBe(1);
      await command(
        '--registry',
        registry.host,
        '--namespace',
        'owner',
        '--coordination',
        'off',
        '--json',
        join('dist', 'pa-1.0-py3-none-any.whl'),
      );
    } finally {
      await registry.close();
    }
  });
});
