import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setOutputs } from '../../src/action/outputs.js';
import { report } from '../support/outcomes.js';

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

  it('of two steps of one job stand in folders of their own', async () => {
    const [first, second] = [await outputs(), await outputs()];
    expect(dirname(first.get('result') ?? '')).not.toBe(dirname(second.get('result') ?? ''));
  });
});
