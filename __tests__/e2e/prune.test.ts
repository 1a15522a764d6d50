import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { install } from './support/clients/clients.js';
import { startServe } from './support/clients/served.js';
import { runCommand } from './support/command.js';
import { readOutputs } from './support/file-commands.js';
import { channel, heldBy, type Published, publishVersions } from './support/nightlies.js';
import { Recorder } from './support/recorder.js';
import { type Registry, startCrane, startOlareg, startOpenDistribution } from './support/registries.js';
import { bundle } from './support/runner.js';
import { readLog } from './support/workflow-commands.js';

/** All of what is kept is installed with `all`; else the highest of each class, and the bytes of all are looked at. */
const ROUNDS = process.env.PRUNE_ROUNDS ?? 'short';
const NAME = 'acme_nightly';
const VERSIONS = channel(10, 24);

interface Row {
  readonly version: string;
  readonly tag: string;
  readonly class: string;
  readonly goes: boolean;
  readonly deleted: boolean;
}

/** What came to be of a package, as the command tells programs. */
interface Told {
  readonly ok: boolean;
  readonly packages: readonly { readonly versions: readonly Row[] }[];
}

/** Rules, and how many of 300 versions they take one after the other. */
const RULES: readonly (readonly [string, readonly string[], number])[] = [
  ['five newest nightlies of each line', ['--dev', '--keep-last', '5', '--per', 'minor'], 190],
  ['five newest nightlies', ['--dev', '--keep-last', '5'], 45],
  ['no candidates but of 1.9', ['--pre', '--keep-last', '0', '--keep', '==1.9.*'], 18],
  ['newest local build of each release', ['--local', '--keep-last', '1', '--per', 'release'], 10],
  [
    'newest final of each line, older than a week',
    ['--finals', '--keep-last', '1', '--per', 'minor', '--older-than', '1w'],
    10,
  ],
];

describe('prune on distribution', () => {
  let registry: Registry;
  let recorder: Recorder;
  beforeAll(async () => {
    registry = await startOpenDistribution();
    recorder = new Recorder(registry.host);
    await recorder.start();
  });
  afterAll(async () => {
    await recorder.stop();
    await registry.stop();
  });
  const home = () => ({ host: registry.host, credentials: { kind: 'anonymous' as const } });
  const prune = (repository: string, ...rules: readonly string[]) =>
    runCommand(['prune', ...rules, `http://${recorder.host}/${repository}`]);

  it('takes by five sets of rules what they say, and leaves everything else to be installed', async () => {
    const repository = `owner/${NAME}`;
    const published = await publishVersions(home(), repository, VERSIONS);
    expect(published).toHaveLength(300);
    let left: readonly Published[] = published;
    for (const [title, rules, count] of RULES) {
      recorder.reset();
      const table = await prune(repository, ...rules);
      expect(table.code).toBe(0);
      expect(recorder.writes).toEqual([]);
      expect(table.stdout.split('\n').filter((line) => line.startsWith('  goes'))).toHaveLength(count);
      recorder.reset();
      const { code, stdout } = await prune(repository, '--apply', '--json', ...rules);
      const { versions } = (JSON.parse(stdout) as Told).packages[0] ?? { versions: [] };
      const gone = new Set(versions.filter(({ deleted }) => deleted).map(({ tag }) => tag));
      expect({ title, code, gone: gone.size }).toEqual({ title, code: 0, gone: count });
      process.stdout.write(
        `${title}: ${count} of ${versions.length} versions, ${recorder.requests.length} requests, ${recorder.writes.length} of them writes\n`,
      );
      left = left.filter(({ tag }) => !gone.has(tag));
    }
    const digests = published.flatMap(({ index, files }) => [index, ...files]);
    const wanted = new Set(left.flatMap(({ index, files }) => [index, ...files]));
    expect(await heldBy(registry.host, repository, digests)).toEqual(wanted);
    await expectInstallable(left);
  }, 600_000);

  /** Every byte comes through the index, and pip installs. */
  const expectInstallable = async (left: readonly Published[]): Promise<void> => {
    const place = ['--registry', `http://${registry.host}`, '--namespace', 'owner'];
    const served = await startServe([...place, '--packages', '*', '--fallback', 'none']);
    try {
      const { password } = new URL(served.indexUrl);
      const authorization = `Basic ${Buffer.from(`x:${password}`).toString('base64')}`;
      const headers = { authorization, accept: 'application/vnd.pypi.simple.v1+json' };
      const page = await (await fetch(`${served.url}acme-nightly/`, { headers })).json();
      const { files } = page as { readonly files: readonly { readonly filename: string; readonly url: string }[] };
      expect(files.map(({ filename }) => filename.split('-')[1]).sort()).toEqual(
        left.map(({ version }) => version).sort(),
      );
      for (const { url } of files) {
        const answer = await fetch(new URL(url, `${served.url}acme-nightly/`), { headers });
        expect(answer.status).toBe(200);
        await answer.arrayBuffer();
      }
      const all = left.map(({ version }) => version);
      const sample = [/^[\d.]+$/, /rc/, /\+/, /dev/].flatMap(
        (form) => all.findLast((version) => form.test(version)) ?? [],
      );
      for (const version of ROUNDS === 'all' ? all : sample) {
        const { code, projects } = await install('pip', `acme-nightly===${version}`, served, 'none');
        expect({ version, code, projects }).toEqual({ version, code: 0, projects: [`acme_nightly-${version}`] });
      }
    } finally {
      await served.stop();
    }
  };

  it('is finished by the next run, whichever request it is killed at', async () => {
    const rules = ['--dev', '--keep-last', '1', '--apply'];
    const versions = ['1.0', '1.1.dev1', '1.1.dev2', '1.1.dev3'];
    let number = 1;
    for (let killed = true; killed; number += 1) {
      const repository = `owner/killed_${number}`;
      const published = await publishVersions(home(), repository, versions);
      recorder.reset();
      killed = await killedAt(number, ['prune', ...rules, `http://${recorder.host}/${repository}`]);
      recorder.reset();
      const of = (...tags: readonly string[]) =>
        published.filter(({ tag }) => tags.includes(tag)).flatMap(({ index, files }) => [index, ...files]);
      const whole = of('1.0', '1.1.dev3');
      expect({ number, held: await heldBy(registry.host, repository, whole) }).toEqual({
        number,
        held: new Set(whole),
      });
      expect({ number, ...(await prune(repository, ...rules)) }).toMatchObject({ number, code: 0 });
      const all = [...whole, ...of('1.1.dev1', '1.1.dev2')];
      expect({ number, held: await heldBy(registry.host, repository, all) }).toEqual({ number, held: new Set(whole) });
      const list = await (await fetch(`http://${registry.host}/v2/${repository}/tags/list`)).json();
      expect(new Set((list as { readonly tags: string[] }).tags)).toEqual(new Set(['1.0', '1.1.dev3']));
    }
    process.stdout.write(`killed at each of ${number - 2} requests\n`);
    // The tags twice, four indexes, the question for the right, the note, two indexes, the tags and indexes again, two files.
    expect(number).toBeGreaterThan(16);
  }, 600_000);

  /** Resolves to `false` if the command was over before its request of that number. */
  const killedAt = async (number: number, args: readonly string[]): Promise<boolean> => {
    const child = spawn(process.execPath, [bundle('cli/index.js'), ...args], {
      env: { PATH: process.env.PATH, DOCKER_CONFIG: '/nonexistent' },
      stdio: 'ignore',
    });
    recorder.gate = (at) => {
      if (at === number) child.kill('SIGKILL');
      return at < number;
    };
    await once(child, 'close');
    if (child.exitCode !== null && child.exitCode !== 0) throw new Error(`prune failed before request ${number}`);
    return child.exitCode === null;
  };

  it('is a step that shows a table, and deletes only if it is told to', async () => {
    const repository = 'owner/acme_step';
    const published = await publishVersions(home(), repository, ['1.0', '1.1.dev1', '1.1.dev2']);
    const inputs = { packages: `http://${recorder.host}/${repository}`, dev: 'true', 'keep-last': '1' };
    recorder.reset();
    const shown = await step(inputs);
    expect(shown).toMatchObject({ code: 0, outputs: { going: '1', deleted: '0' } });
    expect(shown.summary).toContain(
      '1 of 3 versions goes (2 dev, 1 final). Nothing was deleted; to delete what goes: set `apply: true`',
    );
    expect(shown.summary).toContain('| <code>goes</code> | <code>1.1.dev1</code> | <code>dev</code> |');
    expect(recorder.writes).toEqual([]);
    const applied = await step({ ...inputs, apply: 'true' });
    expect(applied).toMatchObject({ code: 0, outputs: { going: '1', deleted: '1' } });
    expect(applied.result).toMatchObject({ ok: true, applied: true, deletedVersions: 1 });
    const digests = published.flatMap(({ index, files }) => [index, ...files]);
    expect(await heldBy(registry.host, repository, digests)).toEqual(
      new Set(published.filter(({ tag }) => tag !== '1.1.dev1').flatMap(({ index, files }) => [index, ...files])),
    );
    const refused = await step({ ...inputs, finals: 'true', 'keep-last': '0' });
    expect(refused.code).toBe(1);
    expect(refused.log.annotations.map(({ message }) => message).join()).toMatch(
      /the rules take all of its 2 versions.*keep some with input `keep-last`; if all are to go, give input `even-all`/s,
    );
    const nothing = await step({});
    expect(nothing.code).toBe(1);
    expect(nothing.log.annotations.map(({ message }) => message).join()).toContain(
      'input `packages`: nothing was given',
    );
    const wrong = await step({ ...inputs, 'older-than': 'soon' });
    expect(wrong.log.annotations.map(({ message }) => message).join()).toContain('input `older-than`: found "soon"');
  });
});

describe.each([
  ['crane, which leaves tags of what was deleted', startCrane],
  ['olareg', startOlareg],
])('prune on %s', (_, start) => {
  it('leaves nothing of what goes', async () => {
    const registry = await start();
    try {
      const home = { host: registry.host, credentials: { kind: 'anonymous' as const } };
      const published = await publishVersions(home, 'owner/acme_left', ['1.0', '1.1.dev1', '1.1.dev2', '1.1.dev3']);
      const line = ['prune', '--dev', '--keep-last', '1', '--apply', `http://${registry.host}/owner/acme_left`];
      expect(await runCommand(line)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('2 of 4 versions were'),
      });
      const list = await (await fetch(`http://${registry.host}/v2/owner/acme_left/tags/list`)).json();
      expect(list).toMatchObject({ tags: ['1.0', '1.1.dev3'] });
      const digests = published.flatMap(({ index, files }) => [index, ...files]);
      expect((await heldBy(registry.host, 'owner/acme_left', digests)).size).toBe(4);
    } finally {
      await registry.stop();
    }
  }, 60_000);
});

const FILES = { GITHUB_OUTPUT: 'output', GITHUB_STEP_SUMMARY: 'summary', GITHUB_STATE: 'state', GITHUB_ENV: 'env' };

/** Runs the action as a runner does. */
async function step(inputs: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) {
  const temp = mkdtempSync(join(tmpdir(), 'pyoci-publish-prune-action-'));
  try {
    for (const name of Object.values(FILES)) writeFileSync(join(temp, name), '');
    const child = spawn(process.execPath, [bundle('prune/index.js')], {
      env: {
        PATH: process.env.PATH,
        HOME: temp,
        DOCKER_CONFIG: '/nonexistent',
        RUNNER_TEMP: temp,
        GITHUB_ACTIONS: 'true',
        ...Object.fromEntries(Object.entries(FILES).map(([name, file]) => [name, join(temp, file)])),
        ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
        ...more,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    const outputs = readOutputs(readFileSync(join(temp, 'output'), 'utf8'));
    return {
      code: child.exitCode,
      log: readLog(stdout + stderr),
      outputs,
      summary: readFileSync(join(temp, 'summary'), 'utf8'),
      result: outputs.result ? (JSON.parse(readFileSync(outputs.result, 'utf8')) as object) : undefined,
    };
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}
