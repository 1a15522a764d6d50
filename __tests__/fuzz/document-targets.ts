import assert from 'node:assert/strict';
import fc from 'fast-check';
import { digestOf } from '../../src/core/digest.js';
import { decodeRecord, encodeRecord, type Meeting } from '../../src/journals/record.js';
import { annotationsOf, type Descriptor, parseDescriptor } from '../../src/oci/descriptor.js';
import { decode } from '../../src/oci/document.js';
import { manifestTypeOf } from '../../src/oci/layout/manifest-type.js';
import { OCI_INDEX, OCI_MANIFEST } from '../../src/oci/media-types.js';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.js';
import { ARTIFACT_TYPE, ATTACHMENT_OF, ATTACHMENT_TYPE, PROJECT_URLS, SHA256_DIGEST } from '../../src/pyoci/layout.js';
import { odditiesOf } from '../../src/pyoci/oddities.js';
import { fileDigestOf, type IndexEntry, withEntries } from '../../src/pyoci/version-index.js';
import { standingEntries } from '../../src/release/merge/standing-entries.js';
import { each, type Target, target } from './target.js';

const hex = fc.constantFrom('a', 'b', 'c').map((digit) => digit.repeat(64));
const digest = hex.map((text) => `sha256:${text}`);
const architecture = fc.constantFrom(
  'py3-none-any.whl',
  '.tar.gz',
  '-py3-none-any.whl.cdx.json',
  'cp312-abi3-any.whl',
  '__proto__',
  'constructor',
  '2',
  '',
);

/** An entry as PyOCI writes it, with members that somebody may have spoilt. */
const entry = fc
  .record(
    {
      mediaType: fc.oneof(
        { weight: 8, arbitrary: fc.constant<unknown>(OCI_MANIFEST) },
        { weight: 1, arbitrary: fc.jsonValue() },
      ),
      digest: fc.oneof(
        { weight: 8, arbitrary: digest as fc.Arbitrary<unknown> },
        { weight: 1, arbitrary: fc.jsonValue() },
      ),
      size: fc.oneof(
        { weight: 8, arbitrary: fc.nat() as fc.Arbitrary<unknown> },
        { weight: 1, arbitrary: fc.jsonValue() },
      ),
      platform: fc.oneof(
        { weight: 8, arbitrary: fc.record({ architecture, os: fc.constant('any') }) as fc.Arbitrary<unknown> },
        { weight: 1, arbitrary: fc.jsonValue() },
      ),
      annotations: fc.oneof(
        {
          weight: 8,
          arbitrary: fc.record({ [SHA256_DIGEST]: hex, [PROJECT_URLS]: fc.constant('{}') }) as fc.Arbitrary<unknown>,
        },
        {
          weight: 4,
          arbitrary: fc.record({
            [SHA256_DIGEST]: hex,
            [ATTACHMENT_TYPE]: fc.string(),
            [ATTACHMENT_OF]: fc.oneof(digest, fc.string()),
          }) as fc.Arbitrary<unknown>,
        },
        { weight: 1, arbitrary: fc.jsonValue() },
      ),
      strange: fc.jsonValue(),
    },
    { requiredKeys: ['mediaType', 'digest', 'size'] },
  )
  .map((value): unknown => value);

const documentText = fc.oneof(
  fc.json(),
  fc
    .record(
      {
        schemaVersion: fc.constant(2),
        mediaType: fc.constant(OCI_INDEX),
        artifactType: fc.constant(ARTIFACT_TYPE),
        manifests: fc.oneof(
          { weight: 8, arbitrary: fc.array(entry, { maxLength: 5 }) as fc.Arbitrary<unknown> },
          { weight: 1, arbitrary: fc.jsonValue() },
        ),
        annotations: fc.oneof(
          fc.dictionary(fc.constantFrom('a', '__proto__', 'constructor', '1'), fc.string()) as fc.Arbitrary<unknown>,
          fc.jsonValue(),
        ),
        strange: fc.jsonValue(),
      },
      { requiredKeys: ['mediaType', 'artifactType', 'manifests'] },
    )
    .map((value) => JSON.stringify(value)),
);

function fileEntry(where: string, digit: string): IndexEntry {
  const sha256 = digit.repeat(64);
  const descriptor: Descriptor = {
    mediaType: OCI_MANIFEST,
    digest: digestOf(Buffer.from(digit)),
    size: 7,
    annotations: { [SHA256_DIGEST]: sha256 },
    platform: { architecture: where, os: 'any' },
  };
  return { architecture: where, sha256, descriptor };
}
const files = fc.uniqueArray(fc.tuple(architecture, fc.constantFrom('d', 'e')), {
  selector: ([where]) => where,
  maxLength: 3,
});

const index = target(
  'indexes of a version',
  fc.tuple(documentText, files),
  ([text, added]) => {
    const document = decode(Buffer.from(text), OCI_INDEX, 'the index');
    const standing = standingEntries(document, 'a place');
    const mine = added.map(([where, digit]) => fileEntry(where, digit));
    const wanted = [
      ...standing.filter((one) => !mine.some((other) => other.architecture === one.architecture)),
      ...mine,
    ];
    const written = withEntries(document, wanted, { a: 'ours', b: 'ours' });
    const read = decode(written.bytes, OCI_INDEX, 'the index');
    const sorted = (entries: readonly IndexEntry[]): readonly string[] =>
      entries.map(({ architecture: where, descriptor }) => `${where} ${descriptor.digest}`).sort();
    assert.deepEqual(sorted(standingEntries(read, 'a place')), sorted(wanted));
    assert.deepEqual(withEntries(read, wanted, { a: 'ours', b: 'ours' }).bytes, written.bytes);
    const foreign = Array.isArray(document.value.manifests) ? document.value.manifests.length - standing.length : 0;
    assert.equal(written.value.manifests.length, wanted.length + foreign);
    assert.ok(odditiesOf(document).length >= foreign, 'an entry is left out in silence');
  },
  () =>
    each(
      [nestedIndex(200), nestedIndex(2_000_000), '['.repeat(4_000_000)],
      (text) => [text, []] as [string, [string, string][]],
    ),
);

function nestedIndex(depth: number): string {
  const nested = '['.repeat(depth) + ']'.repeat(depth);
  return `{"mediaType":"${OCI_INDEX}","artifactType":"${ARTIFACT_TYPE}","manifests":[],"strange":${nested}}`;
}

const manifests = target('manifests', documentText, (text) => {
  const bytes = Buffer.from(text);
  const type = manifestTypeOf(bytes);
  const document = decode(bytes, type ?? OCI_MANIFEST, 'a manifest');
  const found = fileDigestOf(document);
  assert.ok(found === undefined || /^[0-9a-f]{64}$/.test(found));
  for (const value of Object.values(annotationsOf(document.value))) assert.equal(typeof value, 'string');
});

const descriptors = target('descriptors', fc.oneof(entry, fc.jsonValue()), (value) => {
  const { digest: found, size } = parseDescriptor(value, 'a place');
  assert.ok(found.length === 71 && Number.isSafeInteger(size) && size >= 0);
});

const MEETING: Meeting = { repository: parseRepositoryName('owner/demo'), tag: parseTag('1.0'), run: '7' };
const PLACE = {
  'vnd.pyoci-publish.repository': 'owner/demo',
  'vnd.pyoci-publish.tag': '1.0',
  'vnd.pyoci-publish.run': '7',
};
const claims = fc.oneof(
  fc.json(),
  fc
    .array(fc.record({ entry, replaces: fc.jsonValue() }, { requiredKeys: ['entry'] }))
    .map((value) => JSON.stringify(value)),
  fc.string(),
);

const records = target(
  'records of journals',
  fc.tuple(claims, fc.oneof(fc.constantFrom('1', '2', '0', '-1', '1e9'), fc.string())),
  ([text, attempt]) => {
    const found = decodeRecord(
      {
        ...PLACE,
        'vnd.pyoci-publish.claims': text,
        'vnd.pyoci-publish.leg': 'a',
        'vnd.pyoci-publish.attempt': attempt,
      },
      MEETING,
    );
    for (const { entry: claimed, replaces } of found ?? []) {
      assert.equal(typeof claimed.architecture, 'string');
      assert.equal(parseDescriptor(claimed.descriptor, 'a claim'), claimed.descriptor);
      assert.ok(replaces === undefined || typeof replaces.manifest === 'string');
    }
  },
  () => each(['['.repeat(1_000_000), `[${'{},'.repeat(300_000)}{}]`], (text) => [text, '1'] as [string, string]),
);

const written = target('records, as we write them', files, (added) => {
  const mine = added.map(([where, digit]) => ({
    entry: fileEntry(where, digit),
    replaces: undefined,
    author: { leg: 'a', attempt: 1 },
  }));
  const record = encodeRecord(mine, MEETING, { author: { leg: 'a', attempt: 1 }, created: '2026-08-01T00:00:00Z' });
  assert.deepEqual(decodeRecord(annotationsOf(record.value), MEETING), mine);
});

export const DOCUMENT_TARGETS: readonly Target[] = [index, manifests, descriptors, records, written];
