import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseRepositoryName } from '../../src/oci/reference.js';
import { standingVersion } from '../support/pyoci-version.js';
import { type Home, storeOn } from '../support/registry-store.js';
import { runCommand } from './support/command.js';
import { GitHubRegistry } from './support/github-registry.js';
import { Recorder } from './support/recorder.js';
import {
  type Registry,
  startCrane,
  startOpenDistribution,
  startTokenDistribution,
  type TokenRegistry,
} from './support/registries.js';
import { GITHUB_TOKEN } from './support/runner.js';

const REPOSITORIES = 200;
const nameOf = (at: number): string => `owner/pkg_${String(at).padStart(3, '0')}`;

interface FindDocument {
  readonly packages: readonly { readonly image: string; readonly version: string; readonly files: readonly string[] }[];
  readonly others: readonly string[];
}

/** Two versions each, of the highest one a wheel whose tag and label go round. */
async function fill(home: Home, names: readonly string[]): Promise<void> {
  const store = storeOn(home);
  for (const [at, name] of names.entries()) {
    const repository = store.repository(parseRepositoryName(name));
    const labels = { team: at % 4 ? 'blue' : 'red' };
    const architecture = at % 10 ? 'py3-none-any.whl' : 'cp313-cp313-win_amd64.whl';
    for (const version of ['1.0', '2.0']) await standingVersion(repository, version, [{ architecture, labels }]);
  }
  store.close();
}

const REGISTRIES: readonly (readonly [string, () => Promise<Registry>])[] = [
  ['docker-registry', startOpenDistribution],
  ["crane's registry", startCrane],
];

describe.each(REGISTRIES)(`${REPOSITORIES} repositories on %s`, (_, start) => {
  let registry: Registry;
  let recorder: Recorder;
  beforeAll(async () => {
    registry = await start();
    recorder = new Recorder(registry.host);
    await recorder.start();
    await fill(
      { host: registry.host, credentials: { kind: 'anonymous' } },
      Array.from({ length: REPOSITORIES }, (__, at) => nameOf(at)),
    );
  });
  beforeEach(() => recorder.reset());
  afterAll(async () => {
    await recorder.stop();
    await registry.stop();
  });
  const find = async (...args: readonly string[]): Promise<FindDocument> => {
    const place = ['--registry', `http://${recorder.host}`, '--namespace', 'owner'];
    const { code, stdout, stderr } = await runCommand(['find', '--json', ...place, ...args]);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as FindDocument;
  };

  it('are found by name, file and label', async () => {
    const all = await find();
    expect(all.packages.map(({ image }) => image)).toEqual(
      Array.from({ length: REPOSITORIES }, (__, at) => `${recorder.host}/${nameOf(at)}`),
    );
    expect(new Set(all.packages.map(({ version }) => version))).toEqual(new Set(['2.0']));
    expect(recorder.requests.length).toBeLessThanOrEqual(2 * REPOSITORIES + 4);
    recorder.reset();
    expect((await find('pkg-01?')).packages).toHaveLength(10);
    expect(recorder.requests.length).toBeLessThanOrEqual(2 * 10 + 4);
    expect((await find('--file', '*win*')).packages).toHaveLength(20);
    expect((await find('--label', 'team=red', '--file', '*win*')).packages).toHaveLength(10);
  });

  it('are found by name where the registry does not list them', async () => {
    recorder.gate = (_number, { path }) => !path.includes('_catalog');
    const { packages } = await find('--packages', 'pkg-001,pkg-002');
    expect(packages.map(({ image }) => image)).toEqual([1, 2].map((at) => `${recorder.host}/${nameOf(at)}`));
    expect(recorder.requests.map(({ path }) => path).filter((path) => path.includes('_catalog'))).toEqual([]);
  });
});

it('says what to do where a registry keeps its list to itself, and finds packages by name there', async () => {
  const registry = await startTokenDistribution();
  try {
    const { username, password } = registry.credentials;
    await fill({ host: registry.host, credentials: { kind: 'basic', username, password, source: 'the test' } }, [
      nameOf(1),
    ]);
    const place = ['--registry', `http://${registry.host}`, '--namespace', 'owner'];
    const find = (...args: readonly string[]) =>
      runCommand(['find', ...place, '--username', username, '--password-stdin', ...args], password);
    const refused = await find();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /Cannot list the repositories of \S+: it answers 401 to that[\s\S]*name the packages instead/,
    );
    const named = await find('--packages', 'pkg-001');
    expect([named.code, named.stdout]).toEqual([0, expect.stringContaining(`/${nameOf(1)}`)]);
  } finally {
    await registry.stop();
  }
});

describe("packages on GitHub's registry", () => {
  let registry: TokenRegistry;
  let github: GitHubRegistry;
  let api: Server;
  /** What the API answers to the list. */
  let answer: readonly [number, unknown];
  beforeAll(async () => {
    const may = () => ['pull', 'push'];
    registry = await startTokenDistribution({ octocat: { password: GITHUB_TOKEN, may } });
    github = new GitHubRegistry(registry);
    await github.start();
    api = createServer(({ url = '' }, response) => {
      const [status, body] = url.startsWith('/orgs/') ? answer : [200, []];
      response.writeHead(status, { 'content-type': 'application/json' });
      const own = url === '/packages/container-registry-url';
      response.end(JSON.stringify(own ? { url: `http://${github.host}` } : body));
    }).listen(0, '127.0.0.1');
    await once(api, 'listening');
  });
  afterAll(async () => {
    api.closeAllConnections();
    api.close();
    await github.stop();
    await registry.stop();
  });
  const find = (...args: readonly string[]) =>
    runCommand(['find', '--json', '--namespace', 'owner', ...args], '', {
      GITHUB_ACTIONS: 'true',
      GITHUB_SERVER_URL: 'http://127.0.0.1:1',
      GITHUB_API_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
      GITHUB_REPOSITORY_OWNER: 'owner',
      GITHUB_REPOSITORY: 'owner/project',
      GITHUB_ACTOR: 'octocat',
      GITHUB_TOKEN,
    });

  it('cannot be listed by the token of a job, and the error says what can be done', async () => {
    answer = [400, { message: 'Invalid argument.' }];
    const { code, stdout } = await find();
    expect(code).toBe(1);
    expect(stdout).toMatch(/Cannot list the packages of owner: the API of GitHub answers 400: Invalid argument/);
    expect(stdout).toMatch(/name the packages instead/);
  });

  it('are listed by the API for a token that may, and found by name with one that may not', async () => {
    const credentials = { kind: 'basic', username: 'octocat', password: GITHUB_TOKEN, source: 'the test' } as const;
    await fill({ host: registry.host, credentials }, [1, 2, 3].map(nameOf));
    const images = ({ stdout }: { readonly stdout: string }) =>
      (JSON.parse(stdout) as FindDocument).packages.map(({ image }) => image);
    answer = [200, [1, 2, 3].map((at) => ({ name: nameOf(at).slice('owner/'.length) }))];
    expect(images(await find())).toEqual([1, 2, 3].map((at) => `${github.host}/${nameOf(at)}`));
    answer = [400, { message: 'Invalid argument.' }];
    expect(images(await find('--packages', 'pkg-002'))).toEqual([`${github.host}/${nameOf(2)}`]);
  });
});
