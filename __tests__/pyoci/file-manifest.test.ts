import { digestOf, hexOf } from '../../src/core/digest.js';
import { decode, encode } from '../../src/oci/document.js';
import { OCI_MANIFEST } from '../../src/oci/media-types.js';
import { indexAnnotations } from '../../src/pyoci/annotations.js';
import { entryFacts } from '../../src/pyoci/entry-facts.js';
import {
  configOf,
  EMPTY_CONFIG,
  EMPTY_CONFIG_BYTES,
  entryDescriptor,
  fileManifest,
} from '../../src/pyoci/file-manifest.js';
import { withEntries } from '../../src/pyoci/version-index.js';
import { metadataInConfig } from '../../src/pyoci/wheel-config.js';
import type { Distribution } from '../../src/python/distribution.js';
import { demoSdist, demoWheel, FILE, golden, IN_A_RUN, METADATA, PLAIN, WITH_DEFAULTS } from './documents.js';

/** The manifest of PyOCI's own example, as a store would hand it out. */
const example = () => decode(Buffer.from(golden('pyoci-manifest')), OCI_MANIFEST, 'the example');

describe('the manifest of a file', () => {
  it('is PyOCI’s own example, but for the name of the layer, when default annotations are off', () => {
    const labels = [
      ['org.opencontainers.image.description', 'Published using PyOCI as part of the examples.'],
      ['org.opencontainers.image.url', 'https://github.com/allexveldman/pyoci'],
    ] as const;
    const manifest = fileManifest(demoSdist({ labels, summary: 'Not written' }), FILE, PLAIN);
    const name = ',"annotations":{"org.opencontainers.image.title":"demo-1.0.tar.gz"}}]';
    expect(manifest.bytes.toString().replace(name, '}]')).toBe(golden('pyoci-manifest'));
    expect(manifest.bytes.toString()).toContain(name);
  });

  it('says labels, then the user’s annotations, then what metadata and run say, each key once', () => {
    const wheel = demoWheel({
      summary: 'A demo – with “quotes”.',
      licenseExpression: 'MIT OR Apache-2.0',
      authorEmail: 'Ada <ada@demo.example>',
      projectUrls: [
        ['Docs', 'https://docs.example'],
        ['Home Page', 'https://home.example'],
        ['Source', 'https://not-the-run.example'],
      ],
      labels: [
        ['org.opencontainers.image.url', 'https://label.example'],
        ['team', 'from a label'],
      ],
    });
    const manifest = {
      'org.opencontainers.image.url': 'weaker than the label',
      'org.opencontainers.image.vendor': 'from the user',
      'org.opencontainers.image.created': '1999-01-01T00:00:00Z',
    };
    const context = { ...IN_A_RUN, annotations: { manifest, index: { never: 'here' }, defaults: true } };
    expect(fileManifest(wheel, FILE, context).bytes.toString()).toBe(golden('full-manifest'));
  });

  it('is the same bytes for the same file and time', () => {
    const [once, again] = [1, 2].map(() => fileManifest(demoWheel({ summary: 'x' }), FILE, IN_A_RUN));
    expect(again?.bytes.equals(once?.bytes ?? Buffer.alloc(0))).toBe(true);
    expect(again?.descriptor).toEqual(once?.descriptor);
  });

  it('has the empty config of the image spec, whose digest fits its bytes', () => {
    expect(EMPTY_CONFIG_BYTES).toEqual(Buffer.from('{}'));
    expect(EMPTY_CONFIG).toEqual({
      mediaType: 'application/vnd.oci.empty.v1+json',
      digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      size: 2,
    });
  });
});

describe('the config of a manifest', () => {
  it('holds METADATA of a wheel as text, which comes out byte for byte', () => {
    const { descriptor, bytes } = configOf(demoWheel(), false);
    expect(JSON.parse(Buffer.from(bytes).toString())).toEqual({ 'core-metadata': Buffer.from(METADATA).toString() });
    expect(descriptor).toEqual({
      mediaType: 'application/vnd.pyoci-publish.wheel.config.v1+json',
      digest: digestOf(bytes),
      size: bytes.length,
    });
    expect(Buffer.from(metadataInConfig(bytes) ?? []).equals(METADATA)).toBe(true);
    expect(fileManifest(demoWheel(), FILE, PLAIN, descriptor).value.config).toEqual(descriptor);
  });

  it.each([
    ['an sdist', demoSdist(), false],
    ['PyOCI’s own form', demoWheel(), true],
    ['METADATA that is no UTF-8', { ...demoWheel(), coreMetadata: Buffer.from([0x41, 0xff]) }, false],
    ['METADATA of more than 1 MiB', { ...demoWheel(), coreMetadata: Buffer.alloc(1024 * 1024 + 1, 'a') }, false],
  ])('is the empty one for %s', (_, file, plain) => {
    expect(configOf(file, plain)).toEqual({ descriptor: EMPTY_CONFIG, bytes: EMPTY_CONFIG_BYTES });
  });

  it.each(['{}', 'null', '[]', '{"core-metadata":1}', 'no JSON'])('of somebody else holds no METADATA: %s', (text) => {
    expect(metadataInConfig(Buffer.from(text))).toBeUndefined();
  });
});

describe('the entry of a file in the index', () => {
  it('is PyOCI’s own example, member for member', () => {
    const sdist = demoSdist({
      projectUrls: [
        ['Homepage', 'https://pyoci.com'],
        ['Repository', 'https://github.com/allexveldman/pyoci'],
      ],
    });
    // The example's index names another manifest than the example beside it.
    const { digest } = JSON.parse(golden('pyoci-index')).manifests[0];
    const manifest = { ...example(), descriptor: { mediaType: OCI_MANIFEST, digest, size: 496 } };
    const index = withEntries(undefined, [entryOf(sdist, manifest)], indexAnnotations([sdist], PLAIN));
    expect(index.bytes.toString()).toBe(golden('pyoci-index'));
  });

  it('has no further platform member or type, whatever the job says, and no further annotation in PyOCI’s own form', () => {
    const annotations = { manifest: { mine: '1' }, index: { mine: '1' }, defaults: false };
    const labels = [['label', '1']] as const;
    const entry = entryDescriptor(demoWheel({ labels }), example(), { ...IN_A_RUN, annotations });
    expect(Object.keys(entry)).toEqual(['mediaType', 'digest', 'size', 'platform', 'annotations']);
    expect(entry.platform).toEqual({ architecture: 'py3-none-any.whl', os: 'any' });
    expect(Object.keys(entry.annotations ?? {})).toEqual([
      'org.opencontainers.image.created',
      'com.pyoci.sha256_digest',
      'com.pyoci.project_urls',
    ]);
  });

  it('says size, Python and the hash of METADATA for readers that ask for no manifest', () => {
    const wheel = demoWheel({ requiresPython: '>=3.9' });
    const config = configOf(wheel, false);
    const entry = entryDescriptor(wheel, fileManifest(wheel, FILE, WITH_DEFAULTS, config.descriptor), WITH_DEFAULTS);
    expect(entryFacts(entry)).toEqual({
      size: 22,
      requiresPython: '>=3.9',
      coreMetadata: hexOf(digestOf(METADATA)),
    });
    const sdist = demoSdist({ requiresPython: '>'.repeat(257) });
    const bare = entryDescriptor(sdist, fileManifest(sdist, FILE, WITH_DEFAULTS), WITH_DEFAULTS);
    expect(entryFacts(bare)).toEqual({ size: 22, requiresPython: undefined, coreMetadata: undefined });
  });

  it.each([
    ['no layer', []],
    ['two layers', [EMPTY_CONFIG, EMPTY_CONFIG]],
  ])('is refused for a manifest with %s, which PyOCI could not serve', (_, layers) => {
    const broken = encode({ ...example().value, mediaType: OCI_MANIFEST, layers });
    expect(() => entryDescriptor(demoSdist(), broken, PLAIN)).toThrow(/^Cannot list demo-1\.0\.tar\.gz: .*no manifest/);
  });
});

it('a whole version describes itself from its sdist and lists wheels first', () => {
  const wheel = demoWheel({ summary: 'Said by the wheel' });
  const sdist = demoSdist({
    name: 'Demo',
    summary: 'Said by the sdist',
    homePage: 'https://home.example',
    projectUrls: [['Source Code', 'https://code.example']],
  });
  const annotations = {
    manifest: { never: 'here' },
    index: { 'org.opencontainers.image.vendor': 'from the user' },
    defaults: true,
  };
  const files = [sdist, wheel];
  const index = withEntries(
    undefined,
    files.map((file) => entryOf(file, example())),
    indexAnnotations(files, { ...WITH_DEFAULTS, annotations }),
  );
  expect(index.bytes.toString()).toBe(golden('full-index'));
  expect(index.value.manifests.map(({ platform }) => platform?.architecture)).toEqual(['py3-none-any.whl', '.tar.gz']);
});

function entryOf(file: Distribution, manifest: ReturnType<typeof example>) {
  const descriptor = entryDescriptor(file, manifest, PLAIN);
  return { architecture: file.architecture, sha256: undefined, descriptor };
}
