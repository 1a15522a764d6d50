import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.js';
import { aWheel, wheelName } from '../support/builders.js';
import { earlierVersion } from '../support/earlier-version.js';
import { standingVersion } from '../support/pyoci-version.js';
import { storeOn } from '../support/registry-store.js';
import { install } from './support/clients/clients.js';
import { type Served, startServe } from './support/clients/served.js';
import { runCommand } from './support/command.js';
import { type Facts, factsOf } from './support/distributions.js';
import { placeOf } from './support/expectation.js';
import { publishedFiles } from './support/installers/published.js';
import { ledger } from './support/ledger.js';
import { Recorder } from './support/recorder.js';
import { startTokenDistribution, type TokenRegistry } from './support/registries.js';
import { freePort } from './support/server.js';

const JSON_V1 = 'application/vnd.pypi.simple.v1+json';

interface PageFile {
  readonly filename: string;
  readonly url: string;
  readonly hashes: { readonly sha256: string };
  readonly size?: number;
  readonly 'requires-python'?: string;
  readonly 'core-metadata'?: { readonly sha256: string } | true;
}

/** A file as it lies in the registry: its repository below a namespace, its tag, and what Python reads in it. */
interface Placed {
  readonly repository: string;
  readonly tag: string;
  readonly facts: Facts;
}

/** The name that PyOCI makes of project, tag and architecture. */
function servedName({ repository, tag, facts }: Placed): string {
  const dash = facts.architecture.endsWith('.whl') ? '-' : '';
  return `${repository}-${tag.replaceAll('-', '+')}${dash}${facts.architecture}`;
}

const sha256Of = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** The newer of the two needs a Python that nobody has. Large, so that who reads it whole is seen. */
const LATE = [
  { name: 'acme-late', version: '1.0', headers: ['Requires-Python: >=3.7'] },
  {
    name: 'acme-late',
    version: '2.0',
    headers: ['Requires-Python: >=3.99'],
    files: { 'late/data': randomBytes(300_000) },
  },
] as const;

const FORMS = [
  ['published by us', 'ours', true],
  ['published by us before entries told sizes', 'earlier', false],
  ['in PyOCI’s own form', 'theirs', false],
] as const;
const CLIENTS_OF = {
  ours: ['pip', 'uv pip'],
  earlier: ['pip', 'uv pip'],
  theirs: ['pip', 'pip 23.2', 'uv pip', 'uv project', 'Poetry', 'PDM'],
} as const;

describe('files of PyPI, through the index', () => {
  let registry: TokenRegistry;
  let files: readonly Placed[];
  let projects: readonly string[];
  let recorder: Recorder;
  let folder: string;
  const running = new Map<string, Served>();

  /** Those that `check` takes. What it refuses is what other suites compare with pip and uv. */
  async function taken(): Promise<readonly Placed[]> {
    const { stdout } = await runCommand([
      'check',
      '--json',
      ...publishedFiles(),
      ...LATE.map((late) => join(folder, wheelName(late))),
    ]);
    const { files } = JSON.parse(stdout) as {
      readonly files: readonly { readonly ok: boolean; readonly path: string }[];
    };
    const facts = factsOf(files.filter(({ ok }) => ok).map(({ path }) => path));
    return facts.map((one) => ({ ...placeOf('', one), repository: placeOf('', one).repository.slice(1), facts: one }));
  }

  async function publishAll(): Promise<void> {
    const place = ['--registry', `http://${registry.host}`, '--namespace', 'owner/ours'];
    const login = ['--username', registry.credentials.username, '--password-stdin'];
    const paths = files.map(({ facts }) => facts.path);
    const { code, stderr } = await runCommand([...place, ...login, ...paths], registry.credentials.password);
    if (code !== 0) throw new Error(stderr);
  }

  function versions(): readonly (readonly Placed[])[] {
    const groups = new Map<string, Placed[]>();
    for (const file of files) {
      const version = `${file.repository}:${file.tag}`;
      groups.set(version, [...(groups.get(version) ?? []), file]);
    }
    return [...groups.values()];
  }

  async function fillOthers(): Promise<void> {
    const credentials = { kind: 'basic', source: 'the test', ...registry.credentials } as const;
    const store = storeOn({ host: registry.host, credentials });
    const pathOf = new Map(files.map(({ facts }) => [`sha256:${facts.sha256}`, facts.path]));
    for (const group of versions()) {
      const [{ repository, tag }] = group as [Placed];
      const at = (namespace: string) => store.repository(parseRepositoryName(`owner/${namespace}/${repository}`));
      const bytesOf = (digest: string): Buffer => readFileSync(String(pathOf.get(digest)));
      await earlierVersion(at('ours'), at('earlier'), parseTag(tag), bytesOf);
      const standing = group.map(({ facts }) => ({
        architecture: facts.architecture,
        bytes: readFileSync(facts.path),
      }));
      await standingVersion(at('theirs'), tag, standing);
    }
    store.close();
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-forms-'));
    for (const late of LATE) writeFileSync(join(folder, wheelName(late)), aWheel(late));
    registry = await startTokenDistribution();
    recorder = new Recorder(registry.host);
    await recorder.start();
    ledger.knows(registry.credentials.password);
    files = await taken();
    projects = [...new Set(files.map(({ facts }) => facts.name))].sort();
    await publishAll();
    await fillOthers();
    for (const [, namespace] of FORMS) running.set(namespace, await serve(namespace));
  }, 300_000);
  afterAll(async () => {
    for (const served of running.values()) await served.stop();
    await recorder.stop();
    await registry.stop();
    rmSync(folder, { recursive: true });
  });

  async function serve(namespace: string): Promise<Served> {
    const place = ['--registry', `http://${recorder.host}`, '--namespace', `owner/${namespace}`];
    const login = ['--username', registry.credentials.username, '--port', String(await freePort())];
    return startServe([...place, ...login, '--packages', '*', '--fallback', 'none'], registry.credentials.password);
  }

  it('are many, of many projects', () => {
    process.stdout.write(`${files.length} files of ${projects.length} projects, in ${FORMS.length} forms\n`);
    expect(files.length).toBeGreaterThan(150);
    expect(projects.length).toBeGreaterThan(25);
  });

  it.each(FORMS)(
    '%s: every file under its name, every byte, every METADATA',
    async (_, namespace, told) => {
      const served = running.get(namespace) as Served;
      const authorization = `Basic ${Buffer.from(`x:${new URL(served.indexUrl).password}`).toString('base64')}`;
      const get = async (url: URL | string, accept = '*/*'): Promise<Buffer> => {
        const answer = await fetch(url, { headers: { authorization, accept } });
        const body = Buffer.from(await answer.arrayBuffer());
        if (!answer.ok) throw new Error(`${url} was answered ${answer.status}: ${body}`);
        return body;
      };
      for (const project of projects) {
        const page = `${served.url}${project}/`;
        const text = (await get(page, JSON_V1)).toString();
        expect((await get(page, JSON_V1)).toString()).toBe(text);
        const listed = (JSON.parse(text) as { readonly files: readonly PageFile[] }).files;
        const own = new Map(
          files.filter(({ facts }) => facts.name === project).map((file) => [servedName(file), file.facts]),
        );
        expect(new Map(listed.map((file) => [file.filename, file.hashes.sha256]))).toEqual(
          new Map([...own].map(([name, { sha256 }]) => [name, sha256])),
        );
        for (const file of listed) {
          const facts = own.get(file.filename) as Facts;
          expect(file.size).toBe(told ? facts.size : undefined);
          expect(sha256Of(await get(new URL(file.url, page)))).toBe(facts.sha256);
          if (facts.coreMetadata === null) continue;
          expect(file['core-metadata']).toEqual(told ? { sha256: sha256Of(facts.coreMetadata) } : true);
          expect((await get(new URL(`${file.url}.metadata`, page))).toString()).toBe(facts.coreMetadata);
        }
      }
    },
    300_000,
  );

  it.each(
    FORMS.flatMap(([form, namespace]) => CLIENTS_OF[namespace].map((client) => [form, client, namespace] as const)),
  )(
    '%s: %s takes the version that this Python may have, and reads no wheel of the other',
    async (_form, client, namespace) => {
      recorder.reset();
      const served = running.get(namespace) as Served;
      const { code, output, projects } = await install(client, 'acme-late', served, served.url);
      if (code !== 0) throw new Error(output);
      expect(projects).toEqual(['acme_late-1.0']);
      const newer = files.find(({ facts }) => facts.file === wheelName(LATE[1])) as Placed;
      const read = recorder.requests.filter(({ path }) => path.endsWith(newer.facts.sha256));
      expect(read.filter(({ status }) => status !== 206)).toEqual([]);
    },
    60_000,
  );
});
