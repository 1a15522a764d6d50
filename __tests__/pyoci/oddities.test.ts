import { digestOf } from '../../src/core/digest.js';
import type { Json } from '../../src/oci/descriptor.js';
import { encode } from '../../src/oci/document.js';
import { DOCKER_LIST, OCI_INDEX, OCI_MANIFEST } from '../../src/oci/media-types.js';
import { ARTIFACT_TYPE } from '../../src/pyoci/layout.js';
import { obstacleIn, odditiesOf } from '../../src/pyoci/oddities.js';

const digest = digestOf(Buffer.from('x'));
const entry = (platform: Json | undefined, more: Record<string, Json | undefined> = {}): Json => ({
  mediaType: OCI_MANIFEST,
  digest,
  size: 1,
  ...(platform === undefined ? {} : { platform }),
  ...more,
});
const file = (architecture: string): Json => entry({ architecture, os: 'any' });
const index = (manifests: readonly Json[], artifactType = ARTIFACT_TYPE, mediaType = OCI_INDEX) =>
  encode({ schemaVersion: 2, mediaType, artifactType, manifests });

describe('PyOCI lists a package', () => {
  it.each([
    ['files', [file('.tar.gz'), file('py3-none-any.whl')]],
    ['no entry at all', []],
    ['what it can name no file of', [file('.tar.gz'), file('x86_64'), file('.publish.attestation')]],
    ['attachments of another system', [entry({ architecture: '.sigstore.json', os: 'unknown' })]],
  ])('with an index of %s', (_, manifests) => {
    expect(obstacleIn(index(manifests))).toBeUndefined();
    expect(odditiesOf(index(manifests))).toEqual([]);
  });

  it.each([
    ['another artifactType', index([], 'application/vnd.example')],
    ['another media type', index([], ARTIFACT_TYPE, DOCKER_LIST)],
    ['an image', encode({ schemaVersion: 2, mediaType: OCI_MANIFEST, artifactType: ARTIFACT_TYPE, layers: [] })],
    ['no list of entries', encode({ schemaVersion: 2, mediaType: OCI_INDEX, artifactType: ARTIFACT_TYPE })],
  ])('not with %s', (_, document) => {
    expect(obstacleIn(document)).toMatch(/^it holds application\/.*, not a Python package$/);
    expect(odditiesOf(document)).toEqual([]);
  });

  it.each([
    [entry(undefined), 'it has no platform'],
    [entry({ os: 'any' }), 'its platform has no architecture'],
    [entry({ architecture: '.tar.gz' }), 'its platform has no os'],
    [entry({ architecture: 'amd64', os: 'linux' }), "its architecture is amd64, as an image's"],
    [entry({ architecture: 'riscv64', os: 'any' }), "its architecture is riscv64, as an image's"],
    [entry({ architecture: '.tar.gz', os: 'any' }, { size: -1 }), 'it has no size'],
    [entry({ architecture: '.tar.gz', os: 'any' }, { mediaType: undefined }), 'it has no mediaType'],
  ])('not with the entry %j', (odd, why) => {
    expect(odditiesOf(index([file('.tar.gz'), odd]))).toEqual([{ entry: digest, why, breaking: true }]);
    expect(obstacleIn(index([odd]))).toBe(`it holds an entry that PyOCI cannot read (${digest}: ${why})`);
  });

  it.each(['text', null, entry({ architecture: '.tar.gz', os: 'any' }, { digest: 'md5:0' })])(
    'not with %j for an entry, which is told by its place',
    (odd) => {
      expect(odditiesOf(index([file('.tar.gz'), odd]))).toMatchObject([{ entry: 'number 2', breaking: true }]);
    },
  );
});

it('a second entry for one architecture is told, and keeps nobody from listing', () => {
  const twice = index([file('.tar.gz'), file('.tar.gz')]);
  expect(odditiesOf(twice)).toEqual([
    { entry: digest, why: 'it is another .tar.gz, and PyOCI serves the first', breaking: false },
  ]);
  expect(obstacleIn(twice)).toBeUndefined();
});
