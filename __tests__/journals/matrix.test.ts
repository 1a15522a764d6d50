import type { Random } from '../../src/core/ports.js';
import { GitHubApi } from '../../src/github/api.js';
import { GitHubPackages } from '../../src/github/packages.js';
import { PackagesJournal } from '../../src/journals/packages-journal.js';
import type { Document } from '../../src/oci/document.js';
import type { Repository, WriteOptions } from '../../src/oci/store.js';
import { rulesOf, settleTime } from '../../src/release/merge/protection.js';
import { standingEntries } from '../../src/release/merge/standing-entries.js';
import { writeVersion } from '../../src/release/merge/writer.js';
import { PackagesService } from '../support/packages-service.js';
import { KeptLog } from '../support/ports.js';
import { SharedClock } from '../support/shared-clock.js';
import { member, REPOSITORY, stored, storedAttachment, TAG, WatchedRepository } from './meeting.js';

const LEGS = 72;
/** GitHub's limit for the token of a job: requests an hour and repository. */
const HOURLY_LIMIT = 1_000;

/** Chance that is the same in every run of the test. */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A registry at some distance: reading and writing the tag takes time. */
function distant(inner: WatchedRepository, clock: SharedClock, random: Random): Repository {
  return {
    name: inner.name,
    putBlob: inner.putBlob,
    hasBlob: inner.hasBlob,
    openBlob: inner.openBlob,
    hasManifest: inner.hasManifest,
    tags: inner.tags,
    putManifest: (document: Document) => inner.putManifest(document),
    getManifest: async (reference) => {
      if (reference !== TAG) return inner.getManifest(reference);
      const found = await inner.getManifest(reference);
      await clock.sleep(50 + random() * 250);
      return found;
    },
    putTag: async (tag, document, options?: WriteOptions) => {
      await clock.sleep(100 + random() * 500);
      await inner.putTag(tag, document, options);
    },
  };
}

describe(`a matrix of ${LEGS} legs on GitHub's registry`, () => {
  it.each([
    ['that all end at one moment', 0, 0],
    ['that end within a minute', 60_000, 0],
    ['that attach three things to each file and all end at one moment', 0, 3],
    ['that attach three things to each file and end within a minute', 60_000, 3],
  ])('%s loses nothing, and stays below the hourly limit of the API', async (_, spread, attachments) => {
    const clock = new SharedClock();
    const random = seeded(2);
    const service = new PackagesService({ now: () => clock.now() + 1_800_000_000_000, owners: 'users', runStart: 0 });
    await service.start();
    const registry = new WatchedRepository((digest, tag) => service.pushed(REPOSITORY, digest, tag));

    const leg = (index: number) => async (): Promise<void> => {
      await clock.sleep(random() * spread);
      const repository = distant(registry, clock, random);
      const publisher = member({ clock, author: { leg: `build/${index}`, attempt: 1 } });
      const { signal } = publisher;
      const api = new GitHubApi({ apiUrl: service.url, token: 'ghs_token', userAgent: 'tests', clock, signal });
      const packages = new GitHubPackages(api, REPOSITORY, { project: 'Owner/Project', id: '4711' });
      const journal = new PackagesJournal(repository, publisher, packages);
      const file = await stored(registry, `cp3${index}-any.whl`);
      const words = Array.from({ length: attachments }, (_word, at) => `word-${at}`);
      const claims = [file, ...(await Promise.all(words.map((word) => storedAttachment(registry, file, word))))];
      await journal.append(claims);
      const guard = { journal, rules: rulesOf(settleTime(random), journal) };
      const ports = { clock, random, signal, log: new KeptLog() };
      const change = { claims, annotations: {}, restore: async () => undefined };
      await writeVersion({ repository, tag: TAG, image: 'demo' }, change, guard, ports);
    };
    await clock.run(Array.from({ length: LEGS }, (_leg, index) => leg(index)));
    await service.stop();

    const document = await registry.getManifest(TAG);
    expect(standingEntries(document, 'demo')).toHaveLength(LEGS * (1 + attachments));
    const counts = `${service.counted} requests counted and ${service.answered.get(304) ?? 0} answered 304, ${registry.tagWrites.length} writes of the tag, ${service.versions} versions, ${registry.reads.length} manifests read, ${Math.round(clock.now() / 1000)} s`;
    expect({ counts, within: service.counted < HOURLY_LIMIT }).toEqual({ counts, within: true });
    process.stdout.write(`${counts}\n`);
  });
});
