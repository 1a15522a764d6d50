import { type CacheEntries, CacheJournal } from '../../src/journals/cache-journal.js';
import { endlessClock, member, stored, WatchedRepository } from './meeting.js';

/** The service as it is: keys match by prefix and without regard to case, the newest entry first. */
class Entries implements CacheEntries {
  readonly keys: string[] = [];
  readonly lookups: string[] = [];
  save = async (key: string): Promise<void> => void this.keys.unshift(key);

  async find(prefix: string): Promise<string | undefined> {
    this.lookups.push(prefix);
    return this.keys.find((key) => key.toLowerCase().startsWith(prefix.toLowerCase()));
  }
}

const total = 12;
const leg = (repository: WatchedRepository, cache: CacheEntries, index: number, clock = endlessClock) => {
  const author = { leg: `build/${index}`, attempt: 1 };
  return new CacheJournal(repository, member({ author, clock }), cache, { job: 'build', index, total });
};

describe('the journal in the Actions cache', () => {
  it('tells of the other legs, by names alone: their records lie in the registry', async () => {
    const repository = new WatchedRepository();
    const cache = new Entries();
    const [first, second] = [leg(repository, cache, 1), leg(repository, cache, 11)];
    await first.append([await stored(repository, 'a')]);
    await second.append([await stored(repository, 'b')]);
    expect((await first.read()).map((claim) => claim.entry.architecture)).toEqual(['b']);
    expect((await second.read()).map((claim) => claim.entry.architecture)).toEqual(['a']);
    expect(cache.keys).toHaveLength(2);
    for (const key of cache.keys)
      expect(key).toMatch(/^pyoci-publish-1\.[0-9a-f]{16}\.4711\.build\.(1|11)\.[0-9a-f]{64}$/);
    expect(repository.tagWrites).toEqual([]);
  });

  it('does not look again for a leg that it has found, and reads its record once', async () => {
    const repository = new WatchedRepository();
    const cache = new Entries();
    await leg(repository, cache, 1).append([await stored(repository, 'a')]);
    const journal = leg(repository, cache, 0);
    await journal.read();
    const asked = cache.lookups.length;
    expect((await journal.read()).map((claim) => claim.entry.architecture)).toEqual(['a']);
    expect([asked, cache.lookups.length - asked]).toEqual([total - 1, total - 2]);
    expect(repository.reads).toHaveLength(1);
  });

  it('does not believe a key that only resembles the one it asked for', async () => {
    const repository = new WatchedRepository();
    const cache = new Entries();
    const journal = leg(repository, cache, 0);
    await leg(repository, cache, 1).append([await stored(repository, 'a')]);
    cache.keys.splice(0, 1, cache.keys[0]?.replace('.build.', '.Build.') ?? '');
    expect(await journal.read()).toEqual([]);
  });

  it('never claims to know everything, and never fails a publish', async () => {
    const repository = new WatchedRepository();
    const broken: CacheEntries = {
      save: () => Promise.reject(new Error('no service')),
      find: () => Promise.reject(new Error('no service')),
    };
    const journal = leg(repository, broken, 0);
    expect(journal.complete).toBe(false);
    await journal.append([await stored(repository, 'a')]);
    expect(await journal.read()).toEqual([]);
  });

  it('is not waited for: a service that does not answer is left alone', async () => {
    const repository = new WatchedRepository();
    let asked = 0;
    const silent: CacheEntries = {
      save: async () => undefined,
      find: () => {
        asked += 1;
        return new Promise(() => undefined);
      },
    };
    const journal = leg(repository, silent, 0, { now: () => 0, sleep: async () => undefined });
    expect(await journal.read()).toEqual([]);
    const first = asked;
    expect(await journal.read()).toEqual([]);
    expect(asked).toBe(first);
  });
});
