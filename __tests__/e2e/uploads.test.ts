import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { anAttestation, subjectOf } from '../support/attachments.js';
import { aWheel, wheelName } from '../support/builders.js';
import { install } from './support/clients/clients.js';
import { type Served, startServe } from './support/clients/served.js';
import { pythonFor, UPLOADERS } from './support/clients/uploaders.js';
import { type CommandResult, runCommand, runProgram } from './support/command.js';
import { distributions, type Facts, ofProject } from './support/distributions.js';
import { ledger } from './support/ledger.js';
import { Recorder } from './support/recorder.js';
import { startTokenDistribution, type TokenRegistry } from './support/registries.js';
import { freePort } from './support/server.js';

/** Rounds of many uploads at once; `.ci/run` plays the short form. */
const ROUNDS = Number(process.env.UPLOAD_ROUNDS ?? 1);
const EPOCH = '1750000000';

describe('uploads by real tools', () => {
  let registry: TokenRegistry;
  let recorder: Recorder;
  let folder: string;
  beforeAll(async () => {
    registry = await startTokenDistribution();
    ledger.knows(registry.credentials.password);
    recorder = new Recorder(registry.host);
    await recorder.start();
    folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-uploads-'));
    mkdirSync(join(folder, 'spool'));
  });
  afterAll(async () => {
    for (const served of running) await served.stop();
    await recorder.stop();
    await registry.stop();
    rmSync(folder, { recursive: true });
  });
  const running: Served[] = [];
  beforeEach(() => recorder.reset());
  afterEach(() => expect(readdirSync(join(folder, 'spool'))).toEqual([]));

  const place = (namespace: string) => ['--registry', `http://${recorder.host}`, '--namespace', `owner/${namespace}`];
  const login = () => ['--username', registry.credentials.username];
  /** What `docker login` leaves behind. */
  const docker = (): string => {
    const { username, password } = registry.credentials;
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    mkdirSync(join(folder, 'docker'), { recursive: true });
    writeFileSync(join(folder, 'docker/config.json'), JSON.stringify({ auths: { [recorder.host]: { auth } } }));
    return join(folder, 'docker');
  };
  const environment = (): Record<string, string> => ({
    DOCKER_CONFIG: docker(),
    SOURCE_DATE_EPOCH: EPOCH,
    TMPDIR: join(folder, 'spool'),
    HOME: folder,
    PIP_CONFIG_FILE: '/dev/null',
    PYTHON_KEYRING_BACKEND: 'keyring.backends.null.Keyring',
    NO_COLOR: '1',
    COLUMNS: '400',
  });
  const serve = async (packages: string, namespace: string): Promise<Served> => {
    const ways = ['--packages', packages, '--fallback', 'none', '--publish', '--port', String(await freePort())];
    const env = { SOURCE_DATE_EPOCH: EPOCH, TMPDIR: join(folder, 'spool') };
    const served = await startServe([...place(namespace), ...login(), ...ways], registry.credentials.password, env);
    running.push(served);
    return served;
  };
  const tagged = async (namespace: string, name: string, tag: string): Promise<unknown> => {
    const repository = `owner/${namespace}/${name}`;
    const headers = {
      authorization: String(registry.authorize(repository)),
      accept: 'application/vnd.oci.image.index.v1+json',
    };
    return (await fetch(`http://${registry.host}/v2/${repository}/manifests/${tag}`, { headers })).json();
  };
  const writes = () => recorder.writes.filter((line) => !line.includes('/token'));

  /** A copy of a project with its built files in `dist`. */
  function projectOf(name: string): { readonly at: string; readonly built: readonly Facts[] } {
    const at = mkdtempSync(join(folder, `${name}-`));
    cpSync(fileURLToPath(new URL(`projects/${name}`, import.meta.url)), at, { recursive: true });
    const built = ofProject(distributions().published, `demo-${name}`);
    mkdirSync(join(at, 'dist'));
    for (const file of built) cpSync(file.path, join(at, 'dist', file.file));
    return { at, built };
  }

  it.each(Object.entries(UPLOADERS))(
    '%s: the same documents as by the action, installed by pip',
    async (name, uploader) => {
      const { at, built } = projectOf(uploader.project);
      const namespace = name.toLowerCase();
      const project = built[0]?.name as string;
      const command = uploader.command(
        pythonFor(uploader),
        built.map(({ file }) => join('dist', file)),
      );
      const uploading = (): Promise<CommandResult> =>
        runCommand(
          ['serve', ...place(namespace), '--packages', project, '--fallback', 'none', '--publish', '--', ...command],
          '',
          environment(),
          at,
        );
      const { code, stderr, stdout } = await uploading();
      if (code !== 0) throw new Error(`${name} ended with ${code}\n${stdout}\n${stderr}`);

      const files = readdirSync(join(at, 'dist'))
        .filter((file) => /\.(whl|tar\.gz)$/.test(file))
        .map((file) => join(at, 'dist', file));
      const direct = [...place(`${namespace}-direct`), ...login(), '--password-stdin', ...files];
      const published = await runCommand(direct, registry.credentials.password, { SOURCE_DATE_EPOCH: EPOCH });
      if (published.code !== 0) throw new Error(published.stderr);
      const [{ version }] = built as readonly [Facts];
      const tag = version.replaceAll('+', '-');
      const repository = project.replaceAll('-', '_');
      expect(await tagged(namespace, repository, tag)).toEqual(
        sortedLike(await tagged(`${namespace}-direct`, repository, tag), await tagged(namespace, repository, tag)),
      );

      recorder.reset();
      expect(await uploading()).toMatchObject({ code: 0 });
      expect(writes()).toEqual([]);

      const served = await serve(project, namespace);
      const installed = await install('pip', project, served, served.url);
      await served.stop();
      expect(installed).toMatchObject({ code: 0 });
      expect(installed.projects).toHaveLength(1);
    },
    180_000,
  );

  it.each([
    ['twine', /400.*File already exists: sha256:[0-9a-f]{64} is published, sha256:[0-9a-f]{64} was sent/],
    ['uv', /400.*File already exists.*sha256:[0-9a-f]{64} there, sha256:[0-9a-f]{64} here.*raise the version/],
  ])(
    '%s says why other bytes are refused',
    async (name, said) => {
      const uploader = UPLOADERS[name] as (typeof UPLOADERS)[string];
      const at = mkdtempSync(join(folder, 'other-'));
      mkdirSync(join(at, 'dist'));
      const file = join(at, 'dist', wheelName({ name: 'acme-other' }));
      const command = uploader.command(pythonFor(uploader), [file]);
      // Without its check URL, uv asks the server itself.
      const plain = ['env', '-u', 'UV_PUBLISH_CHECK_URL', ...command];
      const ways = ['--packages', 'acme-*', '--fallback', 'none', '--publish', '--', ...plain];
      const upload = () => runCommand(['serve', ...place('other'), ...ways], '', environment(), at);
      writeFileSync(file, aWheel({ name: 'acme-other' }));
      expect((await upload()).code).toBe(0);
      writeFileSync(file, aWheel({ name: 'acme-other', files: { 'acme_other/more.py': Buffer.from('1\n') } }));
      recorder.reset();
      const { code, stdout, stderr } = await upload();
      expect(code).not.toBe(0);
      expect(`${stdout}${stderr}`.replaceAll(/\s+/g, ' ')).toMatch(said);
      expect(writes()).toEqual([]);
    },
    120_000,
  );

  it.each([
    ['twine', ['--attestations']],
    ['uv', []],
  ])(
    '%s brings attestations, which are attached and can be pulled again',
    async (name, more) => {
      const uploader = UPLOADERS[name] as (typeof UPLOADERS)[string];
      const namespace = `attested-${name}`;
      const at = mkdtempSync(join(folder, 'attested-'));
      mkdirSync(join(at, 'dist'));
      const file = wheelName({ name: 'acme-signed' });
      const bytes = aWheel({ name: 'acme-signed' });
      const attestation = anAttestation([subjectOf(file, bytes)]);
      writeFileSync(join(at, 'dist', file), bytes);
      writeFileSync(join(at, 'dist', `${file}.publish.attestation`), JSON.stringify(attestation));
      const names = [join('dist', file), join('dist', `${file}.publish.attestation`)];
      const command = [...uploader.command(pythonFor(uploader), names), ...more];
      const ways = ['--packages', 'acme-*', '--fallback', 'none', '--publish', '--', ...command];
      const { code, stdout, stderr } = await runCommand(['serve', ...place(namespace), ...ways], '', environment(), at);
      if (code !== 0) throw new Error(`${stdout}\n${stderr}`);
      const image = `http://${recorder.host}/owner/${namespace}/acme_signed:1.0`;
      const pulled = await runCommand(['pull', '--attachments', '-d', 'pulled', image], '', environment(), at);
      if (pulled.code !== 0) throw new Error(pulled.stderr);
      expect(readdirSync(join(at, 'pulled')).toSorted()).toEqual([file, `${file}.publish.attestation`]);
      const kept = JSON.parse(readFileSync(join(at, 'pulled', `${file}.publish.attestation`), 'utf8'));
      expect(kept).toEqual(attestation);
    },
    60_000,
  );

  it(`loses none of 24 files of one version from 6 processes at once, ${ROUNDS} times`, async () => {
    const python = pythonFor(UPLOADERS.twine as (typeof UPLOADERS)[string]);
    const served = await serve('acme-*', 'many');
    const password = new URL(served.indexUrl).password;
    ledger.knows(password);
    for (let round = 0; round < ROUNDS; round += 1) {
      const dist = mkdtempSync(join(folder, 'many-'));
      const options = Array.from({ length: 24 }, (_, at) => ({
        name: 'acme-many',
        version: `${round + 1}.0`,
        tag: `cp3${at}-none-any`,
      }));
      for (const one of options) writeFileSync(join(dist, wheelName(one)), aWheel(one));
      recorder.reset();
      const sixth = (at: number) =>
        options.filter((_, index) => index % 6 === at).map((one) => join(dist, wheelName(one)));
      const url = served.url.replace(/simple\/$/, 'legacy/');
      const results = await Promise.all(
        Array.from({ length: 6 }, (_, at) =>
          runProgram(
            python,
            [
              '-m',
              'twine',
              'upload',
              '--disable-progress-bar',
              '--repository-url',
              url,
              '-u',
              'any',
              '-p',
              password,
              ...sixth(at),
            ],
            { ...environment() },
          ),
        ),
      );
      expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
      const index = (await tagged('many', 'acme_many', `${round + 1}.0`)) as { readonly manifests: readonly unknown[] };
      expect(index.manifests).toHaveLength(24);
      const puts = writes().filter((line) => line.endsWith(`/manifests/${round + 1}.0`)).length;
      process.stdout.write(`24 files by ${puts} writes of the tag\n`);
      expect(puts).toBeLessThan(24);
    }
    expect(await served.stop()).toBe(0);
  }, 240_000);
});

/** The same document, whose entries stand in the order of another: files come in the order of their uploads. */
function sortedLike(document: unknown, other: unknown): unknown {
  const orderOf = (one: unknown) => (one as { readonly manifests: readonly { readonly digest: string }[] }).manifests;
  const place = new Map(orderOf(other).map(({ digest }, at) => [digest, at]));
  const manifests = [...orderOf(document)].sort((a, b) => (place.get(a.digest) ?? 0) - (place.get(b.digest) ?? 0));
  return { ...(document as object), manifests };
}
