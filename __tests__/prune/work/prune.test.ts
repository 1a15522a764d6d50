import type { Digest } from '../../../src/core/digest.js';
import { parseAge } from '../../../src/core/text/age.js';
import { encode } from '../../../src/oci/document.js';
import { NotDeletedError } from '../../../src/oci/errors.js';
import { OCI_INDEX } from '../../../src/oci/media-types.js';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.js';
import type { Deleting, Repository } from '../../../src/oci/store.js';
import { parseKeep } from '../../../src/prune/keep.js';
import type { Rules } from '../../../src/prune/rules.js';
import type { Pruned, PruneJob } from '../../../src/prune/work/job.js';
import { prune } from '../../../src/prune/work/prune.js';
import type { Shelf } from '../../../src/prune/work/shelf.js';
import { MemoryStore } from '../../support/memory-store.js';
import { standingVersion } from '../../support/pyoci-version.js';

const NAME = parseRepositoryName('o/foo');
/** A day and a bit after everything that stands. */
const NOW = Date.parse('2024-11-22T00:00:00Z');
const WHEEL = 'py3-none-any.whl';
const DEV: Rules = {
  classes: ['dev'],
  keepLast: 1,
  olderThan: undefined,
  per: undefined,
  keep: [],
  trustCreated: false,
  evenAll: false,
  untagged: false,
};

type Home = Repository & Deleting;
const home = (): Home => new MemoryStore().repository(NAME);
const shelfOn = (repository: Home, also: Partial<Shelf> = {}): Shelf => ({
  repository,
  delete: (digest, options) => repository.deleteManifest(digest, options),
  takesNotes: true,
  ...also,
});
const quiet = { debug() {}, info() {}, notice() {}, warning() {}, error() {} };
const log = { ...quiet, group: <T>(_: string, work: () => Promise<T>) => work() };
const ports = {
  clock: { now: () => NOW, sleep: async () => {} },
  log,
  signal: new AbortController().signal,
};
const run = (shelf: Shelf, job: Partial<PruneJob> = {}): Promise<Pruned> =>
  prune(
    shelf,
    { image: 'o/foo', rules: DEV, apply: true, concurrency: 4, spelled: (name) => `option --${name}`, ...job },
    ports,
  );
/** Publishes a version whose files have bytes of their own, and gives all of its digests: the index first. */
async function publish(repository: Repository, tag: string, ...architectures: readonly string[]): Promise<Digest[]> {
  const files = architectures.map((architecture) => ({ architecture, bytes: Buffer.from(`${tag} ${architecture}`) }));
  const index = await standingVersion(repository, tag, files);
  const children = index.value.manifests as unknown as readonly { digest: Digest }[];
  return [index.descriptor.digest, ...children.map(({ digest }) => digest)];
}
/** The same repository, but for what is spoilt. */
const spoilt = (repository: Home, instead: Partial<Home>): Home =>
  new Proxy(repository, {
    get: (target, name) => {
      const own: unknown = Reflect.get(instead, name) ?? Reflect.get(target, name);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
const held = async (repository: Repository, digests: readonly Digest[]): Promise<number> =>
  (await Promise.all(digests.map((digest) => repository.hasManifest(digest)))).filter(Boolean).length;

describe('a package that is pruned', () => {
  let repository: Home;
  let [final, dev1, dev2, dev3]: Digest[][] = [];
  beforeEach(async () => {
    repository = home();
    final = await publish(repository, '1.0', WHEEL, '.tar.gz');
    dev1 = await publish(repository, '1.1.dev1', WHEEL, '.tar.gz');
    dev2 = await publish(repository, '1.1.dev2', WHEEL);
    dev3 = await publish(repository, '1.1.dev3', WHEEL);
  });

  it('is only looked at unless told otherwise', async () => {
    const { fates, deleted } = await run(shelfOn(repository), { apply: false });
    expect(fates.filter(({ goes }) => goes).map(({ tag }) => tag)).toEqual(['1.1.dev2', '1.1.dev1']);
    expect(deleted).toEqual([]);
    expect(await repository.tags()).toEqual(['1.0', '1.1.dev1', '1.1.dev2', '1.1.dev3']);
  });

  it('loses whole versions, and keeps all of the others', async () => {
    const { deleted, failures } = await run(shelfOn(repository));
    expect(failures).toEqual([]);
    expect(await repository.tags()).toEqual(['1.0', '1.1.dev3']);
    expect(await held(repository, [...(dev1 ?? []), ...(dev2 ?? [])])).toBe(0);
    expect(await held(repository, [...(final ?? []), ...(dev3 ?? [])])).toBe(5);
    expect(deleted.map(({ kind }) => kind)).toEqual(['index', 'index', 'manifest', 'manifest', 'manifest']);
    expect(await run(shelfOn(repository))).toMatchObject({ deleted: [], failures: [], loose: [] });
  });

  it('keeps a manifest that a version which stays shares', async () => {
    const shared = await standingVersion(repository, '1.1.dev0', [
      { architecture: WHEEL, bytes: Buffer.from(`1.0 ${WHEEL}`) },
    ]);
    await run(shelfOn(repository));
    expect(await repository.hasManifest(shared.descriptor.digest)).toBe(false);
    expect(await held(repository, final ?? [])).toBe(3);
  });

  it('loses a manifest that two versions which go share, once', async () => {
    const twin = [{ architecture: WHEEL, bytes: Buffer.from('shared') }];
    await standingVersion(repository, '1.1.dev0', twin);
    const { value } = await standingVersion(repository, '1.1.dev0.post1', twin).catch(() => ({ value: undefined }));
    expect(value).toBeDefined();
    const { failures } = await run(shelfOn(repository));
    expect(failures).toEqual([]);
  });

  it('keeps an index of two tags while one of them stays', async () => {
    const index = await repository.getManifest(parseTag('1.1.dev1'));
    if (index) await repository.putTag(parseTag('nightly'), index);
    const { fates, others } = await run(shelfOn(repository));
    expect(await repository.tags()).toEqual(['1.0', '1.1.dev1', '1.1.dev3', 'nightly']);
    expect(fates.find(({ tag }) => tag === '1.1.dev1')?.why).toBe('shares its index with the tag nightly');
    expect(others).toEqual([{ tag: 'nightly', digest: dev1?.[0], why: 'it is no version' }]);
  });

  it('keeps tags that are not ours, and what they name', async () => {
    const [, child] = dev1 ?? [];
    const manifest = child && (await repository.getManifest(child));
    const foreign = encode({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: manifest ? [manifest.descriptor] : [],
    });
    await repository.putTag(parseTag('2.0.dev9'), foreign);
    const { others } = await run(shelfOn(repository));
    expect(others).toEqual([expect.objectContaining({ tag: '2.0.dev9' })]);
    expect(await repository.tags()).toContain('2.0.dev9');
    expect(child && (await repository.hasManifest(child))).toBe(true);
  });

  it('is left alone if one index cannot be read', async () => {
    const [digest] = final ?? [];
    const broken = spoilt(repository, {
      getManifest: (reference) =>
        String(reference) === '1.0' ? Promise.reject(new Error('it is broken')) : repository.getManifest(reference),
    });
    await expect(run(shelfOn(broken))).rejects.toThrow('it is broken');
    expect(await repository.tags()).toHaveLength(4);
    expect(digest && (await repository.hasManifest(digest))).toBe(true);
  });

  it('is left alone if a tag is listed that is not there', async () => {
    const broken = spoilt(repository, {
      tags: async () => ['1.0', '1.1.dev1', '1.1.dev2', '1.1.dev3', '9.9'],
    });
    await expect(run(shelfOn(broken))).rejects.toThrow('Cannot prune o/foo: the tag 9.9 is listed but cannot be read');
    expect(await repository.tags()).toHaveLength(4);
  });

  it('keeps what a publisher named after the indexes were read', async () => {
    const [, child] = dev2 ?? [];
    const shelf = shelfOn(repository, {
      delete: async (digest, options) => {
        const outcome = await repository.deleteManifest(digest, options);
        const manifest = child && (await repository.getManifest(child));
        if (digest === dev2?.[0] && manifest) {
          const again = encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [manifest.descriptor] });
          await repository.putTag(parseTag('9.0'), again);
        }
        return outcome;
      },
    });
    await run(shelf);
    expect(child && (await repository.hasManifest(child))).toBe(true);
    expect(await held(repository, dev1 ?? [])).toBe(0);
  });

  it('is left alone if the version changes that a note would take the place of', async () => {
    let asked = 0;
    const broken = spoilt(repository, {
      deleteManifest: async (digest) => {
        asked += 1;
        await publish(repository, '1.1.dev1', '.tar.gz');
        return repository.deleteManifest(digest);
      },
    });
    const { failures, deleted } = await run(shelfOn(broken));
    expect(failures.map(({ message }) => message)).toEqual([
      'Cannot prune o/foo: 1.1.dev1 was written while the others were read',
    ]);
    expect([asked, deleted]).toEqual([1, []]);
    expect(await repository.tags()).toHaveLength(4);
  });

  it('tells of a version that stays although the registry said that it was deleted', async () => {
    const shelf = shelfOn(repository, {
      delete: async (digest, options) =>
        digest === dev2?.[0] ? 'deleted' : repository.deleteManifest(digest, options),
    });
    const { failures } = await run(shelf);
    expect(failures.map(({ subject }) => subject)).toEqual(['o/foo:1.1.dev2']);
    expect(await held(repository, dev2 ?? [])).toBe(2);
  });

  it('goes on with the others where one may not be deleted, whose files stay', async () => {
    const shelf = shelfOn(repository, {
      takesNotes: false,
      delete: async (digest, options) => {
        if (digest === dev2?.[0]) throw new NotDeletedError('it has too many downloads');
        return repository.deleteManifest(digest, options);
      },
    });
    const { failures } = await run(shelf);
    expect(failures.map(({ message }) => message)).toEqual(['it has too many downloads']);
    expect(await held(repository, dev2 ?? [])).toBe(2);
    expect(await held(repository, dev1 ?? [])).toBe(0);
  });

  it('loses no version at all where nothing may be deleted', async () => {
    const shelf = shelfOn(repository, { delete: () => Promise.reject(new NotDeletedError('no right')) });
    const { failures } = await run(shelf);
    expect(failures).toHaveLength(1);
    expect(
      await held(
        repository,
        [final, dev1, dev2, dev3].flatMap((one) => one ?? []),
      ),
    ).toBe(10);
    expect(await repository.getManifest(parseTag('1.1.dev1'))).toMatchObject({ descriptor: { digest: dev1?.[0] } });
  });

  it.each([
    ['before', false],
    ['after', true],
  ])('is finished by the next run, whichever deletion the first was stopped %s', async (_, applied) => {
    for (let stopAt = 1; ; stopAt += 1) {
      const own = home();
      const stays = await publish(own, '1.0', WHEEL, '.tar.gz');
      const gone = [...(await publish(own, '1.1.dev1', WHEEL, '.tar.gz')), ...(await publish(own, '1.1.dev2', WHEEL))];
      const last = await publish(own, '1.1.dev3', WHEEL);
      let count = 0;
      const shelf = shelfOn(own, {
        delete: (digest, options) => {
          count += 1;
          if (count < stopAt) return own.deleteManifest(digest, options);
          return (applied && count === stopAt ? own.deleteManifest(digest, options) : Promise.resolve()).then(() => {
            throw new Error('killed');
          });
        },
      });
      const ended = await run(shelf, { concurrency: 1 }).then(
        () => true,
        () => false,
      );
      expect(await held(own, [...stays, ...last])).toBe(5);
      expect(await run(shelfOn(own))).toMatchObject({ failures: [] });
      expect({ stopAt, tags: await own.tags(), left: await held(own, gone) }).toEqual({
        stopAt,
        tags: ['1.0', '1.1.dev3'],
        left: 0,
      });
      expect(await held(own, [...stays, ...last])).toBe(5);
      if (ended) {
        expect(stopAt).toBeGreaterThan(6);
        return;
      }
    }
  });

  it('goes by age where a time says so', async () => {
    const rules = { ...DEV, keepLast: undefined, olderThan: parseAge('1d'), keep: [parseKeep('1.1.dev2')] };
    await run(shelfOn(repository), { rules });
    expect(await repository.tags()).toEqual(['1.0', '1.1.dev2']);
  });

  it('loses old orphans that nothing names, where they are asked for and can be told', async () => {
    const [index = dev1?.[0], orphan = dev1?.[1]] = dev1 ?? [];
    if (!index || !orphan) throw new Error('nothing was published');
    await repository.deleteManifest(index);
    const since = NOW - 2 * 86_400_000;
    const orphans = async () => [
      { digest: orphan, since },
      ...(dev1 ?? []).slice(2).map((digest) => ({ digest, since: NOW - 3_600_000 })),
      ...(final ?? []).map((digest) => ({ digest, since })),
    ];
    const rules = { ...DEV, keepLast: 9, untagged: true };
    expect(await run(shelfOn(repository, { orphans }), { rules })).toMatchObject({ loose: [orphan], failures: [] });
    expect(await held(repository, dev1 ?? [])).toBe(1);
    expect(await held(repository, final ?? [])).toBe(3);
  });
});
