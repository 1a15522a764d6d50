import { readContents } from '../../src/catalog/contents.js';
import { DocumentReader } from '../../src/catalog/document-reader.js';
import { readPackage, readVersion } from '../../src/catalog/find.js';
import { digestOf, hexOf } from '../../src/core/digest.js';
import type { Descriptor, Json, JsonObject } from '../../src/oci/descriptor.js';
import { encode } from '../../src/oci/document.js';
import { OCI_INDEX } from '../../src/oci/media-types.js';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.js';
import type { Repository } from '../../src/oci/store.js';
import { ARTIFACT_TYPE } from '../../src/pyoci/layout.js';
import { bytesOf, standingVersion } from '../support/pyoci-version.js';
import { startRegistry, type TestRegistry } from '../support/registry.js';
import { storeOn } from '../support/registry-store.js';

const NAME = 'o/my_foo';
const IMAGE = `example.org/${NAME}`;
const SDIST = { architecture: '.tar.gz' };
const WHEELS = Array.from({ length: 40 }, (_, at) => ({ architecture: `cp${at}-none-any.whl` }));
const reader = () => new DocumentReader(4, new AbortController().signal);
const manifestPath = (reference: string) => `/v2/${NAME}/manifests/${reference}`;

describe('what an index alone tells', () => {
  let registry: TestRegistry;
  let repository: Repository;
  let close: () => void;
  beforeEach(async () => {
    registry = await startRegistry();
    const store = storeOn(registry);
    repository = store.repository(parseRepositoryName(NAME));
    close = () => store.close();
  });
  afterEach(async () => {
    close();
    await registry.stop();
  });

  /** The log of what `read` asked for. */
  async function asked(read: () => Promise<unknown>): Promise<readonly string[]> {
    const before = registry.log.length;
    await read();
    return registry.log.slice(before);
  }

  it('of a version takes one request, however many files it lists; their contents take one more for each', async () => {
    await standingVersion(repository, '1.0', [...WHEELS, SDIST]);
    const read = () => readVersion(repository, IMAGE, { tag: parseTag('1.0') }, reader());
    expect(await asked(read)).toEqual([`GET ${manifestPath('1.0')} 200`]);
    const index = await read();
    expect(index.files).toHaveLength(41);
    const wanted = index.files.map(({ manifest }) => `GET ${manifestPath(manifest.digest)} 200`);
    expect([...(await asked(() => readContents(repository, index, reader())))].sort()).toEqual(wanted.sort());
  });

  it('of a package takes one request for each tag, beside the list of them', async () => {
    for (const tag of ['1.0', '2.0', 'pkg-3.0']) await standingVersion(repository, tag, [...WHEELS, SDIST]);
    const log = await asked(() => readPackage(repository, IMAGE, reader()));
    const [list, ...tags] = log;
    expect(list).toMatch(new RegExp(`^GET /v2/${NAME}/tags/list`));
    expect(tags.sort()).toEqual(['1.0', '2.0', 'pkg-3.0'].map((tag) => `GET ${manifestPath(tag)} 200`));
  });

  it('is a whole description of version and files, true of files whose manifests are gone too', async () => {
    const standing = await standingVersion(repository, '1.0-cu12', [SDIST]);
    const [entry] = standing.value.manifests as unknown as readonly Descriptor[];
    registry.deleteManifest(NAME, String(entry?.digest));
    const index = await readVersion(repository, IMAGE, { tag: parseTag('1.0-cu12') }, reader());
    expect(index).toEqual({
      kind: 'version',
      repository: 'my_foo',
      tag: '1.0-cu12',
      version: '1.0+cu12',
      digest: standing.descriptor.digest,
      created: '2024-11-20T20:23:36Z',
      annotations: { 'org.opencontainers.image.created': '2024-11-20T20:23:36Z' },
      files: [
        {
          served: 'my_foo-1.0+cu12.tar.gz',
          trueNames: [],
          architecture: '.tar.gz',
          declared: hexOf(digestOf(bytesOf(SDIST))),
          projectUrls: [],
          manifest: entry,
        },
      ],
      attachments: [],
      oddities: [],
      obstacle: undefined,
    });
  });

  it.each<[string, string | undefined, readonly (readonly [string, string])[]]>([
    ['none', undefined, []],
    ['one', '{"Source Code":"https://code.example"}', [['Source Code', 'https://code.example']]],
    ['nonsense', '<html>', []],
  ])('holds the project URLs of each file: %s', async (_, text, expected) => {
    const [entry] = (await standingVersion(repository, '0.1', [SDIST])).value.manifests as readonly JsonObject[];
    const annotations = text === undefined ? {} : { 'com.pyoci.project_urls': text };
    const manifests: readonly Json[] = [{ ...entry, annotations }];
    const index = encode({ schemaVersion: 2, mediaType: OCI_INDEX, artifactType: ARTIFACT_TYPE, manifests });
    await repository.putTag(parseTag('1.0'), index);
    const { files } = await readVersion(repository, IMAGE, { tag: parseTag('1.0') }, reader());
    expect(files.map(({ projectUrls }) => projectUrls)).toEqual([expected]);
  });
});
