import { type Circumstances, type Coordination, chooseJournal } from '../../src/journals/choose.js';

import { FakeClock } from '../support/clock.js';
import { KeptLog } from '../support/ports.js';
import { REPOSITORY, stored, TAG, WatchedRepository } from './meeting.js';

const run = { id: '4711', attempt: 1, job: 'build', index: 0, total: 3 };
const packages = () => ({ versions: async () => [], runStart: async () => undefined });
const cache = { save: async () => undefined, find: async () => undefined };

function circumstances(changes: Partial<Circumstances> = {}): Circumstances & { member: { log: KeptLog } } {
  const { signal } = new AbortController();
  const member = { created: '2026-01-02T03:04:05Z', clock: new FakeClock(), log: new KeptLog(), signal };
  return { coordination: 'auto', run, packages: undefined, cache: undefined, ...changes, member };
}

async function chosen(given: Circumstances, repository = new WatchedRepository()): Promise<string | undefined> {
  const journal = await chooseJournal(given)?.(repository, TAG);
  return journal?.label;
}

const PACKAGES = "the package's list of versions on GitHub";
const REFERRERS = "the registry's referrers";

describe('the journal', () => {
  it.each<[Coordination, number | undefined, string | undefined, string | undefined]>([
    // coordination, legs, on GitHub's registry, on one with referrers
    ['auto', 1, undefined, undefined],
    ['auto', 2, PACKAGES, REFERRERS],
    ['auto', undefined, PACKAGES, REFERRERS],
    ['journal', 1, PACKAGES, REFERRERS],
    ['journal', 9, PACKAGES, REFERRERS],
    ['journal', undefined, PACKAGES, REFERRERS],
    ['settle', 9, undefined, undefined],
    ['settle', undefined, undefined, undefined],
    ['off', 9, undefined, undefined],
    ['off', undefined, undefined, undefined],
    ['cache', 1, 'the Actions cache', 'the Actions cache'],
    ['cache', 9, 'the Actions cache', 'the Actions cache'],
  ])(
    'of coordination %s with %s legs is, on GitHub %s, and elsewhere %s',
    async (coordination, total, github, other) => {
      const given = { coordination, cache, run: { ...run, total } };
      expect(await chosen(circumstances({ ...given, packages }))).toBe(github);
      expect(await chosen(circumstances(given))).toBe(other);
    },
  );

  it('is none outside of a workflow run, which is said where one was asked for', async () => {
    const asked = circumstances({ coordination: 'journal', run: undefined });
    expect(await chosen(asked)).toBeUndefined();
    expect(asked.member.log.lines).toEqual([expect.stringContaining('notice coordination: journal')]);
    const silent = circumstances({ run: undefined });
    expect(await chosen(silent)).toBeUndefined();
    expect(silent.member.log.lines).toEqual([]);
  });

  it.each<[Coordination, string]>([
    ['auto', 'info'],
    ['journal', 'warning'],
  ])(
    'is none on a registry without a Referrers API, and coordination: %s says so as %s',
    async (coordination, level) => {
      const given = circumstances({ coordination });
      const repository = new WatchedRepository();
      repository.offered = false;
      expect(await chosen(given, repository)).toBeUndefined();
      expect(given.member.log.lines).toEqual([expect.stringMatching(`^${level} ${REPOSITORY}: .*no Referrers API`)]);
    },
  );

  it.each([
    ['the size of the matrix', { total: undefined }],
    ['the place in it', { index: undefined }],
    ['the name of the job', { job: undefined }],
  ])('is none in the Actions cache, which is said, without %s', async (_what, unknown) => {
    const given = circumstances({ coordination: 'cache', cache, run: { ...run, ...unknown } });
    expect(await chosen(given)).toBeUndefined();
    expect(given.member.log.lines).toEqual([expect.stringMatching(/^notice coordination: cache needs .*timing/)]);
  });

  it.each([
    ['signs its records with the leg where it is known', {}, { leg: 'build/0', attempt: 1 }],
    ['signs none where legs cannot be told apart by their place', { index: undefined }, undefined],
    ['signs none where they cannot be by their job', { job: undefined }, undefined],
  ])('%s', async (_title, unknown, author) => {
    const repository = new WatchedRepository();
    const journal = await chooseJournal(circumstances({ run: { ...run, ...unknown } }))?.(repository, TAG);
    const claim = await stored(repository, 'py3-none-any.whl');
    await journal?.append([claim]);
    expect(await journal?.read()).toEqual([{ ...claim, author }]);
  });

  it('is none in the command where the Actions cache was asked for', async () => {
    const given = circumstances({ coordination: 'cache' });
    expect(await chosen(given)).toBeUndefined();
    expect(given.member.log.lines).toEqual([expect.stringContaining('notice coordination: cache')]);
  });
});
