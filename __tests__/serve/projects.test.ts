import { once } from 'node:events';
import type { Digest } from '../../src/core/digest.js';
import { digestOf, hexOf } from '../../src/core/digest.js';
import { byText } from '../../src/core/order.js';
import type { Document } from '../../src/oci/document.js';
import { encode } from '../../src/oci/document.js';
import { OCI_INDEX } from '../../src/oci/media-types.js';
import { parseRepositoryName, parseTag, type RepositoryName, type Tag } from '../../src/oci/reference.js';
import type { Repository, Store } from '../../src/oci/store.js';
import { NotReadyError, Projects } from '../../src/serve/projects/projects.js';
import { HeldClock } from '../support/held-clock.js';
import { MemoryStore } from '../support/memory-store.js';
import { bytesOf, standingVersion } from '../support/pyoci-version.js';

const WHEEL = { architecture: 'py3-none-any.whl' };
const SDIST = { architecture: '.tar.gz' };
const OWNED = { project: 'my-foo', repository: parseRepositoryName('o/my_foo') };

/** A memory that counts what it is asked, and may be told to wait or to fail. */
class Asked implements Store {
  readonly label = 'memory';
  readonly asked: string[] = [];
  before: (what: string) => Promise<void> = async () => {};
  /** A tag that is listed and not there any more. */
  gone: string | undefined;
  readonly #store = new MemoryStore();

  repository(name: RepositoryName): Repository {
    const { asked } = this;
    const held = this.#store.repository(name);
    const told = async (what: string): Promise<void> => {
      asked.push(what);
      await this.before(what);
    };
    return Object.assign(Object.create(held) as Repository, {
      name,
      putBlob: held.putBlob.bind(held),
      putManifest: held.putManifest.bind(held),
      putTag: held.putTag.bind(held),
      tags: async () => told('tags').then(() => held.tags()),
      resolveTag: async (tag: Tag) =>
        told(`HEAD ${tag}`).then(() => (tag === this.gone ? undefined : held.resolveTag(tag))),
      getManifest: async (reference: Digest | Tag): Promise<Document | undefined> =>
        told('GET').then(() => held.getManifest(reference)),
    });
  }
}

function stage() {
  const store = new Asked();
  const clock = new HeldClock();
  const passed: string[] = [];
  const projects = new Projects({
    store,
    clock,
    signal: new AbortController().signal,
    passedOver: (project, what, why) => void passed.push(`${project}: ${what}: ${why}`),
  });
  return { store, clock, passed, projects, repository: store.repository(OWNED.repository) };
}

describe('a project', () => {
  it('has the files of all versions, the highest first, with what the index says of them', async () => {
    const { projects, repository } = stage();
    for (const tag of ['0.9', '0.10', '0.10rc1', '0.9-cu12']) await standingVersion(repository, tag, [WHEEL, SDIST]);
    const { name, versions, files } = await projects.read(OWNED);
    expect({ name, versions }).toEqual({ name: 'my-foo', versions: ['0.10', '0.10rc1', '0.9+cu12', '0.9'] });
    expect(files.map(({ filename }) => filename)).toEqual([
      'my_foo-0.10-py3-none-any.whl',
      'my_foo-0.10.tar.gz',
      'my_foo-0.10rc1-py3-none-any.whl',
      'my_foo-0.10rc1.tar.gz',
      'my_foo-0.9+cu12-py3-none-any.whl',
      'my_foo-0.9+cu12.tar.gz',
      'my_foo-0.9-py3-none-any.whl',
      'my_foo-0.9.tar.gz',
    ]);
    expect(files[0]).toMatchObject({
      sha256: hexOf(digestOf(bytesOf(WHEEL))),
      coreMetadata: true,
      uploadTime: '2024-11-20T20:23:36.000Z',
      size: undefined,
    });
    expect(files[1]?.coreMetadata).toBeUndefined();
  });

  it('that is not there has no files', async () => {
    const { projects } = stage();
    expect(await projects.read(OWNED)).toEqual({ name: 'my-foo', versions: [], files: [] });
  });

  it('costs the list, a HEAD and a GET a version; then nothing while it is fresh; then the list and the HEADs', async () => {
    const { projects, repository, store, clock } = stage();
    for (const tag of ['1.0', '2.0', '3.0']) await standingVersion(repository, tag, [WHEEL]);
    store.asked.length = 0;
    // A read that takes a tenth of a second is good for two.
    store.before = async (what) => void (what === 'tags' && clock.wake(100));
    const first = await projects.read(OWNED);
    expect([...store.asked].sort()).toEqual(['GET', 'GET', 'GET', 'HEAD 1.0', 'HEAD 2.0', 'HEAD 3.0', 'tags']);
    store.asked.length = 0;
    expect(await projects.read(OWNED)).toBe(first);
    expect(store.asked).toEqual([]);
    clock.wake(2_000);
    expect(await projects.read(OWNED)).toEqual(first);
    expect([...store.asked].sort()).toEqual(['HEAD 1.0', 'HEAD 2.0', 'HEAD 3.0', 'tags']);
  });

  it('is read in one flight, however many ask', async () => {
    const { projects, repository, store } = stage();
    await standingVersion(repository, '1.0', [WHEEL]);
    store.asked.length = 0;
    const read = await Promise.all(Array.from({ length: 20 }, () => projects.read(OWNED)));
    expect(new Set(read).size).toBe(1);
    expect(store.asked).toEqual(['tags', 'HEAD 1.0', 'GET']);
  });

  it('shows a version that was added, changed or deleted since', async () => {
    const { projects, repository } = stage();
    await standingVersion(repository, '1.0', [WHEEL]);
    const names = async () => (await projects.read(OWNED)).files.map(({ filename }) => filename);
    expect(await names()).toEqual(['my_foo-1.0-py3-none-any.whl']);
    await standingVersion(repository, '1.0', [WHEEL, SDIST]);
    await standingVersion(repository, '1.1', [SDIST]);
    expect(await names()).toEqual(['my_foo-1.1.tar.gz', 'my_foo-1.0-py3-none-any.whl', 'my_foo-1.0.tar.gz']);
  });

  it('leaves out a version that is gone since the list, and fails with anything else', async () => {
    const { projects, repository, store } = stage();
    for (const tag of ['1.0', '2.0']) await standingVersion(repository, tag, [WHEEL]);
    store.before = async (what) => {
      // Between the list and the HEAD.
      if (what === 'tags') store.gone = '2.0';
    };
    expect((await projects.read(OWNED)).versions).toEqual(['1.0']);
    store.gone = undefined;
    store.before = async (what) => {
      if (what === 'HEAD 2.0') throw new Error('registry on fire');
    };
    await expect(projects.read(OWNED)).rejects.toThrow('registry on fire');
    store.before = async () => {};
    expect((await projects.read(OWNED)).versions).toEqual(['2.0', '1.0']);
  });

  it('passes over what no installer can use, and says so once', async () => {
    const { projects, repository, passed } = stage();
    await standingVersion(repository, '1.0', [
      WHEEL,
      { architecture: 'amd64' },
      { architecture: 'py3-none-any.whl.cdx.json' },
    ]);
    await standingVersion(repository, 'latest', [WHEEL]);
    await repository.putTag(parseTag('9.9'), encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] }));
    const { files } = await projects.read(OWNED);
    expect(files.map(({ filename }) => filename)).toEqual(['my_foo-1.0-py3-none-any.whl']);
    await projects.read(OWNED);
    expect(passed.sort(byText)).toEqual([
      'my-foo: my_foo-1.0amd64 of tag 1.0: its name is that of no wheel and no sdist',
      'my-foo: my_foo-1.0py3-none-any.whl.cdx.json of tag 1.0: its name is that of no wheel and no sdist',
      `my-foo: tag 9.9: it holds ${OCI_INDEX}, not a Python package`,
      'my-foo: tag latest: it is no version',
    ]);
  });

  it('has the file’s own digest where the entry names none, from its manifest, which is read once', async () => {
    const { projects, repository, store, clock } = stage();
    await standingVersion(repository, '1.0', [
      { ...WHEEL, declared: null },
      { ...SDIST, declared: 'nonsense' },
    ]);
    store.asked.length = 0;
    const { files } = await projects.read(OWNED);
    expect(files.map(({ sha256 }) => sha256)).toEqual([WHEEL, SDIST].map((file) => hexOf(digestOf(bytesOf(file)))));
    expect(store.asked.filter((what) => what === 'GET')).toHaveLength(3);
    clock.wake(2_000);
    await projects.read(OWNED);
    expect(store.asked.filter((what) => what === 'GET')).toHaveLength(3);
  });

  it('is not ready after ten seconds, while the reading goes on', async () => {
    const { projects, repository, store, clock } = stage();
    await standingVersion(repository, '1.0', [WHEEL]);
    const answer = new AbortController();
    store.before = async (what) => {
      if (what === 'tags') await once(answer.signal, 'abort');
    };
    const waiting = projects.read(OWNED);
    expect(clock.wake(10_000)).toBe(true);
    await expect(waiting).rejects.toThrow(NotReadyError);
    const again = projects.read(OWNED);
    answer.abort();
    expect((await again).versions).toEqual(['1.0']);
    expect(store.asked.filter((what) => what === 'tags')).toHaveLength(1);
  });

  it('is one of 2,000 versions, and of an index of nearly 4 MiB, as well', async () => {
    const { projects, repository } = stage();
    for (let at = 0; at < 2_000; at += 1) await standingVersion(repository, `1.${at}`, [WHEEL]);
    const many = Array.from({ length: 9_500 }, (_, at) => ({ ...WHEEL, architecture: `cp3${at}-none-any.whl` }));
    const { descriptor } = await standingVersion(repository, '2.0', many);
    expect(descriptor.size).toBeGreaterThan(3.5 * 1024 * 1024);
    const { versions, files } = await projects.read(OWNED);
    expect([versions.length, files.length]).toEqual([2_001, 11_500]);
    expect(versions.slice(0, 2)).toEqual(['2.0', '1.1999']);
  });
});
