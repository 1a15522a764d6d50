import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Digest } from '../../src/core/digest.js';
import { type PackagesOptions, PackagesService } from '../support/packages-service.js';
import { play } from './support/act/act.js';
import { Project } from './support/act/project.js';
import { GitHubRegistry } from './support/github-registry.js';
import { channel, heldBy, type Published, publishVersions } from './support/nightlies.js';
import { startTokenDistribution, type TokenRegistry } from './support/registries.js';
import { bundle, GITHUB_TOKEN } from './support/runner.js';

const NOW = Date.now();
const DAY = 86_400_000;
/** 85 nightlies of one line among 300 versions: GitHub lets 180 manifests go a minute. */
const VERSIONS = [
  ...channel(1, 85),
  ...Array.from({ length: 209 }, (_, at) => [`2.${at}.0`, `2.${at}.0rc1`]).flat(),
].slice(0, 300);

interface Told {
  readonly ok: boolean;
  readonly apiCalls: number;
  readonly errors: readonly { readonly message: string; readonly hint: string }[];
  readonly packages: readonly {
    readonly versions: readonly { readonly tag: string; readonly goes: boolean; readonly id?: number }[];
    readonly deleted: readonly { readonly digest: Digest; readonly id: number }[];
    readonly restore: string;
  }[];
}

describe("prune on GitHub's registry", () => {
  let registry: TokenRegistry;
  let github: GitHubRegistry;
  let service: PackagesService | undefined;
  beforeAll(async () => {
    registry = await startTokenDistribution({ octocat: { password: GITHUB_TOKEN, may: () => ['pull', 'push'] } });
    github = new GitHubRegistry(registry);
    await github.start();
  });
  afterAll(async () => {
    await github.stop();
    await registry.stop();
  });
  afterEach(async () => service?.stop());

  /** A GitHub whose API and registry are one: what is deleted there is gone here. */
  const start = async (options: PackagesOptions = {}): Promise<PackagesService> => {
    service = new PackagesService({
      deleted: async (repository, digest) => {
        const url = `http://${registry.host}/v2/${repository}/manifests/${digest}`;
        const authorization = registry.authorize(repository) ?? '';
        const { status } = await fetch(url, { method: 'DELETE', headers: { authorization } });
        if (status !== 202) throw new Error(`${url} was answered ${status}`);
      },
      ...options,
    });
    await service.start();
    service.registry = `http://${github.host}`;
    return service;
  };
  /** Publishes, each version a day after the one before it, the last yesterday. */
  const publish = async (repository: string, versions: readonly string[]): Promise<readonly Published[]> => {
    const source = 'the test';
    const credentials = { kind: 'basic' as const, username: 'octocat', password: GITHUB_TOKEN, source };
    const published = await publishVersions({ host: github.host, credentials }, repository, versions);
    for (const [at, { index, files, tag }] of published.entries()) {
      const time = NOW - (published.length - at + 1) * DAY;
      for (const file of files) service?.pushed(repository, file, undefined, time);
      service?.pushed(repository, index, tag, time);
    }
    return published;
  };
  const digestsOf = (published: readonly Published[]) => published.flatMap(({ index, files }) => [index, ...files]);
  const held = (repository: string, published: readonly Published[]) =>
    heldBy(registry.host, repository, digestsOf(published), registry.authorize(repository));
  const started = (repository: string, rules: readonly string[]) =>
    spawn(
      process.execPath,
      [bundle('cli/index.js'), 'prune', '--json', ...rules, `http://${github.host}/${repository}`],
      {
        env: {
          PATH: process.env.PATH,
          DOCKER_CONFIG: '/nonexistent',
          GITHUB_ACTIONS: 'true',
          GITHUB_ACTOR: 'octocat',
          GITHUB_SERVER_URL: 'http://127.0.0.1:1',
          GITHUB_API_URL: service?.url,
          GITHUB_TOKEN,
        },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
  const prune = async (
    repository: string,
    ...rules: readonly string[]
  ): Promise<Told & { readonly code: number | null }> => {
    const child = started(repository, rules);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await once(child, 'close');
    return { code: child.exitCode, ...(JSON.parse(output) as Told) };
  };

  it('takes old nightlies of 300 versions by the times of GitHub, and says how to have them back', async () => {
    const own = await start();
    const repository = 'owner/acme_nightly';
    const published = await publish(repository, VERSIONS);
    const rules = ['--dev', '--keep-last', '5', '--older-than', '30d', '--untagged'];
    const table = await prune(repository, ...rules);
    expect(table.code).toBe(0);
    expect(own.deletions).toBe(0);
    const calls = own.paths.length;
    const { code, packages, apiCalls } = await prune(repository, '--apply', ...rules);
    expect(code).toBe(0);
    const [pruned] = packages;
    const going = pruned?.versions.filter(({ goes }) => goes) ?? [];
    expect(going).toHaveLength(80);
    expect(own.deletions).toBe(160);
    expect(going.every(({ id }) => typeof id === 'number')).toBe(true);
    expect(pruned?.deleted).toHaveLength(160);
    expect(pruned?.restore).toBe(
      'gh api --method POST /orgs/owner/packages/container/acme_nightly/versions/ID/restore',
    );
    process.stdout.write(
      `80 of ${VERSIONS.length} versions on GitHub: ${calls} requests to the API for the table, ${apiCalls} with 160 deletions\n`,
    );
    const stays = published.filter(({ tag }) => !going.some((one) => one.tag === tag));
    expect(await held(repository, published)).toEqual(new Set(digestsOf(stays)));
    expect(own.digestsOf(repository)).toHaveLength(440);
  }, 300_000);

  it('is finished by the next run, whichever request to the API it is killed at', async () => {
    const versions = ['1.0', '1.1.dev1', '1.1.dev2', '1.1.dev3'];
    const rules = ['--dev', '--keep-last', '1', '--untagged', '--apply'];
    let number = 1;
    for (let killed = true; killed; number += 1) {
      const repository = `owner/killed_${number}`;
      let child: ReturnType<typeof started> | undefined;
      let first = 0;
      const instead: PackagesOptions['instead'] = (path, count) => {
        if (!path.includes('/packages/container/')) return undefined;
        first ||= count;
        if (!child || count - first + 1 !== number) return undefined;
        child.kill('SIGKILL');
        return { status: 500, body: {} };
      };
      await start({ instead });
      const published = await publish(repository, versions);
      child = started(repository, rules);
      child.stdout.resume();
      await once(child, 'close');
      killed = child.exitCode === null;
      child = undefined;
      const whole = published.filter(({ tag }) => ['1.0', '1.1.dev3'].includes(tag));
      expect([...(await held(repository, published))]).toEqual(expect.arrayContaining(digestsOf(whole)));
      expect({ number, ...(await prune(repository, ...rules)) }).toMatchObject({ number, code: 0 });
      expect({ number, held: await held(repository, published) }).toEqual({ number, held: new Set(digestsOf(whole)) });
      await service?.stop();
      service = undefined;
    }
    process.stdout.write(`killed at each of ${number - 2} requests to the API\n`);
    // Two readings of the list, and four deletions.
    expect(number).toBeGreaterThan(6);
  }, 300_000);

  it('keeps what GitHub does not let go, goes on with the rest, and says what to do', async () => {
    const downloaded = new Set<string>();
    const own = await start({ downloads: (digest) => (downloaded.has(digest) ? 6_000 : 0) });
    const repository = 'owner/acme_loved';
    const published = await publish(repository, ['1.0', '1.1.dev1', '1.1.dev2', '1.1.dev3']);
    const [final, loved, other, last] = published;
    downloaded.add(loved?.index ?? '');
    const { code, errors } = await prune(repository, '--dev', '--keep-last', '1', '--apply');
    expect({ code, errors }).toMatchObject({
      code: 1,
      errors: [
        {
          message: expect.stringContaining('5000 downloads'),
          hint: expect.stringContaining('make the package private'),
        },
      ],
    });
    const stays = [final, loved, last].flatMap((one) => one ?? []);
    expect(await held(repository, published)).toEqual(new Set(digestsOf(stays)));
    expect(own.digestsOf(repository)).not.toContain(other?.index);
    downloaded.clear();
    const all = await prune(
      repository,
      '--dev',
      '--finals',
      '--keep-last',
      '0',
      '--even-all',
      '--apply',
      '--concurrency',
      '1',
    );
    expect(all).toMatchObject({
      code: 1,
      errors: [{ hint: expect.stringContaining('delete the package instead') }],
    });
    expect((await held(repository, published)).size).toBe(2);
  });

  it('deletes nothing without the right to, and names the role', async () => {
    await start({ mayDelete: false });
    const repository = 'owner/acme_foreign';
    const published = await publish(repository, ['1.0', '1.1.dev1', '1.1.dev2']);
    expect(await prune(repository, '--dev', '--keep-last', '1', '--apply')).toMatchObject({
      code: 1,
      errors: [{ hint: expect.stringContaining('the role Admin') }],
    });
    expect((await held(repository, published)).size).toBe(6);
  });

  it('goes by the recipe of docs/cleaning-up.md: first the table, then for good', async () => {
    const service = await start();
    const published = await publish(
      'owner/my_package',
      Array.from({ length: 40 }, (_, at) => `1.0.dev${at}`),
    );
    const [, recipe = ''] =
      /```yaml\n(on:\n {2}schedule:[\s\S]*?)```/.exec(readFileSync('docs/cleaning-up.md', 'utf8')) ?? [];
    const workflow = recipe.replace('ghcr.io/', `http://${github.host}/`);
    const env = { GITHUB_SERVER_URL: 'http://127.0.0.1:1', GITHUB_API_URL: service.url };
    const project = Project.pure('1.0');
    try {
      const given = { stage: { env }, event: 'schedule', project: project.path };
      const shown = await play({ ...given, workflow });
      expect([shown.code, service.deletions]).toEqual([0, 0]);
      expect(shown.summaries.join()).toMatch(/1\.0\.dev0\b/);
      const applied = await play({ ...given, workflow: workflow.replace('apply: false', 'apply: true') });
      expect(applied.code).toBe(0);
      // The last is 2 days old, the one before it 3, and so on; what is 30 days old by now has just become older.
      const kept = published.slice(-28);
      expect(new Set(await held('owner/my_package', published))).toEqual(new Set(digestsOf(kept)));
    } finally {
      project.remove();
    }
  });
});
