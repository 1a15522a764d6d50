import assert from 'node:assert/strict';
import fc from 'fast-check';
import { tagOf, versionOfTag } from '../../src/pyoci/names.js';
import { parseFileName } from '../../src/python/filename.js';
import type { MetadataMember } from '../../src/python/metadata/fields.js';
import { readMetadata } from '../../src/python/metadata/metadata.js';
import { normalName } from '../../src/python/name.js';
import { compareVersions, parseVersion } from '../../src/python/version.js';
import { metadata } from '../support/hostile/metadata.js';
import { each, endless, type Target, target, textOf } from './target.js';

const MIB = 1024 * 1024;
const VERSION_WORDS = [
  '1',
  '0',
  '01',
  '.',
  '-',
  '_',
  '+',
  '!',
  'v',
  'a',
  'rc',
  'RC',
  'post',
  'dev',
  'c',
  'alpha',
  'r',
  'local',
  ' ',
  '20260801',
];
const versionText = textOf(...VERSION_WORDS);

const fileNames = target(
  'file names',
  textOf(
    'foo',
    'Foo.Bar',
    '-',
    '-',
    '-',
    '_',
    '.',
    '1.0',
    '1.0rc1',
    '2',
    'py3',
    'none',
    'any',
    'py2.py3',
    '.whl',
    '.tar.gz',
    '.zip',
    ' (1)',
  ),
  (name) => {
    const parsed = parseFileName(name);
    if (parsed.kind === 'wheel') {
      assert.equal(`${parsed.name}-${parsed.version.spelled}-${parsed.architecture}`, name);
    } else if (parsed.kind === 'sdist') {
      for (const split of parsed.splits) assert.equal(`${split.name}-${split.version.spelled}.tar.gz`, name);
    } else if (parsed.kind === 'malformed') {
      assert.equal(parsed.finding.severity, 'error');
    }
  },
  // Longer paths than any file system has.
  function* () {
    for (const text of endless(4 * 1024, ['', 'foo-', 'foo-1.0-'])) {
      yield* [`${text}.whl`, `${text}.tar.gz`, `${text}.tar.gz \t`];
    }
  },
);

const versions = target(
  'versions',
  fc.tuple(versionText, versionText),
  ([one, other]) => {
    const [first, second] = [parseVersion(one), parseVersion(other)];
    if (!first) return;
    for (const text of [first.normal, first.key]) assert.equal(parseVersion(text)?.key, first.key);
    assert.equal(parseVersion(first.normal)?.normal, first.normal);
    assert.equal(compareVersions(first, first), 0);
    if (second) assert.equal(Math.sign(compareVersions(first, second)) + Math.sign(compareVersions(second, first)), 0);
  },
  () => each(endless(MIB, ['', '1', '1.0+']), (text) => [text, '1'] as [string, string]),
);

const names = target(
  'project names',
  textOf('a', 'B', '1', '-', '_', '.', '--'),
  (text) => {
    const normal = normalName(text);
    if (normal === undefined) return;
    assert.match(normal, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    assert.equal(normalName(normal), normal);
  },
  () => endless(MIB),
);

const tags = target(
  'tags',
  versionText,
  (text) => {
    const version = parseVersion(text);
    if (!version) return;
    const tag = tagOf(version);
    assert.match(tag, /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/);
    assert.equal(parseVersion(versionOfTag(tag))?.key, version.key);
  },
  () => endless(MIB, ['', '1', '1.0+']),
);

const FIELD_BEGINNINGS = [
  '',
  'Project-URL: a',
  'Classifier: PyOCI :: Label :: ',
  'Name: ',
  'Version: 1',
  'Metadata-Version: 2.',
];
const HEADERS = 'Metadata-Version: 2.1\nName: foo\nVersion: 1.0\n';
const metadataTexts = target(
  'metadata',
  fc.tuple(
    fc.oneof(
      metadata.map(({ bytes }) => bytes),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    ),
    fc.constantFrom('METADATA', 'PKG-INFO'),
  ),
  ([bytes, member]) => {
    const { identified, findings } = readMetadata(bytes, member);
    assert.equal(
      identified === undefined,
      findings.some(({ severity }) => severity === 'error'),
    );
    assert.ok(findings.length <= 21);
    for (const [label, url] of identified?.metadata.projectUrls ?? [])
      assert.ok(label && url && !/[\0\r\n]/.test(label + url));
  },
  () =>
    each(
      endless(MIB - 100, FIELD_BEGINNINGS),
      (text) => [Buffer.from(`${HEADERS}${text}`), 'METADATA'] as [Buffer, MetadataMember],
    ),
);

export const PYTHON_TARGETS: readonly Target[] = [fileNames, versions, names, tags, metadataTexts];
