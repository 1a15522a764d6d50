import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aWheel, wheelName } from '../support/builders.js';
import { CLIENTS, install } from './support/clients/clients.js';
import { publicWheels } from './support/clients/environments.js';
import { type Served, startServe } from './support/clients/served.js';
import { UsualIndex } from './support/clients/usual-index.js';
import { runCommand } from './support/command.js';
import { ledger } from './support/ledger.js';
import { startCrane } from './support/registries.js';
import { Stage } from './support/stage.js';

const LIB = { name: 'acme-lib', version: '1.0' };
const APP = {
  name: 'acme-app',
  version: '1.0',
  headers: ['Requires-Dist: acme-lib', 'Requires-Dist: idna', 'Requires-Dist: certifi', 'Requires-Dist: six'],
};
const OURS = [LIB, APP];
/** Of the same names and a higher version: what somebody else has put where everybody looks. */
const FORGED = [LIB, APP].map(({ name }) => ({ name, version: '99.0' }));
const forged = Object.fromEntries(FORGED.map((options) => [wheelName(options), aWheel(options)]));
const PUBLIC = [/^certifi-/, /^idna-/, /^six-/];

let folder: string;
let usual: UsualIndex;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-install-'));
  for (const options of OURS) writeFileSync(join(folder, wheelName(options)), aWheel(options));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  usual = await new UsualIndex(publicWheels(), forged).start();
});
afterEach(() => usual.stop());

const files = () => OURS.map((options) => ({ path: join(folder, wheelName(options)), file: wheelName(options) }));

/** Ours in our versions, and the three of others. */
function expectInstalled({ code, projects, output }: Awaited<ReturnType<typeof install>>): void {
  if (code !== 0) throw new Error(`It ended with ${code}\n${output}`);
  expect(projects.slice(0, 2)).toEqual(['acme_app-1.0', 'acme_lib-1.0']);
  expect(projects.slice(2)).toEqual(PUBLIC.map((name) => expect.stringMatching(name)));
}

describe('over a registry with token sign-in', () => {
  let stage: Stage;
  let served: Served;
  const serve = (user = 'reader'): Promise<Served> =>
    startServe(
      [
        '--registry',
        `http://${stage.recorder.host}`,
        '--namespace',
        'owner',
        '--packages',
        'acme-*',
        '--fallback',
        usual.url,
        '--username',
        user,
      ],
      stage.registry.credentials.password,
    );
  beforeAll(async () => {
    stage = await Stage.open();
    stage.workspace.hold(files());
    expect(await stage.publish()).toMatchObject({ code: 0 });
    ledger.knows(stage.registry.credentials.password);
  });
  beforeEach(() => stage.recorder.reset());
  afterEach(() => served.stop());
  afterAll(() => stage.close());

  it.each(Object.keys(CLIENTS))('%s installs ours with what it needs of ours and of others', async (client) => {
    served = await serve();
    const installed = await install(client, 'acme-app', served, usual.url);
    expectInstalled(installed);
    // Nobody was asked for a name that is not his.
    const names = stage.recorder.requests.map(({ path }) => /^\/v2\/(.+)\/(?:tags|manifests|blobs)\//.exec(path)?.[1]);
    expect(new Set(names.filter((name) => name !== undefined))).toEqual(new Set(['owner/acme_app', 'owner/acme_lib']));
    expect(stage.recorder.writes).toEqual([]);
    const strangers = [...usual.asked].filter((name) => name.startsWith('acme'));
    expect(strangers).toEqual([]);
    const password = new URL(served.indexUrl).password;
    for (const lock of Object.values(installed.locks)) expect(lock).not.toContain(password);
    expect(served.log()).not.toContain(password);
  });

  it('a uv project is locked to this index for ours and to the usual one for all others, and to this port', async () => {
    served = await serve();
    const { locks } = await install('uv project', 'acme-app', served, usual.url);
    const lock = locks['uv.lock'] ?? '';
    const registries = [...lock.matchAll(/name = "(.*)"\nversion = .*\nsource = \{ registry = "(.*)" \}/g)];
    const [own, other] = [served.ownedUrl, usual.url].map((url) => url.replace(/\/$/, ''));
    expect(Object.fromEntries(registries.map(([, name, registry]) => [name, registry?.replace(/\/$/, '')]))).toEqual({
      'acme-app': own,
      'acme-lib': own,
      certifi: other,
      idna: other,
      six: other,
    });
    const moved = { ...served, ownedUrl: served.ownedUrl.replace(/:\d+\//, ':18418/') };
    const elsewhere = await install('uv project, locked', 'acme-app', moved, usual.url, locks);
    expect(elsewhere.code).not.toBe(0);
    expect(elsewhere.projects).toEqual([]);
  });

  it('finds a wheel that was added to a version a second before', async () => {
    served = await serve();
    const more = { ...LIB, tag: 'py2-none-any' };
    const page = async () => (await fetch(`${served.url}acme-lib/`, { headers: basic(served) })).text();
    expect(await page()).not.toContain('py2');
    writeFileSync(join(folder, wheelName(more)), aWheel(more));
    stage.workspace.hold([{ path: join(folder, wheelName(more)), file: wheelName(more) }]);
    expect(await stage.publish()).toMatchObject({ code: 0 });
    expect(await page()).toContain('acme_lib-1.0-py2-none-any.whl');
  });
});

describe('never from somewhere else: where the usual index has higher versions of ours, and the registry', () => {
  let stage: Stage;
  let served: Served;
  beforeAll(async () => {
    stage = await Stage.open();
    ledger.knows(stage.registry.credentials.password);
  });
  afterEach(() => served.stop());
  afterAll(() => stage.close());

  it.each(Object.keys(CLIENTS).flatMap((client) => [[client, 'refuses'] as const, [client, 'is down'] as const]))(
    '%s: %s',
    async (client, state) => {
      const host = state === 'is down' ? '127.0.0.1:1' : stage.recorder.host;
      // This user may read nothing below `stranger/`.
      served = await startServe(
        [
          '--registry',
          `http://${host}`,
          '--namespace',
          'stranger',
          '--packages',
          'acme-*',
          '--fallback',
          usual.url,
          '--username',
          'reader',
        ],
        stage.registry.credentials.password,
      );
      const { code, projects, output } = await install(client, 'acme-app', served, usual.url);
      expect(code).not.toBe(0);
      expect(projects).toEqual([]);
      expect([...usual.asked].filter((name) => name.startsWith('acme'))).toEqual([]);
      expect(served.log()).toMatch(/error: .*acme[-_]app/);
      expect(output).not.toContain('99.0');
    },
  );
});

describe('over other homes', () => {
  it.each(['pip', 'uv pip'])("%s installs from crane's registry, without signing in", async (client) => {
    const stage = await Stage.on(startCrane);
    stage.workspace.hold(files());
    expect(await stage.publish()).toMatchObject({ code: 0 });
    const place = ['--registry', `http://${stage.recorder.host}`, '--namespace', 'owner'];
    const served = await startServe([...place, '--packages', 'acme-app,acme-lib', '--fallback', usual.url]);
    expectInstalled(await install(client, 'acme-app', served, usual.url));
    expect(await served.stop()).toBe(0);
    await stage.close();
  });

  it.each(['pip', 'uv pip'])('%s installs from a folder, which says itself what it holds', async (client) => {
    const layout = join(folder, `oci-${client}`);
    const published = await runCommand([
      '--oci-layout',
      layout,
      '--namespace',
      'me',
      ...files().map(({ path }) => path),
    ]);
    expect(published.code).toBe(0);
    const served = await startServe(['--oci-layout', layout, '--fallback', usual.url]);
    expectInstalled(await install(client, 'acme-app', served, usual.url));
    expect(await served.stop()).toBe(0);
  });
});

function basic({ indexUrl }: Served): Record<string, string> {
  const { username, password } = new URL(indexUrl);
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}
