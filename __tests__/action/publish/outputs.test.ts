import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { setOutputs } from '../../../src/action/publish/outputs.js';
import { UserError } from '../../../src/core/errors.js';
import type { Report } from '../../../src/publish/report/report.js';
import { report } from '../../support/outcomes.js';

describe('the outputs of the step', () => {
  let temp: string;
  beforeEach(async () => {
    temp = await mkdtemp(join(tmpdir(), 'outputs-'));
  });
  afterEach(() => rm(temp, { recursive: true, force: true }));

  async function outputs(lineEnd = '\n'): Promise<Map<string, string>> {
    const set = new Map<string, string>();
    const toolkit = { setOutput: (name: string, value: string) => set.set(name, value) };
    await setOutputs(toolkit, report(), { temp, lineEnd });
    return set;
  }

  it('are all set, values and paths', async () => {
    const set = await outputs();
    expect([...set.keys()]).toEqual([
      'name',
      'version',
      'image',
      'digest',
      'index-url',
      'files',
      'attachments',
      'result',
      'checksums',
    ]);
    expect(set.get('image')).toBe('ghcr.io/octo-org/demo:1.0');
    expect(JSON.parse(await readFile(set.get('result') ?? '', 'utf8'))).toMatchObject({
      ok: true,
      versions: [{ name: 'demo' }],
    });
    expect(await readFile(set.get('checksums') ?? '', 'utf8')).toBe(`${'a'.repeat(64)}  demo-1.0.tar.gz\n`);
  });

  it('name checksums whose lines end as lines do on the machine', async () => {
    const text = await readFile((await outputs('\r\n')).get('checksums') ?? '', 'utf8');
    expect(text).toBe(`${'a'.repeat(64)}  demo-1.0.tar.gz\r\n`);
  });

  it('name files by their whole path, wherever the steps after this one run', async () => {
    const set = new Map<string, string>();
    const toolkit = { setOutput: (name: string, value: string) => set.set(name, value) };
    await setOutputs(toolkit, report(), { temp: relative(process.cwd(), temp), lineEnd: '\n' });
    expect(dirname(dirname(set.get('result') ?? ''))).toBe(temp);
  });

  describe('that cannot be written', () => {
    const FULL = 'ENOSPC: no space left on device, write';

    /** What it is told of, and what is set nevertheless. */
    async function failing(broken: { names?: readonly string[]; temp?: string }, told: Report = report()) {
      const set: string[] = [];
      const setOutput = (name: string): void => {
        if (broken.names?.includes(name)) throw new Error(FULL);
        set.push(name);
      };
      const setting = setOutputs({ setOutput }, told, { temp: broken.temp ?? temp, lineEnd: '\n' });
      const error = await setting.catch((thrown: unknown) => thrown);
      if (!(error instanceof UserError)) throw new Error('everything was written');
      expect(error.hint).toMatch(/run the job again.*unchanged/);
      return { message: error.message, set };
    }

    it('are told each cause once, with what became of the publish', async () => {
      const { message } = await failing({ names: ['name', 'version', 'image', 'result'] });
      expect(message).toBe(
        `Cannot write the outputs of this step: GITHUB_OUTPUT: ${FULL}; the publish itself is complete`,
      );
    });

    it('do not keep the others from being set', async () => {
      const { set } = await failing({ names: ['version'] });
      expect(set).toEqual(['name', 'image', 'digest', 'index-url', 'files', 'attachments', 'result', 'checksums']);
    });

    it.each(['absent', 'file'])('are result and checksums where the folder is no folder: %s', async (name) => {
      await writeFile(join(temp, 'file'), '');
      const { message, set } = await failing({ temp: join(temp, name) });
      expect(message).toMatch(
        /^Cannot write the outputs of this step: result and checksums: .*ENO\w+: .*; the publish/,
      );
      expect(set).toEqual(['name', 'version', 'image', 'digest', 'index-url', 'files', 'attachments']);
    });

    it('are told with both causes where there are two', async () => {
      const { message } = await failing({ names: ['name'], temp: join(temp, 'absent') });
      expect(message).toMatch(
        /result and checksums: .*ENOENT.*; GITHUB_OUTPUT: ENOSPC.*; the publish itself is complete$/,
      );
    });

    it('do not make a dry run or a failure look like a publish', async () => {
      const { outcome, ...rest } = report();
      const dry = { ...rest, outcome: outcome && { ...outcome, dryRun: true } };
      expect((await failing({ names: ['name'] }, dry)).message).toMatch(/; the dry run itself is complete$/);
      const failed = { address: undefined, outcome: undefined, error: new UserError('Cannot sign in') };
      expect((await failing({ names: ['name'] }, failed)).message).toMatch(/; the publish itself failed$/);
    });
  });

  it('of two steps of one job stand in folders of their own', async () => {
    const [first, second] = [await outputs(), await outputs()];
    expect(dirname(first.get('result') ?? '')).not.toBe(dirname(second.get('result') ?? ''));
  });
});
