import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { aWheel, wheelName } from '../support/builders.js';
import { readOutputs } from './support/file-commands.js';
import { ledger } from './support/ledger.js';
import { nodeOf } from './support/node.js';
import { bundle } from './support/runner.js';
import { Stage } from './support/stage.js';
import { readLog } from './support/workflow-commands.js';

const WHEEL = { name: 'acme-app', version: '1.0' };
const FILES = { GITHUB_OUTPUT: 'output', GITHUB_STEP_SUMMARY: 'summary', GITHUB_STATE: 'state', GITHUB_ENV: 'env' };

describe.each([20, 24] as const)('the index action on Node %d', (major) => {
  let stage: Stage;
  let temp: string;
  const node = nodeOf(major);

  beforeAll(async () => {
    stage = await Stage.open();
    const folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-wheel-'));
    writeFileSync(join(folder, wheelName(WHEEL)), aWheel(WHEEL));
    stage.workspace.hold([{ path: join(folder, wheelName(WHEEL)), file: wheelName(WHEEL) }]);
    expect(await stage.publish()).toMatchObject({ code: 0 });
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    temp = mkdtempSync(join(tmpdir(), 'pyoci-publish-index-action-'));
    for (const name of Object.values(FILES)) writeFileSync(join(temp, name), '');
  });
  afterEach(() => rmSync(temp, { recursive: true, force: true }));
  afterAll(() => stage.close());

  const read = (name: string): string => readFileSync(join(temp, name), 'utf8');
  const step = async (inputs: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) => {
    const { username, password } = stage.registry.credentials;
    const given = {
      registry: stage.recorder.host,
      namespace: 'owner',
      username,
      password,
      fallback: 'none',
      export: 'pip names',
      ...inputs,
    };
    const child = spawn(node, [bundle('index-action/index.js')], {
      env: {
        PATH: process.env.PATH,
        HOME: temp,
        PIP_CONFIG_FILE: '/dev/null',
        DOCKER_CONFIG: '/nonexistent',
        RUNNER_TEMP: temp,
        GITHUB_ACTIONS: 'true',
        GITHUB_REPOSITORY_OWNER: 'Owner',
        ACTIONS_RUNTIME_TOKEN: 'runtime-token-of-the-job',
        ...Object.fromEntries(Object.entries(FILES).map(([name, file]) => [name, join(temp, file)])),
        ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
        ...more,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    ledger.knows(password, 'runtime-token-of-the-job');
    const log = readLog(stdout + stderr);
    ledger.keeps('the log of the index action', log.shown);
    return { code: child.exitCode, log, raw: stdout + stderr };
  };
  const state = () =>
    Object.fromEntries(Object.entries(readOutputs(read('state'))).map(([name, value]) => [`STATE_${name}`, value]));

  it('starts an index, leads later steps there, and ends it with a report', async () => {
    const started = await step({ packages: 'acme-app\nother-*' });
    expect(started).toMatchObject({ code: 0 });
    const outputs = readOutputs(read('output'));
    const {
      password,
      pid = '',
      url = '',
    } = Object.fromEntries(Object.entries(state()).map(([name, value]) => [name.replace('STATE_', ''), value]));
    expect(started.log.masks).toContain(password);
    expect(outputs).toMatchObject({ url, 'owned-url': url.replace('/simple/', '/owned/') });
    expect(outputs['index-url']).toBe(url.replace('://', `://pyoci:${password}@`));
    expect(readOutputs(read('env'))).toMatchObject({
      PIP_INDEX_URL: outputs['index-url'],
      PIP_EXTRA_INDEX_URL: outputs['index-url'],
      UV_INDEX_PYOCI_PASSWORD: password,
    });

    const environ = readFileSync(`/proc/${pid}/environ`, 'utf8');
    for (const secret of [stage.registry.credentials.password, 'runtime-token-of-the-job', String(password)]) {
      expect(environ).not.toContain(secret);
      expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(secret);
    }
    expect(environ).not.toMatch(/INPUT_|GITHUB_|ACTIONS_/);

    const authorization = `Basic ${Buffer.from(`x:${password}`).toString('base64')}`;
    const page = await (await fetch(`${url}acme-app/`, { headers: { authorization } })).text();
    const [, file = ''] = /href="\.\.\/\.\.\/([^"#]+)/.exec(page) ?? [];
    const wheel = await fetch(new URL(`../${file}`, url), { headers: { authorization } });
    expect(Buffer.from(await wheel.arrayBuffer()).equals(aWheel(WHEEL))).toBe(true);

    const ended = await step({}, state());
    expect(ended.code).toBe(0);
    expect(ended.log.annotations).toEqual([]);
    expect(ended.raw).toContain('::group::Log of the package index');
    expect(read('summary')).toContain('| acme-app | 1 |');
    await gone(Number(pid));
  });

  it('annotates an owned name that failed, and says so when the index is gone before the job', async () => {
    expect(await step({ packages: 'stranger/*' })).toMatchObject({ code: 0 });
    const { STATE_password: password, STATE_url: url = '', STATE_pid: pid } = state();
    const authorization = `Basic ${Buffer.from(`x:${password}`).toString('base64')}`;
    expect((await fetch(`${url}acme-app/`, { headers: { authorization } })).status).toBe(504);
    const ended = await step({}, state());
    expect(ended.log.annotations).toEqual([
      expect.objectContaining({
        kind: 'error',
        message: expect.stringContaining('acme-app is not in the registry, or these credentials may not read it'),
      }),
    ]);
    await gone(Number(pid));
    const again = await step({}, state());
    expect(again.code).toBe(0);
    expect(again.log.annotations).toEqual([
      expect.objectContaining({ kind: 'warning', message: expect.stringContaining('had ended before the job did') }),
    ]);
  });

  it.each([
    [{ packages: '' }, /input `packages`: nothing was given/],
    [{ packages: 'acme-app', export: 'npm' }, /input `export`: found "npm", expected some of pip, pdm/],
    [{ packages: '*', fallback: 'https://x.example/' }, /set input `fallback` to none/],
  ])('fails before it starts anything: %j', async (inputs, message) => {
    const { code, log } = await step(inputs);
    expect(code).toBe(1);
    expect(log.annotations.map((annotation) => annotation.message).join('\n')).toMatch(message);
    expect(read('state') + read('env') + read('output')).toBe('');
  });

  it('fails with a text where no input is set at all', () => {
    const { status, stdout } = spawnSync(node, [bundle('index-action/index.js')], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error::/m);
  });
});

/** Resolves when the process has ended. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
