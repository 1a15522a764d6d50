import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aCycloneDx, anAttestation, subjectOf } from '../support/attachments.js';
import { anSdist, aWheel } from '../support/builders.js';
import { runCommand } from './support/command.js';
import { Reader } from './support/reader.js';
import { Recorder } from './support/recorder.js';
import { type Registry, startCrane, startOpenDistribution } from './support/registries.js';
import { bundle } from './support/runner.js';

/** `COPY_ROUNDS=50 npm run e2e -- /copy` is the long race. */
const ROUNDS = Number(process.env.COPY_ROUNDS || 2);
/** Requests at which a copy is killed; `COPY_KILLS=1,2,3` names others. */
const KILLS = (process.env.COPY_KILLS ?? '150').split(',').map(Number);
const VERSIONS = Array.from({ length: 20 }, (_, at) => `1.${at}`);
const WHEELS = ['py3-none-any', 'cp311-cp311-manylinux_2_17_x86_64'];
/** Bytes that do not compress, so that a wheel has a size to see on the wire. */
const BALLAST = 150_000;

interface CopyDocument {
  readonly versions: readonly {
    readonly destination: string;
    readonly status: string;
    readonly sent: { readonly manifests: number; readonly blobs: number; readonly bytes: number };
  }[];
  readonly errors: readonly { readonly subject: string; readonly message: string }[];
}

let home: string;
let files: readonly string[];
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'pyoci-publish-copy-'));
  files = VERSIONS.flatMap((version) => release(version));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Two wheels and an sdist of a version, an attestation beside each. @returns their paths */
function release(version: string, folder = join(home, 'dist')): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const files = { 'copied/ballast.bin': randomBytes(BALLAST) };
  const wheels = WHEELS.map((tag) => aWheel({ name: 'copied', version, tag, files, deflate: false }));
  const named = [
    ...WHEELS.map((tag, at): [string, Buffer] => [`copied-${version}-${tag}.whl`, wheels[at] as Buffer]),
    [`copied-${version}.tar.gz`, anSdist({ name: 'copied', version })] as [string, Buffer],
  ];
  return named.map(([name, bytes]) => {
    writeFileSync(join(folder, name), bytes);
    writeFileSync(join(folder, `${name}.publish.attestation`), JSON.stringify(anAttestation([subjectOf(name, bytes)])));
    return join(folder, name);
  });
}

async function publish(host: string, namespace: string, paths: readonly string[], ...options: string[]): Promise<void> {
  const to = ['--registry', `http://${host}`, '--namespace', namespace, '--coordination', 'off'];
  const { code, stderr } = await runCommand([...to, ...options, ...paths]);
  if (code !== 0) throw new Error(`publishing failed: ${stderr}`);
}

async function copy(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly told: CopyDocument }> {
  const { code, stdout, stderr } = await runCommand(['copy', '--json', ...args]);
  if (stdout === '') throw new Error(`the copy printed nothing: ${stderr}`);
  return { code, told: JSON.parse(stdout) as CopyDocument };
}

const statuses = ({ versions }: CopyDocument): readonly string[] => [...new Set(versions.map(({ status }) => status))];

/** Digests of every index, manifest and blob of a package, as plain requests give them back. */
async function everything(reader: Reader, repository: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const tag of [...(await reader.tags(repository))].sort()) {
    const index = await reader.manifest(repository, tag);
    found.set(tag, index.digest);
    for (const { digest } of (JSON.parse(index.bytes.toString()) as { manifests: { digest: string }[] }).manifests) {
      const manifest = await reader.manifest(repository, digest);
      found.set(`${tag} ${digest}`, manifest.digest);
      const { config, layers } = JSON.parse(manifest.bytes.toString()) as Record<'config', { digest: string }> & {
        layers: { digest: string }[];
      };
      for (const blob of [config, ...layers]) {
        found.set(`${tag} ${digest} ${blob.digest}`, (await reader.blob(repository, blob.digest)).digest);
      }
    }
  }
  return found;
}

describe('20 versions of 60 files and 60 attachments', () => {
  let registry: Registry;
  let recorder: Recorder;
  let source: ReadonlyMap<string, string>;
  const at = (name: string): string => `http://${recorder.host}/${name}`;
  beforeAll(async () => {
    registry = await startOpenDistribution();
    recorder = new Recorder(registry.host);
    await recorder.start();
    await publish(registry.host, 'octo/staging', files);
    source = await everything(new Reader(registry), 'octo/staging/copied');
  });
  beforeEach(() => recorder.reset());
  afterAll(async () => {
    await recorder.stop();
    await registry.stop();
  });

  it('are promoted inside a registry without a byte of a blob passing through this machine', async () => {
    const { code, told } = await copy(at('octo/staging/copied'), at('octo/release/'));
    expect([code, told.versions.length, statuses(told)]).toEqual([0, 20, ['copied']]);
    const blobs = recorder.requests.filter(({ path }) => path.includes('/blobs/'));
    expect(blobs.filter(({ method }) => method === 'GET' || method === 'PUT')).toEqual([]);
    expect(blobs.reduce((sum, { sent }) => sum + sent, 0)).toBe(0);
    expect(blobs.every(({ query }) => query.includes('from=octo%2Fstaging%2Fcopied'))).toBe(true);
    expect(source.size).toBe(20 + 120 + 240);
    expect(await everything(new Reader(registry), 'octo/release/copied')).toEqual(source);
  });

  it('are unchanged the second time, and nothing is written', async () => {
    const { code, told } = await copy(at('octo/staging/copied'), at('octo/release/copied'));
    expect([code, statuses(told), recorder.writes]).toEqual([0, ['unchanged'], []]);
  });

  it('get back a manifest that was deleted by hand, without a write of the tag', async () => {
    const reader = new Reader(registry);
    const { bytes } = await reader.manifest('octo/release/copied', '1.7');
    const [child] = (JSON.parse(bytes.toString()) as { manifests: { digest: string }[] }).manifests;
    await reader.deleteManifest('octo/release/copied', child?.digest ?? '');
    const { code, told } = await copy(at('octo/staging/copied'), at('octo/release/'));
    expect([code, statuses(told)]).toEqual([0, ['unchanged', 'repaired']]);
    expect(told.versions.find(({ status }) => status === 'repaired')?.destination).toMatch(/:1\.7$/);
    expect(recorder.writes.filter((write) => write.startsWith('PUT'))).toEqual([
      `PUT /v2/octo/release/copied/manifests/${child?.digest}`,
    ]);
    expect(await everything(reader, 'octo/release/copied')).toEqual(source);
  });

  it('go to another registry, to a folder and back with the same digests', async () => {
    const crane = await startCrane();
    const last = await startOpenDistribution();
    const oci = join(home, 'carried');
    try {
      const first = await copy(at('octo/staging/copied'), `http://${crane.host}/acme/`);
      expect([first.code, statuses(first.told)]).toEqual([0, ['copied']]);
      expect(await everything(new Reader(crane), 'acme/copied')).toEqual(source);
      const out = await copy('--to-oci-layout', oci, `http://${crane.host}/acme/copied`);
      expect([out.code, statuses(out.told)]).toEqual([0, ['copied']]);
      const back = await copy('--from-oci-layout', oci, `http://${last.host}/`);
      expect([back.code, statuses(back.told)]).toEqual([0, ['copied']]);
      expect(await everything(new Reader(last), 'acme/copied')).toEqual(source);
      for (const again of [
        await copy('--to-oci-layout', oci, `http://${crane.host}/acme/copied`),
        await copy('--from-oci-layout', oci, `http://${last.host}/`),
      ]) {
        expect([again.code, statuses(again.told)]).toEqual([0, ['unchanged']]);
      }
    } finally {
      await Promise.all([crane.stop(), last.stop()]);
    }
  });

  it('are what oras, skopeo and regctl find in a folder of ours, and we in one of theirs', async () => {
    const [ours, theirs, regctls] = ['ours', 'oras', 'regctl'].map((name) => join(home, name)) as [
      string,
      string,
      string,
    ];
    const target = await startOpenDistribution();
    // They block this process, so they ask the registry itself.
    const run = (tool: string, ...args: readonly string[]) => execFileSync(tool, args, { stdio: 'pipe', cwd: home });
    try {
      await copy('--to-oci-layout', ours, at('octo/staging/copied:1.3'));
      const to = (name: string) => `${target.host}/${name}/copied:1.3`;
      run('oras', 'cp', '--from-oci-layout-path', ours, '--to-plain-http', 'octo/staging/copied:1.3', to('oras'));
      run(
        'skopeo',
        'copy',
        '--all',
        '--dest-tls-verify=false',
        `oci:${ours}:octo/staging/copied:1.3`,
        `docker://${to('skopeo')}`,
      );
      run(
        'oras',
        'cp',
        '--from-plain-http',
        '--to-oci-layout',
        `${registry.host}/octo/staging/copied:1.3`,
        `${theirs}:1.3`,
      );
      run('regctl', 'registry', 'set', registry.host, '--tls', 'disabled');
      run('regctl', 'image', 'copy', `${registry.host}/octo/staging/copied:1.3`, `ocidir://${regctls}:1.3`);
      for (const [name, folder] of Object.entries({ theirs, regctls })) {
        const { code, told } = await copy(
          '--from-oci-layout',
          folder,
          'octo/staging/copied',
          `http://${target.host}/${name}/`,
        );
        expect([name, code, statuses(told)]).toEqual([name, 0, ['copied']]);
      }
      const digests = ['oras', 'skopeo', 'theirs', 'regctls'].map((name) =>
        new Reader(target).manifest(`${name}/copied`, '1.3'),
      );
      const found = (await Promise.all(digests)).map(({ digest }) => digest);
      expect(found).toEqual(Array(4).fill(source.get('1.3')));
    } finally {
      await target.stop();
    }
  });

  it('are killed in the middle and completed by the next run', async () => {
    const target = await startCrane();
    const gate = new Recorder(target.host);
    await gate.start();
    const reader = new Reader(target);
    try {
      for (const boundary of KILLS) {
        gate.reset();
        const namespace = `killed${boundary}`;
        const args = ['copy', at('octo/staging/copied'), `http://${gate.host}/${namespace}/`];
        const child = spawn(process.execPath, [bundle('cli/index.js'), ...args], { stdio: 'ignore' });
        const ended = once(child, 'exit');
        gate.gate = (number) => {
          if (number === boundary) child.kill('SIGKILL');
          return number < boundary;
        };
        expect((await ended)[1]).toBe('SIGKILL');
        gate.reset();
        // Whatever is listed by now is whole.
        for (const [name, digest] of await everything(reader, `${namespace}/copied`)) {
          expect(digest).toBe(source.get(name));
        }
        const { code } = await copy(at('octo/staging/copied'), `http://${gate.host}/${namespace}/`);
        expect(code).toBe(0);
        expect(await everything(reader, `${namespace}/copied`)).toEqual(source);
      }
    } finally {
      await gate.stop();
      await target.stop();
    }
  });
});

describe('a copy beside a publisher of the same version', () => {
  it(`loses nothing, ${ROUNDS} times`, async () => {
    const registry = await startOpenDistribution();
    const reader = new Reader(registry);
    try {
      const all = release('9.0', join(home, 'race'));
      const [first, second, sdist] = all as [string, string, string];
      const sbom = join(home, 'sbom.cdx.json');
      writeFileSync(sbom, JSON.stringify(aCycloneDx()));
      await publish(registry.host, 'octo/staging', [first, sdist], '--attach', `sbom=${sbom}`);
      for (let round = 1; round <= ROUNDS; round += 1) {
        const to = `http://${registry.host}/round${round}/`;
        const publishing = runCommand([
          '--registry',
          `http://${registry.host}`,
          '--namespace',
          `round${round}`,
          '--coordination',
          'settle',
          second,
        ]);
        const copying = runCommand(['copy', `http://${registry.host}/octo/staging/copied:9.0`, to]);
        const [published, copied] = await Promise.all([publishing, copying]);
        expect([round, published.code, copied.code]).toEqual([round, 0, 0]);
        const { bytes } = await reader.manifest(`round${round}/copied`, '9.0');
        const { manifests } = JSON.parse(bytes.toString()) as { manifests: { platform: { architecture: string } }[] };
        const names = manifests.map(({ platform }) => platform.architecture);
        const suffix = '.publish.attestation';
        const wheels = WHEELS.flatMap((tag) => [`${tag}.whl`, `-${tag}.whl${suffix}`]);
        expect([round, new Set(names)]).toEqual([
          round,
          new Set(['.cdx.json', '.tar.gz', `.tar.gz${suffix}`, ...wheels]),
        ]);
        expect(names).toHaveLength(7);
      }
    } finally {
      await registry.stop();
    }
  });
});

it('names what it cannot copy, and copies the rest', async () => {
  const registry = await startOpenDistribution();
  try {
    const paths = release('3.0', join(home, 'named'));
    await publish(registry.host, 'octo/staging', paths);
    const folder = join(home, 'other');
    await publish(registry.host, 'octo/release', release('3.0', folder).slice(0, 1));
    const { code, stdout, stderr } = await runCommand([
      'copy',
      `http://${registry.host}/octo/staging/copied`,
      `http://${registry.host}/octo/release/`,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /copied-3\.0-py3-none-any\.whl has other bytes there: sha256:[0-9a-f]{64} there, sha256:[0-9a-f]{64} at the source/,
    );
    expect(stderr).toMatch(/To fix it: .*--if-exists skip/);
    expect(stdout).toMatch(/1 version: 1 failed/);
  } finally {
    await registry.stop();
  }
});
