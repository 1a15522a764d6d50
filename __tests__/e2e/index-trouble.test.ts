import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { aWheel, wheelName } from '../support/builders.js';
import { install } from './support/clients/clients.js';
import { type Served, startServe } from './support/clients/served.js';
import { runCommand } from './support/command.js';
import { ledger } from './support/ledger.js';
import { type Mischief, MischievousProxy } from './support/mischief.js';
import { type BasicRegistry, startBasicDistribution } from './support/registries.js';
import { freePort } from './support/server.js';

const LIB = { name: 'acme-lib', files: { 'acme_lib/data': randomBytes(400_000) } };
const APP = {
  name: 'acme-app',
  headers: ['Requires-Dist: acme-lib'],
  files: { 'acme_app/data': randomBytes(400_000) },
};

describe.each(['pip', 'uv pip'])('%s, where the registry', (client) => {
  let registry: BasicRegistry;
  let proxy: MischievousProxy;
  let served: Served;
  let folder: string;
  beforeAll(async () => {
    registry = await startBasicDistribution();
    const { username, password } = registry.credentials;
    ledger.knows(password);
    proxy = new MischievousProxy(registry.host, String(registry.authorize('')));
    await proxy.start();
    folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-trouble-'));
    const files = [LIB, APP].map((options) => {
      const path = join(folder, wheelName(options));
      writeFileSync(path, aWheel(options));
      return path;
    });
    // PyOCI's own form: METADATA has to be had by ranged reads.
    const place = ['--registry', `http://${registry.host}`, '--namespace', 'o', '--no-default-annotations'];
    const { code, stderr } = await runCommand(
      [...place, '--username', username, '--password-stdin', ...files],
      password,
    );
    if (code !== 0) throw new Error(stderr);
  });
  beforeEach(async () => {
    const { username, password } = registry.credentials;
    const place = ['--registry', `http://${proxy.host}`, '--namespace', 'o', '--port', String(await freePort())];
    const ways = ['--packages', 'acme-*', '--fallback', 'none', '--username', username];
    served = await startServe([...place, ...ways], password);
  });
  afterEach(() => served.stop());
  afterAll(async () => {
    await proxy.stop();
    await registry.stop();
    rmSync(folder, { recursive: true });
  });
  const attempt = async (mischief: Mischief) => {
    proxy.mischief = mischief;
    return install(client, 'acme-app', served, served.url);
  };

  it('cuts every third connection: it is installed all the same', async () => {
    const { code, projects, output } = await attempt('cut');
    if (code !== 0) throw new Error(`${output}\n${served.log()}`);
    expect(projects).toEqual(['acme_app-1.0', 'acme_lib-1.0']);
    expect(proxy.cut).toBeGreaterThan(2);
  });

  it('does not know Range: the metadata comes out of the whole wheel', async () => {
    const { code, projects, output } = await attempt('no ranges');
    if (code !== 0) throw new Error(output);
    expect(projects).toEqual(['acme_app-1.0', 'acme_lib-1.0']);
  });

  it('sends on to a storage host: it gets no credentials of the registry', async () => {
    const { code, projects, output } = await attempt('storage');
    if (code !== 0) throw new Error(output);
    expect(projects).toEqual(['acme_app-1.0', 'acme_lib-1.0']);
    expect(proxy.storage.refused).toBe(0);
    expect(proxy.storage.answered).toBeGreaterThan(2);
  });

  it.each<[string, Mischief, RegExp]>([
    ['changes a byte of a file', 'changed', /^error: .*(?:the bytes have digest sha256:|CRC|METADATA)/m],
    ['breaks off in the middle of a file', 'short', /^error: .*(?:acme_app|acme-app|sha256:)/m],
  ])('%s: nothing is installed, and the cause is said', async (_, mischief, cause) => {
    const { code, projects, output } = await attempt(mischief);
    expect(code).not.toBe(0);
    expect(projects).toEqual([]);
    expect(served.log()).toMatch(cause);
    process.stdout.write(`${client}, ${mischief}:\n${output.split('\n').slice(-6).join('\n')}\n${served.log()}\n`);
  });
});

/** What a test has left running, the last first. */
const leftovers: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of leftovers.splice(0).reverse()) await end();
});

it('takes what `docker login` keeps by now, where the registry no longer knows what it kept', async () => {
  const registry = await startBasicDistribution();
  leftovers.push(() => registry.stop());
  const folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-renewed-'));
  leftovers.push(() => rmSync(folder, { recursive: true }));
  const keep = (password: string): void => {
    ledger.knows(password);
    const auth = Buffer.from(`${registry.credentials.username}:${password}`).toString('base64');
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
  };
  keep(registry.credentials.password);
  const place = ['--registry', `http://${registry.host}`, '--namespace', 'o', '--port', String(await freePort())];
  const served = await startServe([...place, '--packages', 'acme-*', '--fallback', 'none'], undefined, {
    DOCKER_CONFIG: folder,
  });
  leftovers.push(() => served.stop());
  const { username, password } = new URL(served.indexUrl);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const page = async () => (await fetch(`${served.url}acme-app/`, { headers: { authorization } })).status;
  expect(await page()).toBe(200);
  registry.changePassword('another-p4ssword');
  // A page that was just read is still good.
  while ((await page()) === 200) await setTimeout(100);
  // Nothing else is kept yet, however often it is asked for.
  for (let times = 0; times < 5; times += 1) expect(await page()).toBe(504);
  keep('another-p4ssword');
  expect(await page()).toBe(200);
  expect(served.log()).toContain(`${registry.host} no longer accepts the credentials from`);
});
