import { DocumentReader } from '../../src/catalog/document-reader.js';
import { planDownload } from '../../src/catalog/download/download-plan.js';
import { readPackage } from '../../src/catalog/find.js';
import { listingLines, listingMembers } from '../../src/catalog/listing.js';
import { digestOf } from '../../src/core/digest.js';
import type { Descriptor, Json } from '../../src/oci/descriptor.js';
import { encode, LARGEST_DOCUMENT } from '../../src/oci/document.js';
import { OCI_INDEX, OCI_MANIFEST } from '../../src/oci/media-types.js';
import { parseRepositoryName } from '../../src/oci/reference.js';
import type { Repository } from '../../src/oci/store.js';
import { EMPTY_CONFIG } from '../../src/pyoci/file-manifest.js';
import { ARTIFACT_TYPE } from '../../src/pyoci/layout.js';
import { standingVersion } from '../support/pyoci-version.js';
import { refusal } from '../support/registry/exchange.js';
import { startRegistry, type TestRegistry } from '../support/registry.js';
import { storeOn } from '../support/registry-store.js';
import { wholePackage, wholeVersion } from '../support/stored-contents.js';

const NAME = 'o/my_foo';
const IMAGE = `example.org/${NAME}`;
const SDIST = { architecture: '.tar.gz' };
const reader = () => new DocumentReader(4, new AbortController().signal);

let registry: TestRegistry;
let repository: Repository;
let close: () => void;
beforeEach(async () => {
  registry = await startRegistry({ pageSize: 500 });
  const store = storeOn(registry);
  repository = store.repository(parseRepositoryName(NAME));
  close = () => store.close();
});
afterEach(async () => {
  close();
  await registry.stop();
});

/** The entries of a version of one sdist, to be changed. */
async function entries(): Promise<readonly Descriptor[]> {
  const index = await standingVersion(repository, '0.1', [SDIST]);
  return index.value.manifests as unknown as readonly Descriptor[];
}
const indexOf = (manifests: readonly Json[]) =>
  encode({ schemaVersion: 2, mediaType: OCI_INDEX, artifactType: ARTIFACT_TYPE, manifests });

describe('a listing is told whole', () => {
  it.each([
    ['no JSON', { mediaType: OCI_INDEX, bytes: Buffer.from('<html>') }],
    ['more bytes than any document may have', { mediaType: OCI_INDEX, bytes: Buffer.alloc(LARGEST_DOCUMENT + 1, ' ') }],
    ['another type inside', { mediaType: OCI_INDEX, bytes: Buffer.from(`{"mediaType":"${OCI_MANIFEST}"}`) }],
    ['a type that nobody asked for', { mediaType: 'application/vnd.example', bytes: Buffer.from('{}') }],
  ])('though a tag holds %s', async (_, content) => {
    await standingVersion(repository, '1.0', [SDIST]);
    registry.holding(NAME, { tags: { '2.0': content, 'pkg-3.0': content } });
    const { versions, unseen, foreign } = await readPackage(repository, IMAGE, reader());
    expect(versions.map(({ tag }) => tag)).toEqual(['1.0']);
    expect(unseen).toEqual([]);
    expect(foreign.map(({ tag, why }) => [tag, why.slice(0, 29)])).toEqual([
      ['2.0', 'what it holds cannot be read:'],
      ['pkg-3.0', 'what it holds cannot be read:'],
    ]);
  });

  it('though a manifest has a layer without a size, which stands for no file', async () => {
    const [entry] = await entries();
    const layers = [{ mediaType: ARTIFACT_TYPE, digest: digestOf(Buffer.from('x')) }] as const;
    const manifest = encode({ schemaVersion: 2, mediaType: OCI_MANIFEST, config: EMPTY_CONFIG, layers });
    const index = indexOf([{ ...entry, ...manifest.descriptor }]);
    registry.holding(NAME, { manifests: [manifest], tags: { '1.0': index } });
    const [version] = (await wholePackage(repository, IMAGE, reader())).versions;
    expect(version).toMatchObject({ tag: '1.0', files: [{ served: 'my_foo-1.0.tar.gz', content: undefined }] });
  });

  it('though a manifest is no JSON', async () => {
    const [entry] = await entries();
    const bytes = Buffer.from('<html>');
    const index = indexOf([{ ...entry, digest: digestOf(bytes), size: bytes.length } as unknown as Json]);
    registry.holding(NAME, { manifests: [{ mediaType: OCI_MANIFEST, bytes }], tags: { '1.0': index } });
    const text = listingLines(await wholePackage(repository, IMAGE, reader()), IMAGE).join('\n');
    expect(text).toContain(`my_foo-1.0.tar.gz: its manifest ${digestOf(bytes)} is gone, or stands for no file`);
  });

  it('with the entries that PyOCI cannot read or does not serve', async () => {
    const [entry] = await entries();
    const { platform, ...bare } = entry as Descriptor;
    const index = indexOf([entry as Json, entry as Json, bare as Json]);
    registry.holding(NAME, { tags: { '1.0': index } });
    const held = await wholePackage(repository, IMAGE, reader());
    expect(held.versions[0]).toMatchObject({ tag: '1.0', files: [{ served: 'my_foo-1.0.tar.gz' }] });
    expect(listingLines(held, IMAGE)).toEqual(
      expect.arrayContaining([
        `  entry ${bare.digest}: it is another .tar.gz, and PyOCI serves the first`,
        `  entry ${bare.digest}: it has no platform`,
        'Tags that keep PyOCI from listing this package:',
        `  1.0: it holds an entry that PyOCI cannot read (${bare.digest}: it has no platform)`,
      ]),
    );
    expect(listingMembers(held, IMAGE)).toMatchObject({
      versions: [{ version: '1.0', otherEntries: [{ entry: bare.digest }, { entry: bare.digest }] }, {}],
      foreignTags: [{ tag: '1.0' }],
    });
  });

  it('of attachments beside the files too, which nobody pulls', async () => {
    await standingVersion(repository, '1.0', [SDIST, { architecture: '-py3-none-any.publish.attestation' }]);
    const version = await wholeVersion(repository, IMAGE, '1.0', reader());
    expect(version.files).toHaveLength(2);
    expect(version.obstacle).toBeUndefined();
    const { files, passedOver } = planDownload(version, IMAGE);
    expect(files.map(({ filename }) => filename)).toEqual(['my_foo-1.0.tar.gz']);
    expect(passedOver).toEqual(['my_foo-1.0-py3-none-any.publish.attestation']);
  });

  it('of two thousand versions on several pages, over as few connections as were allowed', async () => {
    const index = await standingVersion(repository, '0.0', [SDIST]);
    const tags = Object.fromEntries(Array.from({ length: 1_999 }, (_, at) => [`1.${at}`, index]));
    registry.holding(NAME, { tags });
    registry.mostConnections = 0;
    const { versions } = await wholePackage(repository, IMAGE, reader());
    expect(versions).toHaveLength(2_000);
    expect(versions[0]?.version).toBe('1.1998');
    expect(registry.mostConnections).toBeLessThanOrEqual(4);
  }, 60_000);

  it('of an index as large as any may be', async () => {
    const [entry] = await entries();
    const pad = (length: number) =>
      indexOf([{ ...entry, annotations: { pad: 'x'.repeat(length) } } as unknown as Json]);
    const index = pad(LARGEST_DOCUMENT - pad(0).bytes.length);
    expect(index.bytes).toHaveLength(LARGEST_DOCUMENT);
    registry.holding(NAME, { tags: { '1.0': index } });
    expect((await readPackage(repository, IMAGE, reader())).versions.map(({ tag }) => tag)).toEqual(['1.0', '0.1']);
  });
});

describe('a listing that cannot be whole is none', () => {
  it('when a version is refused', async () => {
    await standingVersion(repository, '1.0', [SDIST]);
    registry.refuse('GET', /manifests\/1\.0/, refusal(403, 'DENIED', 'no'));
    await expect(readPackage(repository, IMAGE, reader())).rejects.toMatchObject({ status: 403 });
  });

  it.each([
    [403, refusal(403, 'DENIED', 'no')],
    [404, { status: 404, body: '<html>' }],
    [405, refusal(405, 'UNSUPPORTED', 'no')],
  ])('when the list of tags is refused with %s; a version can still be named', async (status, answer) => {
    registry.refuse('GET', /tags\/list/, answer);
    await expect(readPackage(repository, IMAGE, reader())).rejects.toMatchObject({
      message: expect.stringContaining(`was answered ${status}`),
      hint: expect.stringContaining(`; or name one version, as in ${IMAGE}:1.0, which needs no list`),
    });
  });

  it('when the list of tags is none', async () => {
    registry.refuse('GET', /tags\/list/, { status: 200, body: '<html>' });
    await expect(readPackage(repository, IMAGE, reader())).rejects.toThrow('was answered 200 with a web page');
  });
});

it('a tag that no registry should list is told and not asked for', async () => {
  await standingVersion(repository, '1.0', [SDIST]);
  registry.refuse('GET', /tags\/list/, { status: 200, body: { name: NAME, tags: ['1.0', '../x', '1.0'] } });
  const { versions, foreign } = await readPackage(repository, IMAGE, reader());
  expect(versions.map(({ tag }) => tag)).toEqual(['1.0']);
  expect(foreign).toEqual([{ kind: 'foreign', tag: '../x', why: 'it is no legal tag' }]);
});
