import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nock from 'nock';
import { failureText } from '../../src/core/failure.js';
import type { Env } from '../../src/core/ports.js';
import { failuresOf } from '../../src/publish/report/report.js';
import { wheelFile } from '../support/builders.js';
import { inputs, JOB, testFace } from '../support/face.js';
import { refusal } from '../support/registry/exchange.js';
import { startRegistry } from '../support/registry.js';

// Loaded once nock stands: `@actions/http-client` takes https.request as it finds it when it is linked.
const { publishRun } = await import('../../src/run/publish-run.js');

const GHES: Env = {
  ...JOB,
  GITHUB_SERVER_URL: 'https://github.example.com',
  GITHUB_API_URL: 'https://github.example.com/api/v3',
};
const API = 'https://github.example.com';
const OWN = 'packages.github.example.com';

describe('a run that is refused', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'refused-'));
  });
  afterEach(async () => {
    nock.cleanAll();
    nock.enableNetConnect();
    await rm(folder, { recursive: true, force: true });
  });
  afterAll(() => nock.restore());

  it.each<[string, string, Env, number, RegExp]>([
    ["of the job's own server, whatever its name", OWN, GHES, 200, /"packages: write".*Manage Actions access/],
    ['of another server, whatever its name', 'containers.example.org', GHES, 200, /right to read there/],
    ['of anybody, where the server does not tell its own', 'containers.example.org', GHES, 500, /right to read there/],
    ['of github.com', 'ghcr.io', JOB, 200, /"packages: write".*Manage Actions access/],
    ['of another host in a job of github.com', 'containers.example.org', JOB, 200, /right to read there/],
  ])("is given GitHub's cures by GitHub's registry alone: by one %s", async (_, host, env, told, cure) => {
    nock.disableNetConnect();
    nock(API)
      .persist()
      .get('/api/v3/packages/container-registry-url')
      .reply(told, { url: `https://${OWN}` });
    nock(`https://${host}`)
      .persist()
      .get(/.*/)
      .reply(403, { errors: [{ code: 'DENIED', message: 'something new' }] });
    const face = testFace([await wheelFile(folder)], { env });
    // The API is asked only where the job's token depends on it, never for the sake of a cure.
    const login = host === OWN ? { 'github-token': 'ghs_token' } : { username: 'robin', password: 'a-password' };
    const { report } = await publishRun(inputs({ registry: host, ...login }), face);
    expect(failuresOf(report).map(failureText).join('\n')).toMatch(cure);
  });

  it("for a kind of artifact, as by GitLab's registry, tries the empty config once and tells the reason", async () => {
    const registry = await startRegistry({ auth: 'bearer' });
    const said = 'unknown media type: application/pyoci.package.v1';
    registry.refuse('PUT', /\/manifests\/sha256:/, refusal(400, 'MANIFEST_INVALID', 'manifest invalid', said), {
      times: 2,
    });
    const face = testFace([await wheelFile(folder)]);
    const login = { registry: registry.host, username: 'robin', password: 'correct horse battery staple' };
    const { report } = await publishRun(inputs(login), face);
    const [failure] = failuresOf(report);
    expect(failure).toMatchObject({
      message: expect.stringContaining(`(MANIFEST_INVALID: manifest invalid: ${said})`),
      hint: expect.stringMatching(/takes only media types that it knows.*REGISTRY_FF_DYNAMIC_MEDIA_TYPES/),
    });
    const pushed = registry.requests.filter(({ method, path }) => method === 'PUT' && path.includes('/manifests/'));
    expect(new Set(pushed.map(({ path }) => path)).size).toBe(2);
    expect(pushed).toHaveLength(2);
    expect(registry.tagsOf('octo-org/foo')).toEqual([]);
    await registry.stop();
  });

  it('for the metadata beside wheels alone, publishes without it and says so once', async () => {
    const registry = await startRegistry({ auth: 'bearer' });
    const said = 'unknown media type: application/vnd.pyoci-publish.wheel.config.v1+json';
    registry.refuse('PUT', /\/manifests\/sha256:/, refusal(415, 'MANIFEST_INVALID', 'manifest invalid', said));
    const face = testFace([await wheelFile(folder)]);
    const login = { registry: registry.host, username: 'robin', password: 'correct horse battery staple' };
    const { report } = await publishRun(inputs(login), face);
    expect(failuresOf(report)).toEqual([]);
    const [entry, ...more] = registry.index('octo-org/foo', '1.0').manifests;
    expect(more).toEqual([]);
    expect(Object.keys(entry?.annotations ?? {})).toEqual([
      'org.opencontainers.image.created',
      'com.pyoci.sha256_digest',
      'com.pyoci.project_urls',
      'vnd.pyoci-publish.size',
    ]);
    expect(registry.manifest('octo-org/foo', entry?.digest ?? '').config.mediaType).toBe(
      'application/vnd.oci.empty.v1+json',
    );
    await registry.stop();
  });
});
