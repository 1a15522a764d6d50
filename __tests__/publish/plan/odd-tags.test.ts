import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from '../../../src/oci/document.js';
import { LayoutStore } from '../../../src/oci/layout/layout-store.js';
import { OCI_INDEX, OCI_MANIFEST } from '../../../src/oci/media-types.js';
import { parseRepositoryName } from '../../../src/oci/reference.js';
import { failuresOf } from '../../../src/publish/report/report.js';
import { EMPTY_CONFIG } from '../../../src/pyoci/file-manifest.js';
import { ARTIFACT_TYPE } from '../../../src/pyoci/layout.js';
import { systemClock } from '../../../src/run/machine/system.js';
import { publishRun } from '../../../src/run/publish-run.js';
import { wheelFile } from '../../support/builders.js';
import { inputs, testFace } from '../../support/face.js';
import { standingVersion } from '../../support/pyoci-version.js';
import { refusal } from '../../support/registry/exchange.js';
import { startRegistry, type TestRegistry } from '../../support/registry.js';
import { storeOn } from '../../support/registry-store.js';

const NAME = 'owner/my_pkg';
const IMAGE = encode({ schemaVersion: 2, mediaType: OCI_MANIFEST, config: EMPTY_CONFIG, layers: [] });
const SDIST = { architecture: '.tar.gz' };
/** As cosign, and clients of registries without a Referrers API, call what is about a digest. */
const ofDigest = (at: number) => `sha256-${at.toString(16).padStart(64, '0')}`;

let folder: string;
let registry: TestRegistry;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'odd-'));
  registry = await startRegistry();
});
afterEach(async () => {
  await registry.stop();
  await rm(folder, { recursive: true });
});

async function standing(...tags: readonly string[]): Promise<void> {
  const store = storeOn(registry);
  for (const tag of tags) await standingVersion(store.repository(parseRepositoryName(NAME)), tag, [SDIST]);
  store.close();
}

/** Publishes a wheel into what stands there. */
async function publish(where: Parameters<typeof inputs>[0] = { registry: registry.host }, versions = ['1.0']) {
  const paths = await Promise.all(versions.map((version) => wheelFile(folder, { name: 'my-pkg', version })));
  const face = testFace(paths);
  registry.requests.length = 0;
  const { report } = await publishRun(inputs({ namespace: 'owner', coordination: 'off', ...where }), face);
  expect(failuresOf(report)).toEqual([]);
  expect(report.outcome?.warnings).toEqual(face.log.of('warning'));
  return { warnings: face.log.of('warning'), notices: face.log.of('notice') };
}
const readings = (): readonly string[] =>
  registry.requests
    .filter(({ method, path }) => method === 'GET' && path.includes('/manifests/'))
    .map(({ path }) => path.split('/').at(-1) ?? '')
    .filter((reference) => !/^\d+\.\d+$/.test(reference));

it('an upload that PyOCI filed under a part of its name is told with the command that gets it back', async () => {
  await standing('pkg-0.9', '0.8');
  const { warnings } = await publish(undefined, ['1.0', '1.1']);
  expect(warnings).toEqual([
    `${NAME} holds files that pip and uv pass over, since PyOCI cut their names at the first dash, which left tags that are no versions (my_pkg-0.9.tar.gz under pkg-0.9): run \`pyoci-publish pull -d old http://${registry.host}/${NAME}:pkg-0.9\`, publish what is in old, then delete the tag`,
  ]);
  expect(readings()).toEqual(['pkg-0.9']);
});

it('many such uploads are told in one warning', async () => {
  await standing(...Array.from({ length: 9 }, (_, at) => `pkg-0.${at}`));
  const { warnings } = await publish();
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/my_pkg-0\.4\.tar\.gz under pkg-0\.4 and 4 more\).*; the same for the others$/);
});

it('in a folder the command names the folder', async () => {
  const layout = join(folder, 'a layout');
  const identity = { pid: process.pid, host: 'test' };
  const store = new LayoutStore({ folder: layout, clock: systemClock, random: Math.random, identity });
  await standingVersion(store.repository(parseRepositoryName(NAME)), 'pkg-0.9', [SDIST]);
  const { warnings } = await publish({ 'oci-layout': layout });
  expect(warnings[0]).toContain(`\`pyoci-publish pull -d old --oci-layout '${layout}' ${NAME}:pkg-0.9\``);
});

it.each(['latest', 'dev', 'stable'])('a package under %s is no trouble for PyOCI, and a notice', async (tag) => {
  await standing(tag);
  const { warnings, notices } = await publish();
  expect(warnings).toEqual([]);
  expect(notices).toEqual([`${NAME}: pip and uv pass over what is under ${tag}, since a tag should be a version`]);
});

it.each([
  ['an image', IMAGE],
  ['an index of others', encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] })],
  ['no JSON', { mediaType: OCI_MANIFEST, bytes: Buffer.from('<html>') }],
  [
    'a type that is not asked for',
    { mediaType: 'application/vnd.docker.distribution.manifest.v1+json', bytes: Buffer.from('{}') },
  ],
])('a tag that is no version and holds %s keeps PyOCI from listing', async (_, content) => {
  registry.holding(NAME, { tags: { 'pkg-0.9': content, latest: content } });
  const { warnings } = await publish();
  expect(warnings).toEqual([
    expect.stringContaining('holds tags that are no versions (pkg-0.9, latest): PyOCI cannot list'),
  ]);
});

it('what keeps PyOCI from listing and what does not are told apart', async () => {
  await standing('pkg-0.9', 'latest');
  registry.holding(NAME, { tags: { [`${ofDigest(1)}.sig`]: IMAGE } });
  const { warnings } = await publish();
  expect(warnings).toEqual([
    expect.stringContaining(`holds tags that are no versions (${ofDigest(1)}.sig): PyOCI cannot list`),
    expect.stringContaining('my_pkg-0.9.tar.gz under pkg-0.9'),
  ]);
});

it('no more than sixteen are looked into, those first that may be uploads; the others go by their names', async () => {
  const signatures = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [ofDigest(at), IMAGE]));
  registry.holding(NAME, { tags: signatures });
  await standing(...Array.from({ length: 20 }, (_, at) => `pkg-0.${at}`));
  const { warnings, notices } = await publish();
  expect(readings()).toHaveLength(16);
  expect(readings().every((tag) => tag.startsWith('pkg-'))).toBe(true);
  expect(warnings).toEqual([
    expect.stringMatching(/holds tags that are no versions \(sha256-.* and 55 more\): PyOCI cannot list/),
    expect.stringContaining('files that pip and uv pass over'),
  ]);
  expect(notices).toEqual([expect.stringMatching(/were not looked into: pkg-0\.\d+, .*pkg/)]);
});

it('one that is refused, or gone by then, stops nothing', async () => {
  await standing('pkg-0.8', 'pkg-0.9');
  registry.refuse('GET', /manifests\/pkg-0\.8/, refusal(403, 'DENIED', 'no'));
  registry.refuse('GET', /manifests\/pkg-0\.9/, refusal(404, 'MANIFEST_UNKNOWN', 'gone'));
  const { warnings, notices } = await publish();
  expect(warnings).toEqual([]);
  expect(notices).toEqual([`${NAME}: tags that are no versions and were not looked into: pkg-0.8`]);
});

it('an entry in the version itself that PyOCI cannot read is told, and stays', async () => {
  const odd = { ...IMAGE.descriptor, platform: { architecture: 'amd64', os: 'linux' } };
  const manifests = [odd] as const;
  const index = encode({ schemaVersion: 2, mediaType: OCI_INDEX, artifactType: ARTIFACT_TYPE, manifests });
  registry.holding(NAME, { manifests: [IMAGE], tags: { '1.0': index } });
  const { warnings } = await publish();
  expect(warnings).toEqual([
    expect.stringMatching(
      /my_pkg:1\.0: it holds an entry that PyOCI cannot read \(sha256:.*amd64.*\), so PyOCI cannot list this package at all/,
    ),
  ]);
  expect(registry.index(NAME, '1.0').manifests).toHaveLength(2);
});
