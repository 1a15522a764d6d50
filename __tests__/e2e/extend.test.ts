import { readFileSync } from 'node:fs';
import { distributions, type Facts, ofProject } from './support/distributions.js';
import { expectListable, readIndex } from './support/judgement.js';
import { digestOf } from './support/reader.js';
import { errorsOf, Stage, statusesOf } from './support/stage.js';

const { published } = distributions();
const [wheel, sdist] = [...ofProject(published, 'demo-flit')] as [Facts, Facts];
const REPOSITORY = 'owner/demo_flit';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const PACKAGE = 'application/pyoci.package.v1';

describe('a version that PyOCI published first', () => {
  let stage: Stage;
  /** The index as PyOCI's design page has it, with a member and an annotation of somebody else's. */
  let theirs: { readonly manifests: readonly unknown[]; readonly annotations: Readonly<Record<string, string>> };

  beforeAll(async () => {
    stage = await Stage.open();
    theirs = await publishAsPyoci(stage, sdist);
  });
  afterAll(() => stage.close());

  it('is extended, and nothing of it is lost or changed', async () => {
    stage.workspace.hold([wheel]);
    expect(await stage.publish()).toMatchObject({ code: 0 });
    const index = await readIndex(stage.reader, REPOSITORY, sdist.version);
    expect(index.manifests[0]).toEqual(theirs.manifests[0]);
    expect(index.manifests[1]).toMatchObject({ annotations: { 'com.pyoci.sha256_digest': wheel.sha256 } });
    expect(index.manifests).toHaveLength(2);
    const { manifests: _, annotations, ...members } = theirs;
    expect(index).toMatchObject(members);
    expect(index.annotations).toMatchObject(annotations);
    await expectListable(stage.reader, REPOSITORY);
  });

  it('counts the file that PyOCI published as unchanged, and leaves its manifest alone', async () => {
    const before = await stage.reader.manifest(REPOSITORY, sdist.version);
    stage.workspace.hold([wheel, sdist]);
    stage.recorder.reset();
    const result = await stage.publish();
    expect(statusesOf(result)).toEqual({ [wheel.file]: 'unchanged', [sdist.file]: 'unchanged' });
    expect(stage.recorder.writes).toEqual([]);
    expect((await stage.reader.manifest(REPOSITORY, sdist.version)).digest).toBe(before.digest);
  });

  it('gets a child manifest back that somebody deleted', async () => {
    const { manifests } = await readIndex(stage.reader, REPOSITORY, sdist.version);
    const child = manifests[1]?.digest ?? '';
    await stage.reader.deleteManifest(REPOSITORY, child);
    expect((await stage.reader.manifest(REPOSITORY, child)).status).toBe(404);

    const result = await stage.publish();
    expect({ code: result.code, statuses: statusesOf(result) }).toEqual({
      code: 0,
      statuses: { [wheel.file]: 'published', [sdist.file]: 'unchanged' },
    });
    const after = await readIndex(stage.reader, REPOSITORY, sdist.version);
    for (const { digest } of after.manifests) {
      expect(await stage.reader.manifest(REPOSITORY, digest)).toMatchObject({ status: 200, digest });
    }
    expect(after.manifests).toHaveLength(2);
  });
});

describe.each([
  ['an OCI image', MANIFEST, 'application/vnd.oci.image.config.v1+json', 'application/vnd.oci.image.layer.v1.tar'],
  [
    'a Docker image',
    'application/vnd.docker.distribution.manifest.v2+json',
    'application/vnd.docker.container.image.v1+json',
    'application/vnd.docker.image.rootfs.diff.tar.gzip',
  ],
])('a tag that holds %s', (_what, mediaType, configType, layerType) => {
  let stage: Stage;
  let digest: string;

  beforeAll(async () => {
    stage = await Stage.open();
    const config = await stage.reader.pushBlob(REPOSITORY, Buffer.from('{"architecture":"amd64","os":"linux"}'));
    const layer = await stage.reader.pushBlob(REPOSITORY, Buffer.from('a layer'));
    digest = await stage.reader.pushManifest(REPOSITORY, wheel.version, mediaType, {
      schemaVersion: 2,
      mediaType,
      config: { mediaType: configType, ...config },
      layers: [{ mediaType: layerType, ...layer }],
    });
    stage.workspace.hold([wheel]);
  });
  afterAll(() => stage.close());

  it.each(['error', 'skip', 'replace'])('is refused and left alone with if-exists "%s"', async (choice) => {
    stage.recorder.reset();
    const result = await stage.publish({ 'if-exists': choice });
    expect(result.code).toBe(1);
    expect(errorsOf(result).join('\n')).toContain(`${REPOSITORY}:${wheel.version}`);
    expect(await stage.reader.manifest(REPOSITORY, wheel.version)).toMatchObject({ status: 200, digest, mediaType });
    expect(stage.recorder.writes).toEqual([]);
  });
});

/** Member for member what PyOCI writes for one upload; then two things are added that it does not know. */
async function publishAsPyoci(stage: Stage, file: Facts) {
  const created = '2024-11-20T20:23:36Z';
  const { reader } = stage;
  const empty = await reader.pushBlob(REPOSITORY, Buffer.from('{}'));
  const layer = await reader.pushBlob(REPOSITORY, readFileSync(file.path));
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: PACKAGE,
    config: { mediaType: 'application/vnd.oci.empty.v1+json', ...empty },
    layers: [{ mediaType: PACKAGE, ...layer }],
    annotations: { 'org.opencontainers.image.created': created },
  });
  const index = {
    schemaVersion: 2,
    mediaType: INDEX,
    artifactType: PACKAGE,
    manifests: [
      {
        mediaType: MANIFEST,
        digest: await reader.pushManifest(REPOSITORY, digestOf(Buffer.from(manifest)), MANIFEST, manifest),
        size: manifest.length,
        platform: { architecture: file.architecture, os: 'any' },
        annotations: {
          'org.opencontainers.image.created': created,
          'com.pyoci.sha256_digest': file.sha256,
          'com.pyoci.project_urls': '{"Homepage":"https://example.org/theirs"}',
        },
        'x-unknown-of-entry': { kept: [1, 2.5, null] },
      },
    ],
    annotations: { 'org.opencontainers.image.created': created, 'com.example.foreign': 'kept' },
    'x-unknown-of-index': 'kept',
  };
  await reader.pushManifest(REPOSITORY, file.version, INDEX, index);
  return index;
}
