import { DocumentReader } from '../../src/catalog/document-reader.js';
import { readPackage, readVersion } from '../../src/catalog/find.js';
import { listingLines, listingMembers } from '../../src/catalog/listing.js';
import { digestOf, hexOf } from '../../src/core/digest.js';
import type { Descriptor } from '../../src/oci/descriptor.js';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.js';
import { MemoryStore } from '../support/memory-store.js';
import { bytesOf, standingVersion } from '../support/pyoci-version.js';
import { startRegistry } from '../support/registry.js';
import { EMPTY_INDEX } from '../support/registry-session.js';
import { storeOn } from '../support/registry-store.js';
import { wholePackage } from '../support/stored-contents.js';

const IMAGE = 'example.org/o/my_foo';
const WHEEL = {
  architecture: 'py3-none-any.whl',
  labels: { team: 'core', 'org.opencontainers.image.title': 'x', 'org.opencontainers.image.vendor': 'us' },
};
const SDIST = { architecture: '.tar.gz' };
const reader = () => new DocumentReader(2, new AbortController().signal);
const empty = (name = 'o/my_foo') => new MemoryStore().repository(parseRepositoryName(name));

describe('what a repository holds', () => {
  it('is told version by version, the highest first, whatever the order of the strings', async () => {
    const repository = empty();
    for (const tag of ['0.9', '0.10', '0.10rc1', '0.9-cu12']) await standingVersion(repository, tag, [SDIST]);
    const { versions, foreign } = await readPackage(repository, IMAGE, reader());
    expect(versions.map(({ version }) => version)).toEqual(['0.10', '0.10rc1', '0.9+cu12', '0.9']);
    expect(foreign).toEqual([]);
  });

  it('is told file by file: served name, size and digest of the file itself, labels, time', async () => {
    const repository = empty();
    const index = await standingVersion(repository, '1.0-cu12', [WHEEL, SDIST]);
    const held = await wholePackage(repository, IMAGE, reader());
    const [wheel, sdist] = [WHEEL, SDIST].map((file) => digestOf(bytesOf(file)));
    expect(listingLines(held, IMAGE)).toEqual([
      `${IMAGE}: 1 version, 2 files, 29 B`,
      '',
      '1.0+cu12, created 2024-11-20T20:23:36Z',
      `  ${IMAGE}:1.0-cu12@${index.descriptor.digest}`,
      '  my_foo-1.0+cu12-py3-none-any.whl (19 B)',
      `    ${wheel}`,
      '    team = core',
      '    org.opencontainers.image.vendor = us',
      '  my_foo-1.0+cu12.tar.gz (10 B)',
      `    ${sdist}`,
    ]);
    const [entry] = index.value.manifests as unknown as readonly Descriptor[];
    const created = '2024-11-20T20:23:36Z';
    expect(listingMembers(held, IMAGE)).toMatchObject({
      image: IMAGE,
      versions: [
        {
          version: '1.0+cu12',
          tag: '1.0-cu12',
          image: `${IMAGE}:1.0-cu12`,
          digest: index.descriptor.digest,
          created,
          files: [
            {
              file: 'my_foo-1.0+cu12-py3-none-any.whl',
              architecture: 'py3-none-any.whl',
              size: 19,
              sha256: hexOf(digestOf(bytesOf(WHEEL))),
              manifest: entry?.digest,
              present: true,
              created,
              labels: { team: 'core', 'org.opencontainers.image.vendor': 'us' },
              annotations: { team: 'core', 'org.opencontainers.image.title': 'x' },
            },
            { file: 'my_foo-1.0+cu12.tar.gz' },
          ],
        },
      ],
      foreignTags: [],
    });
  });

  it('names tags that hold no package, whatever they are called', async () => {
    const repository = empty();
    await standingVersion(repository, '1.0', [SDIST]);
    await repository.putTag(parseTag('2.0'), EMPTY_INDEX);
    await repository.putTag(parseTag('latest'), EMPTY_INDEX);
    const held = await wholePackage(repository, IMAGE, reader());
    expect(held.versions.map(({ tag }) => tag)).toEqual(['1.0']);
    expect(listingLines(held, IMAGE).slice(-3)).toEqual([
      'Tags that keep PyOCI from listing this package:',
      '  2.0: it holds application/vnd.oci.image.index.v1+json, not a Python package',
      '  latest: it holds application/vnd.oci.image.index.v1+json, not a Python package',
    ]);
  });

  it('says which file has lost its manifest, and tells the others all the same', async () => {
    const registry = await startRegistry();
    try {
      const repository = storeOn(registry).repository(parseRepositoryName('o/my_foo'));
      const index = await standingVersion(repository, '1.0', [WHEEL, SDIST]);
      const [gone] = index.value.manifests as unknown as readonly Descriptor[];
      registry.deleteManifest('o/my_foo', String(gone?.digest));
      const held = await wholePackage(repository, IMAGE, reader());
      const text = listingLines(held, IMAGE).join('\n');
      expect(text).toContain(`my_foo-1.0-py3-none-any.whl: its manifest ${gone?.digest} is gone`);
      expect(text).toContain('my_foo-1.0.tar.gz (10 B)');
      expect(listingMembers(held, IMAGE)).toMatchObject({
        versions: [{ files: [{ present: false }, { present: true }] }],
      });
    } finally {
      await registry.stop();
    }
  });

  it('is nothing where there is no such repository, which is an error', async () => {
    await expect(readPackage(empty(), IMAGE, reader())).rejects.toMatchObject({
      message: `Cannot find ${IMAGE}: there is nothing under this name`,
      hint: expect.stringMatching(/spelling.*may read it/),
    });
  });

  it.each(['my-foo', 'my.foo'])('is looked for elsewhere if %s is how pip would call it', async (name) => {
    await expect(readPackage(empty(`o/${name}`), `example.org/o/${name}`, reader())).rejects.toMatchObject({
      hint: 'PyOCI keeps this project under another name: example.org/o/my_foo',
    });
  });
});

describe('one version', () => {
  it('is read by its tag, or by the very index that is meant', async () => {
    const repository = empty();
    const old = await standingVersion(repository, '1.0', [SDIST]);
    await standingVersion(repository, '1.0', [WHEEL, SDIST]);
    const tag = parseTag('1.0');
    const now = await readVersion(repository, IMAGE, { tag, digest: undefined }, reader());
    const then = await readVersion(repository, IMAGE, { tag, digest: old.descriptor.digest }, reader());
    expect([now.files.length, then.files.length]).toEqual([2, 1]);
  });

  it('that is not there is an error with the whole name', async () => {
    const repository = empty();
    await standingVersion(repository, '1.0', [SDIST]);
    const asked = readVersion(repository, IMAGE, { tag: parseTag('2.0'), digest: undefined }, reader());
    await expect(asked).rejects.toThrow(`Cannot find ${IMAGE}:2.0: there is nothing under this name`);
  });

  it('that is something else is an error that says what', async () => {
    const repository = empty();
    await repository.putTag(parseTag('1.0'), EMPTY_INDEX);
    const asked = readVersion(repository, IMAGE, { tag: parseTag('1.0'), digest: undefined }, reader());
    await expect(asked).rejects.toThrow(/^Cannot read .*:1\.0 as a package: it holds application\/vnd\.oci/);
  });
});
