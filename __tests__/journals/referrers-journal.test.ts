import { ReferrersJournal } from '../../src/journals/referrers-journal.js';
import { FakeClock } from '../support/clock.js';
import { member, stored, WatchedRepository } from './meeting.js';

const other = { author: { leg: 'build/1', attempt: 1 } };

describe('the journal of referrers', () => {
  it('gives every publisher the claims of all, from one listing and no further reads', async () => {
    const repository = new WatchedRepository();
    const journals = [new ReferrersJournal(repository, member()), new ReferrersJournal(repository, member(other))];
    const claims = [await stored(repository, 'a'), await stored(repository, 'b')];
    for (const [at, journal] of journals.entries()) await journal.append(claims.slice(at, at + 1));
    for (const journal of journals) {
      expect((await journal.read()).map((claim) => claim.entry.architecture)).toEqual(['a', 'b']);
    }
    expect(repository.reads).toEqual([]);
    expect(repository.tagWrites).toEqual([]);
  });

  it('reads a record by its digest, once, where the listing leaves annotations out', async () => {
    const repository = new WatchedRepository();
    repository.bare = true;
    const journal = new ReferrersJournal(repository, member());
    await journal.append([await stored(repository, 'a')]);
    for (const _ of [1, 2, 3]) expect((await journal.read()).map((claim) => claim.entry.architecture)).toEqual(['a']);
    expect(repository.reads).toHaveLength(1);
  });

  it('does not hear publishers of other runs', async () => {
    const repository = new WatchedRepository();
    const { meeting } = member();
    await new ReferrersJournal(repository, member({ meeting: { ...meeting, run: '4712' } })).append([
      await stored(repository, 'a'),
    ]);
    const journal = new ReferrersJournal(repository, member());
    await journal.append([await stored(repository, 'b')]);
    expect((await journal.read()).map((claim) => claim.entry.architecture)).toEqual(['b']);
  });

  it('is not there if the registry has no Referrers API', async () => {
    const repository = new WatchedRepository();
    repository.offered = false;
    expect(await new ReferrersJournal(repository, member()).exists()).toBe(false);
    await expect(new ReferrersJournal(repository, member()).read()).rejects.toThrow('it has no Referrers API');
  });

  it('is not trusted if it does not list what was just pushed', async () => {
    const repository = new WatchedRepository();
    repository.hidden = () => true;
    const journal = new ReferrersJournal(repository, member());
    await expect(journal.append([await stored(repository, 'a')])).rejects.toThrow('do not list what was just pushed');
  });

  it('is trusted no longer as soon as it forgets what it had listed', async () => {
    const repository = new WatchedRepository();
    const journal = new ReferrersJournal(repository, member());
    await journal.append([await stored(repository, 'a')]);
    repository.hidden = () => true;
    await expect(journal.read()).rejects.toThrow('list no longer what they had listed');
  });

  it('is trusted if the listing only lags', async () => {
    const repository = new WatchedRepository();
    const clock = new FakeClock();
    repository.hidden = () => clock.slept.length < 3;
    const journal = new ReferrersJournal(repository, member({ clock }));
    await journal.append([await stored(repository, 'a')]);
    expect(clock.slept).toEqual([250, 500, 1000]);
  });
});
