import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { failureText } from '../../src/core/failure.js';
import { failuresOf } from '../../src/publish/report/report.js';
import { publishRun } from '../../src/run/publish-run.js';
import { wheelFile } from '../support/builders.js';
import { inputs, JOB, testFace } from '../support/face.js';
import { PackagesService } from '../support/packages-service.js';
import { startRegistry, type TestRegistry } from '../support/registry.js';

const TOKEN = 'ghs_token_of_the_job';
const STALE = Buffer.from('octocat:st4le').toString('base64');

type Unusable = readonly [make: () => Promise<unknown>, what: RegExp];

/** A GitHub whose container registry is a loopback server that takes the job's token and nothing else. */
describe("a job on GitHub's own registry", () => {
  let folder: string;
  let docker: string;
  let config: string;
  let registry: TestRegistry;
  const api = new PackagesService();
  const path = process.env.PATH;

  beforeAll(() => api.start());
  afterAll(() => api.stop());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'login-'));
    docker = join(folder, 'docker');
    config = join(docker, 'config.json');
    await mkdir(docker);
    await use({ auth: 'bearer' });
  });
  afterEach(async () => {
    process.env.PATH = path;
    await registry.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function use(options: Parameters<typeof startRegistry>[0]): Promise<void> {
    await registry?.stop();
    registry = await startRegistry({ username: 'octocat', password: TOKEN, ...options });
    api.registry = registry.origin;
  }

  const write = (text: string | Buffer) => writeFile(config, text);
  const entry = (value: unknown) => write(JSON.stringify({ auths: { [registry.host]: value } }));
  /** A helper on the PATH, and a config file that names it. */
  async function helper(script: string): Promise<void> {
    await writeFile(join(docker, 'docker-credential-odd'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    process.env.PATH = `${docker}${delimiter}${path}`;
    await write('{"credsStore":"odd"}');
  }

  async function publish(given: Parameters<typeof inputs>[0] = {}, more = {}) {
    const env = {
      ...JOB,
      GITHUB_SERVER_URL: 'http://127.0.0.1:1',
      GITHUB_API_URL: api.url,
      DOCKER_CONFIG: docker,
      ...more,
    };
    const face = testFace([await wheelFile(folder)], { env });
    const { report } = await publishRun(inputs({ 'github-token': TOKEN, ...given }), face);
    const failures = failuresOf(report).map(failureText);
    const said = [...face.log.lines, ...failures].join('\n');
    for (const secret of [TOKEN, 'st4le', STALE, 'hunter2']) expect(said).not.toContain(secret);
    return { failures, notices: face.log.of('notice'), infos: face.log.of('info') };
  }

  /** Windows starts only `.exe` files by their bare name, and lets not everybody make links. */
  const scripts: Readonly<Record<string, Unusable>> = {
    'is a link to itself': [() => symlink(config, config), /ELOOP/],
    'names a helper that fails': [() => helper('echo locked; exit 1'), /ended with code 1: locked \(the Docker config/],
    'names a helper that prints nonsense': [() => helper('echo hunter2'), /is not JSON \(the Docker config/],
    'names a helper that prints half': [() => helper(`echo '{"Username":"x"}'`), /no "Username" and "Secret"/],
    'names a helper that prints no end': [() => helper('yes hunter2'), /printed more than/],
    'names a helper that is no program': [
      async () => {
        await helper('');
        await chmod(join(docker, 'docker-credential-odd'), 0o644);
      },
      /cannot be started \(the Docker config/,
    ],
  };
  const unusable: Readonly<Record<string, Unusable>> = {
    'is empty': [() => write(''), /it is empty;/],
    'holds nothing but blanks': [() => write(' \n'), /it is empty;/],
    'is a folder': [() => mkdir(config), /it is a folder;/],
    'begins with a byte-order mark': [() => write('\uFEFF{}'), /byte-order mark/],
    'is in UTF-16': [() => write(Buffer.from('\uFEFF{}', 'utf16le')), /it is not JSON;/],
    'is not JSON': [() => write('hunter2'), /it is not JSON;/],
    'breaks off': [() => write('{"auths": {'), /it is not JSON;/],
    'is no object': [() => write('[]'), /it is not a JSON object;/],
    'has auths that are none': [() => write('{"auths": "hunter2"}'), /"auths" is not an object;/],
    'has an entry that is none': [() => entry('hunter2'), /something other than an object/],
    'has an entry that is not base64': [() => entry({ auth: 'hunter2!' }), /is not the base64 form/],
    'names a helper by a path': [() => write('{"credsStore":"../odd"}'), /no name of a credential helper;/],
    ...(process.platform === 'win32' ? {} : scripts),
  };

  it.each(Object.entries(unusable))(
    'publishes with its token where the Docker config file %s',
    async (_, [make, what]) => {
      await make();
      const { failures, notices } = await publish();
      expect(failures).toEqual([]);
      expect(registry.tagsOf('octo-org/foo')).toEqual(['1.0']);
      expect(notices).toEqual([expect.stringMatching(what)]);
      expect(notices[0]).toContain(config);
      expect(notices[0]).toMatch(/; signing in with github-token instead$/);
    },
  );

  it.each(Object.entries(unusable).filter(([name]) => !/empty|blanks/.test(name)))(
    'is told, on another registry, of a Docker config file that %s, and asks nobody anything',
    async (_, [make]) => {
      await make();
      api.registry = 'https://containers.example';
      const { failures } = await publish({ registry: registry.host });
      expect(failures).toHaveLength(1);
      expect(failures[0]).toMatch(
        /^Cannot (read|get credentials from) .*\n.*(docker login|docker-credential-odd get)/s,
      );
      expect(registry.requests).toEqual([]);
    },
  );

  it.each<[string, Parameters<typeof startRegistry>[0]]>([
    ['refuses', { auth: 'bearer' }],
    ['refuses by Basic sign-in', { auth: 'basic' }],
  ])('publishes with its token where the registry %s what is kept, and says so once', async (_, options) => {
    await use(options);
    await entry({ auth: STALE });
    const { failures, notices } = await publish();
    expect(failures).toEqual([]);
    expect(registry.tagsOf('octo-org/foo')).toEqual(['1.0']);
    expect(notices).toEqual([
      `${registry.host} does not accept the credentials from the Docker config file ${config}: signing in with github-token instead`,
    ]);
  });

  it('publishes with its token where the token service answers 403 to what is kept, as GitHub does', async () => {
    await entry({ auth: STALE });
    registry.refuse('GET', /^\/token$/, { status: 403, body: { errors: [{ code: 'DENIED', message: 'denied' }] } });
    expect((await publish()).failures).toEqual([]);
    expect(registry.requests.filter(({ path: asked }) => asked === '/token').map(({ status }) => status)).toEqual([
      403, 200,
    ]);
  });

  it('publishes with its token where an identity token is kept that nobody knows any more', async () => {
    await entry({ identitytoken: 'st4le' });
    registry.refuse('POST', /^\/token$/, { status: 400, body: { error: 'invalid_grant' } });
    expect((await publish()).failures).toEqual([]);
  });

  it('keeps what is kept where that opens the registry, and does not ask which one is its own', async () => {
    await entry({ auth: Buffer.from(`octocat:${TOKEN}`).toString('base64') });
    const before = api.paths.length;
    const { failures, notices, infos } = await publish({ registry: registry.host, 'github-token': 'another' });
    expect([failures, notices]).toEqual([[], []]);
    expect(infos).toContain(`Signing in to ${registry.host} with the Docker config file ${config}`);
    expect(api.paths).toHaveLength(before);
  });

  it.each<['bearer' | 'basic']>([['bearer'], ['basic']])(
    'fails when its token is refused as well: %s',
    async (auth) => {
      await use({ auth, password: 'another' });
      await entry({ auth: STALE });
      const { failures } = await publish();
      expect(failures.join()).toMatch(/does not accept the credentials from github-token/);
      const asked = registry.requests.flatMap(({ credential, headers }) =>
        credential === 'basic' ? [headers.authorization ?? ''] : [],
      );
      // The tag and the list of tags are read at the same time, and neither tries anything twice.
      expect(asked.filter((value) => value.endsWith(STALE)).length).toBeLessThanOrEqual(2);
      expect(asked.filter((value) => !value.endsWith(STALE)).length).toBeLessThanOrEqual(2);
      expect(new Set(asked).size).toBe(2);
    },
  );

  it.each([
    ['refused credentials that were given', { username: 'octocat', password: 'st4le' }],
    ['a refused password of its actor', { password: 'st4le' }],
  ])('does not take its token in place of %s', async (_, given) => {
    const { failures } = await publish(given);
    expect(failures.join()).toMatch(/does not accept the credentials from input/);
    expect(new Set(registry.requests.map(({ headers }) => headers.authorization))).toEqual(
      new Set([undefined, `Basic ${STALE}`]),
    );
  });

  it('does not take its token on another registry that refuses what is kept', async () => {
    await entry({ auth: STALE });
    api.registry = 'https://containers.example';
    const { failures } = await publish({ registry: registry.host });
    expect(failures.join()).toMatch(/does not accept the credentials from the Docker config file/);
    expect(registry.requests.map(({ headers }) => headers.authorization)).not.toContain(
      `Basic ${Buffer.from(`octocat:${TOKEN}`).toString('base64')}`,
    );
  });

  it('takes what podman keeps before its token, and over a Docker config file that is of no use', async () => {
    await write('hunter2');
    const podman = join(folder, 'auth.json');
    const auth = Buffer.from(`octocat:${TOKEN}`).toString('base64');
    await writeFile(podman, JSON.stringify({ auths: { [registry.host]: { auth } } }));
    const { failures, notices } = await publish({ 'github-token': TOKEN }, { REGISTRY_AUTH_FILE: podman });
    expect(failures).toEqual([]);
    expect(notices).toEqual([expect.stringContaining(`signing in with podman's auth file ${podman} instead`)]);
  });
});
