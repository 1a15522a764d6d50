import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { loginIn } from '../../src/oci/registry/login/credential-helper.js';
import { isKeyOf, pathOfKey } from '../../src/oci/registry/login/docker-host.js';
import { keptCredentials } from '../../src/oci/registry/login/kept-credentials.js';
import { HOSTS } from './hosts.js';
import { each, endless, type Target, target } from './target.js';

/** Entries of other hosts that look like this one. */
const keys = fc.oneof(
  HOSTS,
  fc.constantFrom(
    'ghcr.io',
    'ghcr.io.evil.example',
    'evil-ghcr.io',
    'https://ghcr.io/v2/',
    'ghcr.io@evil.example',
    'https://evil.example/ghcr.io',
    'ghcr.io:443',
    'docker.io',
    'https://index.docker.io/v1/',
    'ghcr.io/owner',
    'ghcr.io/owner/demo',
    'docker.io/owner/demo',
    'ghcr.io.evil.example/owner/demo',
  ),
);
const dockerKeys = target(
  'hosts of the Docker config',
  fc.tuple(keys, fc.constantFrom('ghcr.io', 'localhost:5000', 'docker.io')),
  ([key, host]) => {
    const path = pathOfKey(key, host);
    if (path !== undefined) assert.equal(new URL(`https://${key}`).pathname, `/${path}`);
    if (!isKeyOf(key, host) && path === undefined) return;
    const named = new URL(/^https?:\/\//i.test(key) ? key.replace(/^http:/i, 'https:') : `https://${key}`);
    const hub = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];
    assert.ok(named.host === new URL(`https://${host}`).host || (host === 'docker.io' && hub.includes(named.host)));
    assert.deepEqual([named.username, named.password], ['', '']);
  },
  () => each(endless(64 * 1024, ['', 'https://']), (text) => [text, 'ghcr.io'] as [string, string]),
);

const secrets = fc
  .constantFrom('robin:pass', 'robin:', ':pass', 'robin')
  .map((text) => Buffer.from(text).toString('base64'));
const dockerText = fc.oneof(
  fc.json(),
  fc
    .record(
      {
        auths: fc.dictionary(
          keys,
          fc.oneof(
            fc.record(
              { auth: fc.oneof(secrets, fc.string()), identitytoken: fc.string(), username: fc.jsonValue() },
              { requiredKeys: [] },
            ),
            fc.jsonValue(),
          ) as fc.Arbitrary<unknown>,
        ),
        credHelpers: fc.oneof(
          fc.dictionary(keys, fc.constantFrom('x', '../x', 'a b')) as fc.Arbitrary<unknown>,
          fc.jsonValue(),
        ),
        credsStore: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map((config) => JSON.stringify(config)),
);
const dockerConfigs = target(
  'Docker config',
  fc.tuple(dockerText, fc.constantFrom('ghcr.io', '__proto__', 'docker.io')),
  async ([text, host]) => {
    const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
    try {
      writeFileSync(join(folder, 'config.json'), text);
      const asked: string[] = [];
      const silent = (): void => {};
      const place = { host, within: 'owner' };
      const kept = await keptCredentials(place, {
        folders: { env: { DOCKER_CONFIG: folder }, home: folder },
        runHelper: async (name) => {
          asked.push(name);
          return undefined;
        },
        log: {
          debug: silent,
          info: silent,
          notice: silent,
          warning: silent,
          error: silent,
          group: async (_title, work) => work(),
        },
        masker: { mask: silent },
      });
      for (const found of [kept.credentials, ...kept.narrower.map(({ credentials }) => credentials)]) {
        assert.ok(found?.kind !== 'basic' || (found.username !== '' && found.password !== ''));
      }
      for (const { path } of kept.narrower) assert.match(path, /^owner\/[a-z0-9]/);
      for (const name of asked) assert.match(name, /^[A-Za-z0-9_.-]+$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  () => each(endless(64 * 1024, ['', '{"auths":{"']), (text) => [text, 'ghcr.io'] as [string, string]),
);

const helpers = target(
  'credential helpers',
  fc.tuple(
    fc.oneof(
      fc.json(),
      fc.record({ Username: fc.jsonValue(), Secret: fc.jsonValue() }).map((answer) => JSON.stringify(answer)),
      fc.string(),
    ),
    fc.integer({ min: -1, max: 2 }),
  ),
  ([stdout, code]) => {
    const login = loginIn({ stdout, code }, 'x');
    assert.ok(login === undefined || (login.username !== '' && login.secret !== ''));
  },
  () => each(endless(64 * 1024, ['', '{"Secret":"']), (stdout) => [stdout, 0] as [string, number]),
);

export const LOGIN_TARGETS: readonly Target[] = [dockerKeys, dockerConfigs, helpers];
