import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aWheel, wheelName } from '../support/builders.js';
import { install } from './support/clients/clients.js';
import { publicWheels } from './support/clients/environments.js';
import { startServe } from './support/clients/served.js';
import { UsualIndex } from './support/clients/usual-index.js';
import { runCommand } from './support/command.js';
import { Reader } from './support/reader.js';
import { type Registry, startOpenDistribution } from './support/registries.js';

/** `YANK_ROUNDS=20 npm run e2e -- /yank` is the long race. */
const ROUNDS = Number(process.env.YANK_ROUNDS || 1);

interface Index {
  readonly annotations: Readonly<Record<string, string>>;
  readonly manifests: readonly { readonly digest: string }[];
}

describe('versions on docker-registry', () => {
  let registry: Registry;
  let home: string;
  const image = (version: string): string => `http://${registry.host}/octo/acme_app:${version}`;
  const indexOf = async (version: string): Promise<Index> => {
    const { bytes } = await new Reader(registry).manifest('octo/acme_app', version);
    return JSON.parse(bytes.toString()) as Index;
  };
  const wordOf = async (version: string) =>
    JSON.parse((await indexOf(version)).annotations['vnd.pyoci-publish.yanked'] ?? '{}') as Record<string, unknown>;
  const publish = async (paths: readonly string[], coordination = 'off') =>
    runCommand([
      '--registry',
      `http://${registry.host}`,
      '--namespace',
      'octo',
      '--coordination',
      coordination,
      ...paths,
    ]);
  const wheel = (version: string, tag = 'py3-none-any'): string => {
    const options = { name: 'acme-app', version, tag };
    const path = join(home, wheelName(options));
    writeFileSync(path, aWheel(options));
    return path;
  };

  beforeAll(async () => {
    registry = await startOpenDistribution();
    home = mkdtempSync(join(tmpdir(), 'pyoci-publish-yank-'));
    expect(await publish(['1.0', '1.1', '2.0'].map((version) => wheel(version)))).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await registry.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it(`are yanked and restored by six processes at once, and all of them agree in the end, ${ROUNDS} times`, async () => {
    const before = (await indexOf('1.0')).manifests;
    for (let round = 0; round < ROUNDS; round += 1) {
      const runs = Array.from({ length: 6 }, (__, at) =>
        runCommand(['yank', '--json', image('1.0'), ...(at % 2 ? ['--undo'] : ['--reason', `by ${at} in ${round}`])]),
      );
      const told = (await Promise.all(runs)).map(({ code, stdout }) => {
        expect(code).toBe(0);
        return JSON.parse(stdout) as { readonly status: string; readonly at?: string; readonly yanked?: boolean };
      });
      const word = await wordOf('1.0');
      const latest = [...told.map(({ at = '' }) => at)].sort((a, b) => (a < b ? 1 : -1))[0];
      expect(word.at).toBe(latest);
      expect(told.filter(({ status }) => status !== 'unchanged').length).toBeGreaterThan(0);
      expect((await indexOf('1.0')).manifests).toEqual(before);
    }
    expect(await runCommand(['yank', '--undo', image('1.0')])).toMatchObject({ code: 0 });
    expect((await wordOf('1.0')).yanked).toBe(false);
  });

  it('keep the word and the file where one yanks and another one publishes', async () => {
    const more = wheel('1.1', 'cp311-abi3-manylinux_2_17_x86_64');
    const [published, yanked] = await Promise.all([
      publish([more], 'settle'),
      runCommand(['yank', image('1.1'), '--reason', 'it loses data']),
    ]);
    expect([published.code, yanked.code]).toEqual([0, 0]);
    expect((await indexOf('1.1')).manifests).toHaveLength(2);
    expect(await wordOf('1.1')).toMatchObject({ yanked: true, reason: 'it loses data' });
    expect(await runCommand(['yank', '--undo', image('1.1')])).toMatchObject({ code: 0 });
  });

  it.each(['pip', 'uv pip'])('that are yanked are passed over by %s, unless they are pinned', async (client) => {
    expect(await runCommand(['yank', image('2.0'), '--reason', 'it loses data'])).toMatchObject({ code: 0 });
    const usual = await new UsualIndex(publicWheels()).start();
    const place = ['--registry', `http://${registry.host}`, '--namespace', 'octo', '--packages', 'acme-app'];
    const served = await startServe([...place, '--fallback', usual.url]);
    try {
      const open = await install(client, 'acme-app', served, usual.url);
      expect([open.code, open.projects]).toEqual([0, ['acme_app-1.1']]);
      const pinned = await install(client, 'acme-app==2.0', served, usual.url);
      expect([pinned.code, pinned.projects]).toEqual([0, ['acme_app-2.0']]);
      expect(pinned.output).toMatch(/yanked.*it loses data/s);
    } finally {
      await served.stop();
      await usual.stop();
    }
  });
});
