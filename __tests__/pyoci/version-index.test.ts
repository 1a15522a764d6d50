import { digestOf, hexOf } from '../../src/core/digest.js';
import type { Json, JsonObject } from '../../src/oci/descriptor.js';
import { decode } from '../../src/oci/document.js';
import { DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from '../../src/oci/media-types.js';
import { ARTIFACT_TYPE } from '../../src/pyoci/layout.js';
import {
  entriesOf,
  fileDigestOf,
  type IndexEntry,
  isFile,
  isPackageIndex,
  type PackageIndex,
  withEntries,
} from '../../src/pyoci/version-index.js';

function descriptor(architecture: string, content = architecture): JsonObject {
  return {
    mediaType: OCI_MANIFEST,
    digest: digestOf(Buffer.from(content)),
    size: 7,
    platform: { architecture, os: 'any' },
    annotations: { 'com.pyoci.sha256_digest': hexOf(digestOf(Buffer.from(`file ${content}`))) },
  };
}

function entry(architecture: string, content = architecture): IndexEntry {
  const [found] = entriesOf(index([descriptor(architecture, content)]));
  if (!found) throw new Error('no entry');
  return found;
}

const document = (value: JsonObject, type = OCI_INDEX) => decode(Buffer.from(JSON.stringify(value)), type, 'x');
function index(manifests: readonly Json[], more: JsonObject = {}): PackageIndex {
  const made = document({ schemaVersion: 2, mediaType: OCI_INDEX, artifactType: ARTIFACT_TYPE, manifests, ...more });
  if (!isPackageIndex(made)) throw new Error('no index of PyOCI');
  return made;
}
const architectures = (value: JsonObject) =>
  (value.manifests as { platform?: { architecture?: string } }[]).map((one) => one.platform?.architecture);

describe('reading the index of a version', () => {
  it('gives its files by architecture, in its order', () => {
    const entries = entriesOf(index([descriptor('.tar.gz'), descriptor('py3-none-any.whl')]));
    expect(entries.map((found) => found.architecture)).toEqual(['.tar.gz', 'py3-none-any.whl']);
    expect(entries[0]?.sha256).toBe(hexOf(digestOf(Buffer.from('file .tar.gz'))));
  });

  it('passes over what stands for no file', () => {
    const foreign = { mediaType: OCI_MANIFEST, digest: digestOf(Buffer.from('f')), size: 1 };
    expect(entriesOf(index([foreign, 'nonsense', { platform: { architecture: 'x' } }]))).toEqual([]);
  });

  it('does not invent a SHA-256 that the index does not say', () => {
    const bare = { ...descriptor('a.whl'), annotations: { 'com.pyoci.sha256_digest': 'sha256:no' } };
    expect(entriesOf(index([bare]))[0]?.sha256).toBeUndefined();
  });

  it.each([
    ['an OCI image', document({ schemaVersion: 2, config: {}, layers: [] }, OCI_MANIFEST)],
    ['a Docker image', document({ schemaVersion: 2, config: {}, layers: [] }, DOCKER_MANIFEST)],
    ['an index of images', document({ schemaVersion: 2, manifests: [] })],
    ['another artifact', document({ schemaVersion: 2, manifests: [], artifactType: 'application/x' })],
    ['an index without a list', document({ schemaVersion: 2, artifactType: ARTIFACT_TYPE })],
  ])('takes %s for none', (_what, foreign) => {
    expect(isPackageIndex(foreign)).toBe(false);
  });
});

describe('writing the index of a version', () => {
  it('makes a new one in PyOCI form, wheels before the sdist, in order of file name', () => {
    const made = withEntries(undefined, [entry('.tar.gz'), entry('py3-b.whl'), entry('cp312-a.whl')], { a: 'b' });
    expect(Object.keys(made.value)).toEqual(['schemaVersion', 'mediaType', 'artifactType', 'manifests', 'annotations']);
    expect(architectures(made.value)).toEqual(['cp312-a.whl', 'py3-b.whl', '.tar.gz']);
    expect(made.value.annotations).toEqual({ a: 'b' });
  });

  it('keeps unknown members, foreign entries, foreign annotations and the order of what stands', () => {
    const foreign = { mediaType: 'x/y', digest: digestOf(Buffer.from('f')), size: 1, odd: [1, { deep: null }] };
    const standing = index([descriptor('z.whl'), foreign, { ...descriptor('.tar.gz'), extra: true }], {
      unknown: { n: 1 },
      annotations: { created: 'then', theirs: 'kept' },
    });
    const made = withEntries(standing, [...entriesOf(standing), entry('a.whl')], {
      created: 'now',
      ours: 'added',
    });
    expect(made.value).toEqual({
      ...standing.value,
      manifests: [...(standing.value.manifests as Json[]), descriptor('a.whl')],
      annotations: { created: 'then', theirs: 'kept', ours: 'added' },
    });
  });

  it('puts attachments behind all files, whenever those come, and lets the first of one architecture stay the first', () => {
    const attached = (architecture: string) => ({
      ...descriptor(architecture),
      annotations: { 'vnd.pyoci-publish.attachment.type': 'sbom' },
    });
    const double = { ...descriptor('.cdx.json', 'another'), size: 9 };
    const standing = index([descriptor('z.whl'), attached('.spdx.json'), attached('.cdx.json'), double]);
    const made = withEntries(standing, [...entriesOf(standing), entry('a.whl')], {});
    expect(made.value.manifests).toEqual([
      descriptor('z.whl'),
      descriptor('a.whl'),
      attached('.spdx.json'),
      attached('.cdx.json'),
      double,
    ]);
    const again = entriesOf(index(made.value.manifests as readonly Json[]));
    expect(again.filter((one) => !isFile(one))).toHaveLength(2);
  });

  it('takes an entry for an attachment by its annotation alone', () => {
    const looks = descriptor('-py3-none-any.whl.cdx.json');
    const [file] = entriesOf(
      index([{ ...looks, platform: { architecture: '-py3-none-any.whl.cdx.json', os: 'unknown' } }]),
    );
    expect(file && isFile(file)).toBe(true);
  });

  it('replaces an entry where it stands', () => {
    const standing = index([descriptor('a.whl', 'old'), descriptor('b.whl')]);
    const made = withEntries(standing, [entry('a.whl', 'new'), entry('b.whl')], {});
    expect(made.value.manifests).toEqual([descriptor('a.whl', 'new'), descriptor('b.whl')]);
  });

  it('loses no member called __proto__', () => {
    const text = `{"schemaVersion":2,"mediaType":"${OCI_INDEX}","artifactType":"${ARTIFACT_TYPE}","manifests":[],"__proto__":{"a":1},"annotations":{"__proto__":"b"}}`;
    const standing = decode(Buffer.from(text), OCI_INDEX, 'x');
    const made = withEntries(standing, [entry('a.whl')], { ours: 'added' });
    expect(made.bytes.toString()).toContain('"__proto__":{"a":1}');
    expect(made.bytes.toString()).toContain('"annotations":{"__proto__":"b","ours":"added"}');
  });

  it('gives bytes, digest and size that fit each other', () => {
    const made = withEntries(undefined, [entry('a.whl')], {});
    expect(made.descriptor).toEqual({ mediaType: OCI_INDEX, digest: digestOf(made.bytes), size: made.bytes.length });
  });
});

describe('the file behind a manifest', () => {
  const layer = { mediaType: ARTIFACT_TYPE, digest: digestOf(Buffer.from('file')), size: 4 };

  it('is its one layer', () => {
    expect(fileDigestOf(document({ layers: [layer] }, OCI_MANIFEST))).toBe(hexOf(digestOf(Buffer.from('file'))));
  });

  it.each([[[]], [[layer, layer]], [['x']], [undefined]])('is unknown with layers %j', (layers) => {
    expect(fileDigestOf(document({ layers }, OCI_MANIFEST))).toBeUndefined();
  });
});
