import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DocumentReader } from '../../src/catalog/document-reader.js';
import { readVersion } from '../../src/catalog/find.js';
import { digestOf, hexOf } from '../../src/core/digest.js';
import { encode } from '../../src/oci/document.js';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.js';
import { failuresOf, publishedOf } from '../../src/publish/report/report.js';
import { publishRun } from '../../src/run/publish-run.js';
import type { PublishInputs } from '../../src/run/settings/inputs.js';
import { aBundle, aCycloneDx, anAttestation, anSpdx, subjectOf } from '../support/attachments.js';
import { anSdist, aWheel, sdistFile, type WheelOptions, wheelFile, wheelName } from '../support/builders.js';
import { inputs, testFace } from '../support/face.js';
import { startRegistry, type TestRegistry } from '../support/registry.js';
import { storeOn } from '../support/registry-store.js';

const WHEEL = 'foo-1.0-py3-none-any.whl';
const SDIST = 'foo-1.0.tar.gz';
const NAME = 'owner/foo';

let folder: string;
let registry: TestRegistry;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attachments-'));
  registry = await startRegistry();
});
afterEach(async () => {
  await registry.stop();
  await rm(folder, { recursive: true });
});

async function put(name: string, content: object): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(content));
  return path;
}

const attest = (name: string, bytes: Buffer, signature?: string) =>
  put(`${name}.publish.attestation`, anAttestation([subjectOf(name, bytes)], signature));

/** What a run came to: statuses by name, and each failure. */
async function publish(paths: readonly string[], given: Partial<PublishInputs> = {}) {
  const face = testFace(paths);
  const before = registry.requests.length;
  const { report } = await publishRun(
    inputs({ registry: registry.host, namespace: 'owner', coordination: 'off', ...given }),
    face,
  );
  const versions = publishedOf(report);
  const asked = registry.requests.slice(before);
  return {
    files: Object.fromEntries(versions.flatMap(({ files }) => files.map(({ file, status }) => [file, status]))),
    attachments: Object.fromEntries(
      versions.flatMap(({ attachments }) => attachments.map(({ file, status }) => [file, status])),
    ),
    failures: failuresOf(report).map(({ message, hint }) => `${message} -> ${hint}`),
    writes: asked.filter(({ method }) => !['GET', 'HEAD'].includes(method)).length,
    notices: face.log.of('notice'),
    told: face.log.of('info'),
  };
}

interface Entry {
  readonly digest: string;
  readonly platform: { readonly architecture: string; readonly os: string };
  readonly annotations: Readonly<Record<string, string>>;
}
const entries = (tag = '1.0'): readonly Entry[] => registry.index(NAME, tag).manifests as unknown as readonly Entry[];
const architectures = (tag = '1.0') => entries(tag).map(({ platform }) => platform.architecture);

/** What readers see: attachments by the file that they are about. */
async function shown(tag = '1.0'): Promise<readonly (readonly [string, string | undefined])[]> {
  const store = storeOn(registry);
  try {
    const reader = new DocumentReader(4, new AbortController().signal);
    const version = await readVersion(
      store.repository(parseRepositoryName(NAME)),
      NAME,
      { tag: parseTag(tag) },
      reader,
    );
    return version.attachments.map(({ served, about }) => [served, about]);
  } finally {
    store.close();
  }
}

describe('publishing files with attachments', () => {
  let paths: readonly string[];
  beforeEach(async () => {
    paths = [await wheelFile(folder), await sdistFile(folder)];
    await attest(WHEEL, aWheel());
    await attest(SDIST, anSdist());
  });

  it('lists what lies beside them behind them, with what was named for the version, under the one tag', async () => {
    const bundle = await put('attestation.json', aBundle([subjectOf(WHEEL, aWheel()), subjectOf(SDIST, anSdist())]));
    const attach = [`attestation=${bundle}`, `sbom=${await put('sbom.json', aCycloneDx())}`].join('\n');
    const { attachments, failures } = await publish(paths, { attach });
    expect(failures).toEqual([]);
    expect(attachments).toEqual({
      [`${WHEEL}.publish.attestation`]: 'published',
      'attestation.json': 'published',
      'sbom.json': 'published',
      [`${SDIST}.publish.attestation`]: 'published',
    });
    expect(architectures()).toEqual([
      'py3-none-any.whl',
      '.tar.gz',
      '-py3-none-any.whl.publish.attestation',
      expect.stringMatching(/^\.[0-9a-f]{12}\.sigstore\.json$/),
      '.cdx.json',
      '.tar.gz.publish.attestation',
    ]);
    expect(registry.tagsOf(NAME)).toEqual(['1.0']);
    expect(await shown()).toEqual([
      [`${WHEEL}.publish.attestation`, 'py3-none-any.whl'],
      [expect.stringMatching(/^foo-1\.0\.[0-9a-f]{12}\.sigstore\.json$/), undefined],
      ['foo-1.0.cdx.json', undefined],
      [`${SDIST}.publish.attestation`, '.tar.gz'],
    ]);
  });

  it('writes an entry and a manifest of exactly these members', async () => {
    await publish(paths);
    const [wheel, , entry] = entries();
    const bytes = JSON.stringify(anAttestation([subjectOf(WHEEL, aWheel())]));
    const sha256 = hexOf(digestOf(Buffer.from(bytes)));
    expect(entry).toEqual({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: expect.any(String),
      size: expect.any(Number),
      platform: { architecture: '-py3-none-any.whl.publish.attestation', os: 'unknown' },
      annotations: {
        'org.opencontainers.image.created': '2023-11-14T22:13:20Z',
        'com.pyoci.sha256_digest': sha256,
        'vnd.pyoci-publish.attachment.type': 'attestation',
        'vnd.pyoci-publish.attachment.of': digestOf(aWheel()),
        'org.opencontainers.reference': wheel?.digest,
        'org.opencontainers.reference.type': 'attestation',
      },
    });
    expect(registry.manifest(NAME, entry?.digest ?? '')).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: 'application/vnd.pypi.attestation.v1+json',
      config: {
        mediaType: 'application/vnd.oci.empty.v1+json',
        digest: digestOf(Buffer.from('{}')),
        size: 2,
      },
      layers: [
        {
          mediaType: 'application/vnd.pypi.attestation.v1+json',
          digest: `sha256:${sha256}`,
          size: bytes.length,
          annotations: { 'org.opencontainers.image.title': `${WHEEL}.publish.attestation` },
        },
      ],
      annotations: { 'org.opencontainers.image.created': '2023-11-14T22:13:20Z' },
    });
    expect(registry.blob(NAME, `sha256:${sha256}`).toString()).toBe(bytes);
  });

  it('again is a success that writes nothing', async () => {
    await publish(paths);
    const { files, attachments, writes } = await publish(paths);
    expect([...Object.values(files), ...Object.values(attachments), writes]).toEqual([
      ...Array(4).fill('unchanged'),
      0,
    ]);
  });

  it('again with new signatures keeps the old ones, writes nothing and is no failure', async () => {
    await publish(paths);
    await attest(WHEEL, aWheel(), 'c2lnbmVkIGFnYWlu');
    const { attachments, failures, writes } = await publish(paths);
    expect([failures, writes]).toEqual([[], 0]);
    expect(attachments).toEqual({
      [`${WHEEL}.publish.attestation`]: 'kept',
      [`${SDIST}.publish.attestation`]: 'unchanged',
    });
  });

  it('again with new signatures and `replace` puts the new ones in their place', async () => {
    await publish(paths);
    const before = architectures();
    await attest(WHEEL, aWheel(), 'c2lnbmVkIGFnYWlu');
    const { attachments } = await publish(paths, { 'if-exists': 'replace' });
    expect(attachments).toMatchObject({ [`${WHEEL}.publish.attestation`]: 'replaced' });
    expect(architectures()).toEqual(before);
  });

  it('brings back what a cleaner deleted', async () => {
    await publish(paths);
    registry.deleteManifest(NAME, entries()[2]?.digest ?? '');
    expect((await publish(paths)).attachments).toMatchObject({ [`${WHEEL}.publish.attestation`]: 'published' });
    expect(registry.manifest(NAME, entries()[2]?.digest ?? '')).toBeDefined();
  });

  it('leaves them out with `attachments: none`', async () => {
    expect((await publish(paths, { attachments: 'none' })).attachments).toEqual({});
    expect(architectures()).toEqual(['py3-none-any.whl', '.tar.gz']);
  });

  it('writes nothing in a dry run, and says what it would do', async () => {
    const { attachments, writes } = await publish(paths, { 'dry-run': 'true' });
    expect([...Object.values(attachments), writes]).toEqual(['planned', 'planned', 0]);
  });

  it('says of suffixes that it does not know, once, that they are not attached', async () => {
    await put(`${WHEEL}.build.attestation`, {});
    await put(`${SDIST}.json`, {});
    expect((await publish(paths)).notices).toEqual([
      expect.stringMatching(/^Not attached, .*\.build\.attestation, .*\.tar\.gz\.json$/),
    ]);
    const matched = await publish([...paths, join(folder, `${SDIST}.json`)], { namespace: 'other' });
    expect(matched.notices).toEqual([
      expect.stringMatching(/^Passed over.*\.tar\.gz\.json$/),
      expect.stringMatching(/^Not attached, .*\.build\.attestation$/),
    ]);
  });

  it('writes nothing at all where one of them is wrong', async () => {
    await put(`${SDIST}.publish.attestation`, anAttestation([subjectOf(WHEEL, aWheel())]));
    const { failures } = await publish(paths);
    expect(failures).toEqual([expect.stringContaining(`it is about ${WHEEL}, and lies beside ${SDIST}`)]);
    expect(registry.requests).toEqual([]);
  });

  it('refuses a line of `attach` that matches nothing', async () => {
    const face = testFace(paths);
    const files = { ...face.files, attached: async () => [] };
    const given = inputs({ 'oci-layout': join(folder, 'oci'), namespace: 'owner', attach: 'sbom=build/*.cdx.json' });
    const { report } = await publishRun(given, { ...face, files });
    expect(report.error).toMatchObject({ message: 'Cannot use input attach: no file matches build/*.cdx.json' });
  });
});

describe('replacing a file', () => {
  it('hides what is attached to the old bytes, and nothing else; new attachments take their places', async () => {
    const paths = [await wheelFile(folder), await sdistFile(folder)];
    await attest(WHEEL, aWheel());
    await attest(SDIST, anSdist());
    await publish(paths);
    const other: WheelOptions = { summary: 'built again' };
    await wheelFile(folder, other);
    await rm(join(folder, `${WHEEL}.publish.attestation`));
    expect((await publish(paths, { 'if-exists': 'replace' })).files).toMatchObject({ [WHEEL]: 'replaced' });
    expect(await shown()).toEqual([[`${SDIST}.publish.attestation`, '.tar.gz']]);
    expect(architectures()).toHaveLength(4);
    await attest(WHEEL, aWheel(other));
    // What stood there is hidden: that something new is listed is no replacement to anybody.
    const { attachments } = await publish(paths);
    expect(attachments).toMatchObject({ [`${WHEEL}.publish.attestation`]: 'published' });
    expect(await shown()).toEqual([
      [`${WHEEL}.publish.attestation`, 'py3-none-any.whl'],
      [`${SDIST}.publish.attestation`, '.tar.gz'],
    ]);
    expect(architectures()).toHaveLength(4);
  });

  it('with `skip` leaves its attachments out as well', async () => {
    const paths = [await wheelFile(folder)];
    await publish(paths);
    await wheelFile(folder, { summary: 'built again' });
    await attest(WHEEL, aWheel({ summary: 'built again' }));
    const { files, attachments, writes } = await publish(paths, { 'if-exists': 'skip' });
    expect([files, attachments, writes]).toEqual([
      { [WHEEL]: 'skipped' },
      { [`${WHEEL}.publish.attestation`]: 'skipped' },
      0,
    ]);
  });
});

describe('attachments alone', () => {
  it('join files that are published already, which stay untouched', async () => {
    await publish([await wheelFile(folder), await sdistFile(folder)]);
    const before = entries();
    const attestation = await attest(WHEEL, aWheel());
    const sbom = await put(`${SDIST}.cdx.json`, aCycloneDx());
    const { files, attachments, failures } = await publish([attestation, sbom]);
    expect([files, failures]).toEqual([{}, []]);
    expect(attachments).toEqual({
      [`${WHEEL}.publish.attestation`]: 'published',
      [`${SDIST}.cdx.json`]: 'published',
    });
    expect(entries().slice(0, 2)).toEqual(before);
    expect(entries()[3]?.annotations['vnd.pyoci-publish.attachment.of']).toBe(digestOf(anSdist()));
  });

  it('whose files are nowhere fail, naming them, and write nothing where nobody is waited for', async () => {
    const attestation = await attest(WHEEL, aWheel());
    const first = await publish([attestation]);
    expect(first.failures).toEqual([expect.stringContaining(`is about ${WHEEL}, which is neither here nor published`)]);
    expect(first.failures[0]).toContain('by naming them as well');
    await publish([await sdistFile(folder)]);
    expect((await publish([attestation])).failures).toHaveLength(1);
    const sbom = await put(`${WHEEL}.cdx.json`, aCycloneDx());
    const unsaid = await publish([sbom]);
    expect(unsaid.failures).toEqual([expect.stringContaining('does not say which bytes it is about')]);
    expect([first.writes, unsaid.writes]).toEqual([0, 0]);
  });

  it('about other bytes than those that are published fail with both digests', async () => {
    await publish([await wheelFile(folder)]);
    const attestation = await put(
      `${WHEEL}.publish.attestation`,
      anAttestation([{ name: WHEEL, sha256: 'e'.repeat(64) }]),
    );
    const { failures, writes } = await publish([attestation]);
    expect(failures).toEqual([
      expect.stringContaining(
        `is about ${WHEEL} with sha256:${'e'.repeat(64)}, which is published with ${digestOf(aWheel())}`,
      ),
    ]);
    expect(writes).toBe(0);
  });

  it('wait for their file as long as a merge may last, and say so if it never comes', async () => {
    await publish([await sdistFile(folder)]);
    const attestation = await attest(WHEEL, aWheel());
    const { failures, told } = await publish([attestation], { coordination: 'settle' });
    expect(told.filter((line) => line.includes('waiting up to 15 minutes for the files that'))).toHaveLength(1);
    expect(failures).toEqual([
      expect.stringMatching(
        /what it is about is not published there: -py3-none-any\.whl\.publish\.attestation is about sha256:/,
      ),
    ]);
    expect(architectures()).toEqual(['.tar.gz']);
  });

  it.each(['settle', 'off'] as const)('beside the publisher of their file are listed with %s', async (coordination) => {
    await publish([await sdistFile(folder)]);
    const attestation = await attest(WHEEL, aWheel());
    const alone = publish([attestation], { coordination: 'settle' });
    const published = await publish([await wheelFile(folder)], { coordination, attachments: 'none' });
    expect([(await alone).failures, published.failures]).toEqual([[], []]);
    expect(await shown()).toEqual([[`${WHEEL}.publish.attestation`, 'py3-none-any.whl']]);
    expect(architectures()).toHaveLength(3);
  });
});

describe('a file that joins later', () => {
  it('stands before all attachments', async () => {
    await wheelFile(folder);
    await attest(WHEEL, aWheel());
    await publish([join(folder, WHEEL)]);
    await publish([await sdistFile(folder)]);
    expect(architectures()).toEqual(['py3-none-any.whl', '.tar.gz', '-py3-none-any.whl.publish.attestation']);
  });
});

describe('what stands in the place of an attachment', () => {
  it('and lacks the annotation is no attachment: it is kept, and nothing is put over it', async () => {
    const path = await wheelFile(folder);
    await publish([path]);
    const index = registry.index(NAME, '1.0');
    const foreign = {
      ...index.manifests[0],
      platform: { architecture: '-py3-none-any.whl.publish.attestation', os: 'unknown' },
      annotations: {},
    };
    const changed = encode({ ...index, manifests: [...index.manifests, foreign] });
    registry.holding(NAME, { tags: { '1.0': changed } });
    const { failures, writes } = await publish([path, await attest(WHEEL, aWheel())]);
    expect(failures).toEqual([expect.stringContaining('an entry that is no attachment has its architecture')]);
    expect(writes).toBe(0);
    expect(await shown()).toEqual([]);
  });
});

describe('the bounds', () => {
  it('are eight attachments for one version', async () => {
    const path = await wheelFile(folder);
    const words = Array.from({ length: 9 }, (_, at) => `word-${at}`);
    const lines = await Promise.all(words.map(async (word) => `${word}=${await put(word, { word })}`));
    const { failures, writes } = await publish([path], { attach: lines.join('\n') });
    expect(failures).toEqual([expect.stringContaining('the version would have 9 attachments, and may have 8')]);
    expect(writes).toBe(0);
    await publish([path], { attach: lines.slice(0, 8).join('\n') });
    expect((await publish([path], { attach: lines[8] ?? '' })).failures).toHaveLength(1);
    expect((await publish([path], { attach: lines[3] ?? '' })).failures).toEqual([]);
  });

  it('are two MiB of index, however it came to be so large', async () => {
    const path = await wheelFile(folder);
    await publish([path]);
    const index = registry.index(NAME, '1.0');
    const large = encode({ ...index, padding: 'x'.repeat(2 * 1024 * 1024) });
    registry.holding(NAME, { tags: { '1.0': large } });
    const { failures, writes } = await publish([path, await attest(WHEEL, aWheel())]);
    expect(failures).toEqual([
      expect.stringMatching(/its index would grow to 2\.0 MiB, and with attachments it may have 2\.0 MiB/),
    ]);
    expect(writes).toBe(0);
  });

  it('are bytes that no other version has, since PyOCI would delete them with either', async () => {
    const attach = `sbom=${await put('sbom.json', anSpdx())}`;
    await publish([await wheelFile(folder)], { attach });
    const next = await wheelFile(folder, { version: '1.1' });
    const { failures, writes } = await publish([next], { attach });
    expect(failures).toEqual([
      expect.stringMatching(
        /sbom\.json has the same bytes as an attachment of version 1\.0.*a serial number or a time/,
      ),
    ]);
    expect(writes).toBe(0);
    const stamped = `sbom=${await put('sbom.json', anSpdx('foo 1.1'))}`;
    expect((await publish([next], { attach: stamped })).failures).toEqual([]);
  });
});

it('ten wheels with three attachments each are one write of the index', async () => {
  const wheels = Array.from({ length: 10 }, (_, at) => ({ tag: `cp3${at}-cp3${at}-any` }));
  const paths = await Promise.all(wheels.map((options) => wheelFile(folder, options)));
  for (const [at, path] of paths.entries()) {
    const name = basename(path);
    expect(name).toBe(wheelName(wheels[at]));
    const subject = subjectOf(name, aWheel(wheels[at]));
    await put(`${name}.publish.attestation`, anAttestation([subject]));
    await put(`${name}.slsa.attestation`, anAttestation([subject], 'c2xzYQ=='));
    await put(`${name}.cdx.json`, aCycloneDx(name));
  }
  const { attachments, failures } = await publish(paths);
  expect(failures).toEqual([]);
  expect(Object.values(attachments)).toEqual(Array(30).fill('published'));
  expect(
    registry.requests.filter(({ method, path }) => method === 'PUT' && path.endsWith('/manifests/1.0')),
  ).toHaveLength(1);
});
