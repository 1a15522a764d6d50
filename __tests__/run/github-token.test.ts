import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nock from 'nock';
import { failureText } from '../../src/core/failure.js';
import type { Env } from '../../src/core/ports.js';
import { failuresOf } from '../../src/publish/report/report.js';
import type { PublishInputs } from '../../src/run/settings/inputs.js';
import { wheelFile } from '../support/builders.js';
import { inputs, JOB, testFace } from '../support/face.js';

// Loaded once nock stands: `@actions/http-client` takes https.request as it finds it when it is linked.
const { publishRun } = await import('../../src/run/publish-run.js');

const TOKEN = 'ghs_token_of_the_job';
const GHES: Env = {
  ...JOB,
  GITHUB_SERVER_URL: 'https://github.example.com',
  GITHUB_API_URL: 'https://github.example.com/api/v3',
};
const API = 'https://github.example.com';
const OWN = 'https://containers.github.example.com';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const JOBS_BASIC = `Basic ${base64(`octocat:${TOKEN}`)}`;

/** What is asked of whom, for every kind of registry that a job may name: whoever is not expected is not asked. */
describe("the job's token", () => {
  let folder: string;
  beforeAll(() => nock.disableNetConnect());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'token-'));
  });
  afterEach(async () => {
    nock.cleanAll();
    await rm(folder, { recursive: true, force: true });
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  /** A registry that wants tokens and then denies everything, so that a run ends after it has signed in. */
  function serve(origin: string, realm: string, came: Map<string, Set<string | undefined>>, asked: string[]): void {
    const note = (path: string, authorization: string | undefined): void => {
      asked.push(`${origin}${path}`);
      came.set(origin, (came.get(origin) ?? new Set()).add(authorization));
    };
    nock(origin)
      .persist()
      .get(/.*/)
      .reply(function (path) {
        const { authorization } = this.req.headers as { authorization?: string };
        note(path, authorization);
        if (path.includes('container-registry-url')) return [200, { url: OWN }];
        if (path.startsWith('/token')) return [200, { token: 'exchanged' }];
        if (authorization) return [403, { errors: [{ code: 'DENIED', message: 'denied' }] }];
        return [401, '', { 'www-authenticate': `Bearer realm="${realm}",service="s"` }];
      });
  }

  async function run(
    env: Env,
    registry: string,
    hosts: Readonly<Record<string, string>>,
    docker?: object,
    given: Partial<PublishInputs> = {},
  ) {
    const came = new Map<string, Set<string | undefined>>();
    const asked: string[] = [];
    for (const [origin, realm] of Object.entries(hosts)) serve(origin, realm, came, asked);
    if (docker) {
      await mkdir(join(folder, 'docker'));
      await writeFile(join(folder, 'docker', 'config.json'), JSON.stringify(docker));
    }
    const face = testFace([await wheelFile(folder)], { env: { ...env, DOCKER_CONFIG: join(folder, 'docker') } });
    const { report } = await publishRun(inputs({ registry, 'github-token': TOKEN, ...given }), face);
    const said = [...face.log.lines, ...failuresOf(report).map(failureText)].join('\n');
    expect(said).not.toContain(TOKEN);
    const seen = Object.fromEntries([...came].map(([origin, values]) => [origin, [...values]]));
    return { seen, asked, masked: face.masked, said };
  }

  const exchanged = [undefined, JOBS_BASIC, 'Bearer exchanged'];

  it.each<[string, Env, string, Readonly<Record<string, string>>, Readonly<Record<string, unknown>>]>([
    [
      'goes to ghcr.io in a job of github.com, and what it is exchanged for',
      JOB,
      '',
      { 'https://ghcr.io': 'https://ghcr.io/token' },
      { 'https://ghcr.io': exchanged },
    ],
    [
      "goes to the API and to the registry of the job's own server",
      GHES,
      '',
      { [API]: '', [OWN]: `${OWN}/token` },
      { [API]: [`Bearer ${TOKEN}`], [OWN]: exchanged },
    ],
    [
      'does not go to ghcr.io in a job of another server',
      GHES,
      'ghcr.io',
      { [API]: '', 'https://ghcr.io': 'https://ghcr.io/token' },
      { [API]: [`Bearer ${TOKEN}`], 'https://ghcr.io': [undefined, 'Bearer exchanged'] },
    ],
    [
      'does not go to a realm on another host',
      JOB,
      '',
      { 'https://ghcr.io': 'https://auth.example/token', 'https://auth.example': '' },
      { 'https://ghcr.io': [undefined] },
    ],
    [
      'does not go to a realm without TLS',
      JOB,
      '',
      { 'https://ghcr.io': 'http://ghcr.io/token', 'http://ghcr.io': '' },
      { 'https://ghcr.io': [undefined] },
    ],
    ...['ghcr.io.evil.example', 'evil-ghcr.io', 'sub.ghcr.io', 'ghcr.io:8443', 'registry.example'].map(
      (host): [string, Env, string, Readonly<Record<string, string>>, Readonly<Record<string, unknown>>] => [
        `does not go to ${host}`,
        JOB,
        host,
        { [`https://${host}`]: `https://${host}/token` },
        { [`https://${host}`]: [undefined, 'Bearer exchanged'] },
      ],
    ),
    [
      'does not go to ghcr.io without TLS',
      JOB,
      'http://ghcr.io',
      { 'http://ghcr.io': 'http://ghcr.io/token' },
      { 'http://ghcr.io': [undefined, 'Bearer exchanged'] },
    ],
  ])('%s', async (_title, env, registry, hosts, expected) => {
    expect((await run(env, registry, hosts)).seen).toEqual(expected);
  });

  const LOGIN = { username: 'robin', password: 's3cret' };
  const MATRIX = { 'job-index': '0', 'job-total': '2' };
  const OTHER = 'registry.example';
  const KEPT = { auths: { [OTHER]: { auth: base64('robin:s3cret') } } };

  /** Gitea and Forgejo set the same variables as GitHub; their registry is on the server itself. */
  describe("and the API of the job's server", () => {
    it.each<[string, string, Partial<PublishInputs>, object | undefined]>([
      ['registry, user and password are given', OTHER, LOGIN, undefined],
      ['all of them are given in a matrix', OTHER, { ...LOGIN, ...MATRIX }, undefined],
      ['all of them are given with a journal', OTHER, { ...LOGIN, coordination: 'journal' }, undefined],
      ['all of them are given for a dry run', OTHER, { ...LOGIN, ...MATRIX, 'dry-run': 'true' }, undefined],
      ["all of them are given for the server's own registry", new URL(OWN).host, LOGIN, undefined],
      ['all of them are given for the server itself', new URL(API).host, { ...LOGIN, ...MATRIX }, undefined],
      ['the registry is given and a login is kept for it', OTHER, MATRIX, KEPT],
      ['there is no token', OTHER, { ...MATRIX, 'github-token': '' }, undefined],
    ])('are not used where %s', async (_title, registry, given, docker) => {
      const origin = `https://${registry}`;
      const { seen } = await run(GHES, registry, { [API]: `${API}/token`, [origin]: `${origin}/token` }, docker, given);
      expect(Object.keys(seen)).toEqual([origin]);
      expect(Object.values(seen).flat().join()).not.toMatch(new RegExp(`${TOKEN}|${base64(`octocat:${TOKEN}`)}`));
    });

    it.each<[string, string, Partial<PublishInputs>]>([
      ['which registry is its own, if none is given', '', {}],
      ['the same for a login that is given', '', LOGIN],
      ['whether a registry is its own, if it would get the token', OTHER, {}],
      ['the same if it would get the actor as the user', OTHER, { password: 's3cret' }],
      ['the same in a matrix, if it is called like its own', new URL(OWN).host, { ...LOGIN, ...MATRIX }],
    ])('are used once to ask %s', async (_title, registry, given) => {
      const origin = `https://${registry || new URL(OWN).host}`;
      const { seen, asked } = await run(GHES, registry, { [API]: '', [origin]: `${origin}/token` }, undefined, given);
      expect(seen[API]).toEqual([`Bearer ${TOKEN}`]);
      expect(asked.filter((url) => url.startsWith(API))).toEqual([`${API}/api/v3/packages/container-registry-url`]);
    });
  });

  it.each(['ghcr.io@evil.example', 'octocat:pw@ghcr.io', 'https://ghcr.io@evil.example', 'ghcr.io/owner', 'ghcr.io#x'])(
    'and every other request are left out where the registry is written as %s',
    async (registry) => {
      const { seen, said } = await run(JOB, registry, { 'https://ghcr.io': '', 'https://evil.example': '' });
      expect(seen).toEqual({});
      expect(said).not.toContain('octocat:pw');
    },
  );

  it('is masked, with what it is exchanged for and its Basic value, and neither user nor owner is', async () => {
    const { masked } = await run(JOB, '', { 'https://ghcr.io': 'https://ghcr.io/token' });
    expect(new Set(masked)).toEqual(new Set([TOKEN, base64(`octocat:${TOKEN}`), 'exchanged']));
  });

  it.each(['ghcr.io.evil.example', 'evil-ghcr.io', 'ghcr.io:443', 'https://ghcr.io@evil.example'])(
    'is what goes to ghcr.io where the Docker config file only knows %s',
    async (key) => {
      const docker = { auths: { [key]: { auth: base64('octocat:for-somebody-else') } } };
      const { seen } = await run(JOB, '', { 'https://ghcr.io': 'https://ghcr.io/token' }, docker);
      expect(seen).toEqual({ 'https://ghcr.io': exchanged });
    },
  );
});
