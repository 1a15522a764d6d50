import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { memoryBytes } from '../../../src/core/bytes.js';
import { digestOf, hexOf } from '../../../src/core/digest.js';
import type { Clock } from '../../../src/core/ports.js';
import { decode, encode } from '../../../src/oci/document.js';
import { LayoutStore } from '../../../src/oci/layout/layout-store.js';
import { OCI_INDEX, OCI_MANIFEST } from '../../../src/oci/media-types.js';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.js';
import type { Repository } from '../../../src/oci/store.js';
import { describeStore } from '../store.contract.js';

/** Real time: two stores on one folder wait for each other. */
const clock: Clock = { now: Date.now, sleep: (milliseconds, signal) => wait(milliseconds, signal) };

describeStore('an image layout', async () => {
  const home = await mkdtemp(join(tmpdir(), 'layout-'));
  return { store: storeIn(join(home, 'layout')), close: () => rm(home, { recursive: true }) };
});

describe('an image layout', () => {
  let home: string;
  let folder: string;
  let repository: Repository;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'layout-'));
    folder = join(home, 'deep', 'layout');
    repository = storeIn(folder).repository(NAME);
  });
  afterEach(() => rm(home, { recursive: true }));

  const files = async (): Promise<string[]> =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort((a, b) => (a < b ? -1 : 1));
  const indexJson = async (): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as Record<string, unknown>;
  /** A layout that somebody else has made. */
  const foreign = async (index: unknown, marker: unknown = { imageLayoutVersion: '1.0.0' }): Promise<void> => {
    await mkdir(join(folder, 'blobs', 'sha256'), { recursive: true });
    await writeFile(join(folder, 'oci-layout'), typeof marker === 'string' ? marker : JSON.stringify(marker));
    await writeFile(join(folder, 'index.json'), typeof index === 'string' ? index : JSON.stringify(index));
  };

  it('names its repositories, each once and in order, and none that is no name of one', async () => {
    expect(await storeIn(folder).repositories()).toEqual([]);
    const document = encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] });
    for (const name of ['owner/zeta', 'owner/alpha', 'other/alpha']) {
      const one = storeIn(folder).repository(parseRepositoryName(name));
      for (const tag of ['1.0', '2.0']) await one.putTag(parseTag(tag), document);
    }
    const path = join(folder, 'index.json');
    const index = JSON.parse(await readFile(path, 'utf8')) as { manifests: { annotations: Record<string, string> }[] };
    const [first] = index.manifests;
    const named = (name: string) => ({ ...first, annotations: { 'org.opencontainers.image.ref.name': name } });
    index.manifests.push(named('1.0'), named('Owner/Upper:1.0'), named('../up:1.0'), named('owner/beta:'));
    await writeFile(path, JSON.stringify(index));
    expect(await storeIn(folder).repositories()).toEqual(['other/alpha', 'owner/alpha', 'owner/zeta']);
  });

  it('is the three parts of the spec, and nothing else is left behind', async () => {
    await repository.putTag(TAG, INDEX);
    expect(await files()).toEqual([hexOf(INDEX.descriptor.digest), 'index.json', 'oci-layout']);
    expect(await readFile(join(folder, 'oci-layout'), 'utf8')).toBe('{"imageLayoutVersion":"1.0.0"}');
    expect(await indexJson()).toEqual({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [
        {
          ...INDEX.descriptor,
          artifactType: 'application/vnd.example.test',
          annotations: { 'org.opencontainers.image.ref.name': 'owner/demo:1.0' },
        },
      ],
    });
    expect(await readFile(join(folder, 'blobs', 'sha256', hexOf(INDEX.descriptor.digest)))).toEqual(INDEX.bytes);
  });

  it('is not made by reading', async () => {
    expect(await repository.tags()).toEqual([]);
    expect(await repository.getManifest(TAG)).toBeUndefined();
    expect(await repository.hasManifest(INDEX.descriptor.digest)).toBe(false);
    await expect(stat(folder)).rejects.toThrow('ENOENT');
  });

  it('keeps no part of a blob that was refused', async () => {
    const claimed = { mediaType: 'x/y', digest: digestOf(Buffer.from('right')), size: 5 };
    await expect(repository.putBlob(claimed, memoryBytes(Buffer.from('wrong')))).rejects.toThrow(/Cannot verify/);
    expect(await files()).toEqual(['oci-layout']);
  });

  it('keeps everything that others have put into its index', async () => {
    const annotations = { 'org.opencontainers.image.ref.name': 'other:latest', 'org.example/a': 'b' };
    const other = { mediaType: 'a/b', digest: 'sha512:abc', size: 7, annotations, 'org.example.member': [1] };
    const unnamed = { mediaType: 'c/d', digest: `sha256:${'0'.repeat(64)}`, size: 9 };
    await foreign({ 'org.example.top': { deep: true }, schemaVersion: 2, manifests: [other, unnamed], annotations });
    await repository.putTag(TAG, INDEX);
    const index = await indexJson();
    expect(index).toMatchObject({ 'org.example.top': { deep: true }, annotations });
    expect((index.manifests as unknown[]).slice(0, 2)).toEqual([other, unnamed]);
    expect(await repository.tags()).toEqual(['1.0']);
  });

  it('points a name anew in its place: annotations stay, what described the old content goes', async () => {
    const name = { 'org.opencontainers.image.ref.name': 'owner/demo:1.0', 'org.example/kept': 'yes' };
    const old = { mediaType: 'a/b', digest: `sha256:${'0'.repeat(64)}`, size: 2, data: 'e30=', urls: ['x:'] };
    const last = { mediaType: 'c/d', digest: `sha256:${'1'.repeat(64)}`, size: 9 };
    const platform = { os: 'linux', architecture: 'amd64' };
    await foreign({ schemaVersion: 2, manifests: [{ ...old, platform, annotations: name, 'org.example': 1 }, last] });
    await repository.putTag(TAG, INDEX);
    const artifactType = 'application/vnd.example.test';
    expect((await indexJson()).manifests).toEqual([
      { ...INDEX.descriptor, artifactType, annotations: name, 'org.example': 1 },
      last,
    ]);
  });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{"schemaVersion": 2, "manif', /index\.json: it is not JSON$/],
    ['no object', '[]', /index\.json: it is not a JSON object$/],
    ['of another type', { schemaVersion: 2, mediaType: OCI_MANIFEST, manifests: [] }, /calls itself/],
    ['no index', { schemaVersion: 1, manifests: [] }, /index\.json: it is no image index$/],
    ['a list of other things', { schemaVersion: 2, manifests: ['x'] }, /index\.json: it is no image index$/],
  ])('is never overwritten when its index is %s', async (_, index, message) => {
    await foreign(index);
    const before = await readFile(join(folder, 'index.json'));
    await expect(repository.putTag(TAG, INDEX)).rejects.toThrow(message);
    await expect(repository.getManifest(TAG)).rejects.toThrow(message);
    await expect(repository.tags()).rejects.toThrow(message);
    expect(await readFile(join(folder, 'index.json'))).toEqual(before);
    expect(await files()).not.toContain('index.json.lock');
  });

  it('refuses a tag for good where trying again would only wait as long again', async () => {
    const soon: Clock = { now: () => (time += 1_000), sleep: async () => {} };
    let time = 0;
    await repository.putManifest(INDEX);
    await symlink(join(folder, 'nowhere', 'at all'), join(folder, 'index.json.lock'));
    const refusal = storeIn(folder, soon).repository(NAME).putTag(TAG, INDEX);
    await expect(refusal).rejects.toMatchObject({
      name: 'WriteRefusedError',
      message: `Cannot lock ${join(folder, 'index.json.lock')}: another process keeps holding it`,
      hint: expect.stringContaining('index.json.lock'),
      temporary: false,
      mayHaveApplied: false,
    });
  });

  it.each<[string, unknown, RegExp]>([
    ['another version', { imageLayoutVersion: '2.0.0' }, /expected layout version 1\.0\.0, found 2\.0\.0$/],
    ['no version', {}, /found none$/],
    ['no JSON', 'imageLayoutVersion', /found no JSON$/],
  ])('with a marker of %s is refused', async (_, marker, message) => {
    await foreign({ schemaVersion: 2, manifests: [] }, marker);
    await expect(repository.tags()).rejects.toThrow(message);
    await expect(repository.putTag(TAG, INDEX)).rejects.toThrow(message);
  });

  it('is not made in a folder that holds something else', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'thesis.txt'), 'years of work');
    await expect(repository.putTag(TAG, INDEX)).rejects.toMatchObject({
      message: `Cannot use ${folder}: it is not empty and holds no OCI image layout`,
      hint: expect.stringContaining('an empty folder'),
    });
    expect(await files()).toEqual(['thesis.txt']);
  });

  it('is not made where its marker is a link to nothing', async () => {
    await mkdir(folder, { recursive: true });
    await symlink(join(folder, 'nowhere', 'at all'), join(folder, 'oci-layout'));
    const message = `Cannot use ${folder}: it is not empty and holds no OCI image layout`;
    await expect(repository.tags()).rejects.toThrow(message);
    await expect(repository.putTag(TAG, INDEX)).rejects.toThrow(message);
  });

  it('is made in an empty folder, or where a killed writer left no more than a part of its marker', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'oci-layout.12-1-abc.part'), '{"image');
    await repository.putTag(TAG, INDEX);
    expect(await repository.tags()).toEqual(['1.0']);
  });

  it('is not made where a file stands', async () => {
    await mkdir(join(home, 'deep'));
    await writeFile(folder, 'a file');
    await expect(repository.putTag(TAG, INDEX)).rejects.toThrow(`Cannot read ${join(folder, 'oci-layout')}`);
  });

  it('says what could not be written', async () => {
    await foreign({ schemaVersion: 2, manifests: [] });
    await rm(join(folder, 'blobs'), { recursive: true });
    await writeFile(join(folder, 'blobs'), 'in the way');
    await expect(repository.putTag(TAG, INDEX)).rejects.toThrow(/^Cannot write /);
  });

  it('that has two entries of one name is read and written by nobody who needs that name', async () => {
    const entry = { ...INDEX.descriptor, annotations: { 'org.opencontainers.image.ref.name': 'owner/demo:1.0' } };
    await foreign({ schemaVersion: 2, manifests: [entry, entry] });
    await expect(repository.getManifest(TAG)).rejects.toThrow(/has 2 of them$/);
    await expect(repository.putTag(TAG, INDEX)).rejects.toThrow(/has 2 of them$/);
  });

  it('without its index, as a kill in the wrong moment leaves it, is empty', async () => {
    await foreign('');
    await rm(join(folder, 'index.json'));
    expect(await repository.tags()).toEqual([]);
    await repository.putTag(TAG, INDEX);
    expect(await repository.tags()).toEqual(['1.0']);
  });

  it('with a tag whose content is gone or changed says so, instead of "no such tag"', async () => {
    await repository.putTag(TAG, INDEX);
    const path = join(folder, 'blobs', 'sha256', hexOf(INDEX.descriptor.digest));
    await writeFile(path, INDEX.bytes.toString().replace('2', '3'));
    await expect(repository.getManifest(TAG)).rejects.toThrow(/its bytes have digest/);
    await rm(path);
    await expect(repository.getManifest(TAG)).rejects.toThrow(/is missing$/);
    await repository.putTag(TAG, INDEX);
    expect(await repository.getManifest(TAG)).toEqual(INDEX);
  });

  it('finds a blob that lost its end, and takes it again', async () => {
    const bytes = Buffer.from('some bytes');
    const blob = { mediaType: 'x/y', digest: digestOf(bytes), size: bytes.length };
    await repository.putBlob(blob, memoryBytes(bytes));
    await writeFile(join(folder, 'blobs', 'sha256', hexOf(blob.digest)), 'some');
    await expect(repository.openBlob(blob).then((stream) => buffer(stream))).rejects.toThrow(/Cannot verify/);
    expect(await repository.putBlob(blob, memoryBytes(bytes))).toBe('sent');
    expect(await buffer(await repository.openBlob(blob))).toEqual(bytes);
  });

  it('knows a manifest that does not name its type by its members', async () => {
    const old = decode(Buffer.from('{"schemaVersion":2,"manifests":[]}'), OCI_INDEX, 'the test');
    await repository.putManifest(old);
    expect(await repository.getManifest(old.descriptor.digest)).toEqual(old);
  });

  it('takes an index that points at content of another algorithm, if the content is there', async () => {
    const child = { mediaType: OCI_MANIFEST, digest: 'sha512:abc', size: 2 };
    const index = decode(
      Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [child] })),
      OCI_INDEX,
      'the test',
    );
    await expect(repository.putManifest(index)).rejects.toMatchObject({ name: 'MissingReferenceError', missing: [] });
    await mkdir(join(folder, 'blobs', 'sha512'));
    await writeFile(join(folder, 'blobs', 'sha512', 'abc'), '{}');
    await repository.putManifest(index);
    expect(await repository.hasManifest(index.descriptor.digest)).toBe(true);
  });

  it.each(['sha256:../../../etc/passwd', '../x:abc', 'sha256:', 'abc'])(
    'never looks outside for "%s"',
    async (digest) => {
      const value = {
        schemaVersion: 2,
        mediaType: OCI_INDEX,
        manifests: [{ mediaType: OCI_MANIFEST, digest, size: 2 }],
      };
      const index = decode(Buffer.from(JSON.stringify(value)), OCI_INDEX, 'the test');
      await expect(repository.putManifest(index)).rejects.toThrow(/is no digest$/);
    },
  );

  it('loses no tag when several processes write at once', async () => {
    const tags = Array.from({ length: 24 }, (_, at) => `1.${at}`);
    // One store for each stands for one process: nothing is shared but the folder.
    const writers = tags.map((tag) => storeIn(folder).repository(NAME).putTag(parseTag(tag), INDEX));
    await Promise.all(writers);
    expect([...(await repository.tags())].sort((a, b) => Number(a.slice(2)) - Number(b.slice(2)))).toEqual(tags);
    expect(await files()).toEqual([hexOf(INDEX.descriptor.digest), 'index.json', 'oci-layout']);
  });
});

const NAME = parseRepositoryName('owner/demo');
const TAG = parseTag('1.0');
const INDEX = encode({
  schemaVersion: 2,
  mediaType: OCI_INDEX,
  artifactType: 'application/vnd.example.test',
  manifests: [],
});

function storeIn(folder: string, time = clock): LayoutStore {
  return new LayoutStore({ folder, clock: time, random: Math.random, identity: { pid: 1, host: 'test' } });
}

function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
