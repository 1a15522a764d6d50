import { GitHubApi } from '../../src/github/api.js';
import { GitHubPackages } from '../../src/github/packages.js';
import { PackagesJournal } from '../../src/journals/packages-journal.js';
import { FakeClock } from '../support/clock.js';
import { type PackagesOptions, PackagesService } from '../support/packages-service.js';
import { member, REPOSITORY, stored, TAG, WatchedRepository } from './meeting.js';

let service: PackagesService;
let repository: WatchedRepository;
let clock: FakeClock;

async function start(options: PackagesOptions = {}): Promise<void> {
  clock = new FakeClock();
  service = new PackagesService({ now: () => clock.now(), ...options });
  await service.start();
  repository = new WatchedRepository((digest, tag) => service.pushed(REPOSITORY, digest, tag));
}

afterEach(() => service.stop());

function open(leg = 'build/0', token: string | undefined = 'ghs_token'): PackagesJournal {
  const publisher = member({ clock, author: { leg, attempt: 1 } });
  const api = new GitHubApi({ apiUrl: service.url, token, userAgent: 'tests', clock, signal: publisher.signal });
  return new PackagesJournal(
    repository,
    publisher,
    new GitHubPackages(api, REPOSITORY, { project: 'Owner/Project', id: '4711' }),
  );
}

const heard = async (journal: PackagesJournal): Promise<readonly string[]> =>
  (await journal.read()).map((claim) => claim.entry.architecture).sort((a, b) => (a < b ? -1 : 1));

describe('the journal in the versions of a package', () => {
  it.each(['orgs', 'users'] as const)(
    'gives every publisher the claims of all, where owners are %s',
    async (owners) => {
      await start({ owners });
      const journals = [open('build/0'), open('build/1')];
      for (const [at, journal] of journals.entries()) await journal.append([await stored(repository, `file${at}`)]);
      for (const journal of journals) {
        await journal.read();
        expect(await heard(journal)).toEqual(['file0', 'file1']);
      }
      expect(repository.tagWrites).toEqual([]);
      expect([...service.authorizations]).toEqual(['token ghs_token']);
    },
  );

  it('asks for the kind of owner once', async () => {
    await start({ owners: 'users' });
    const journal = open();
    await journal.append([await stored(repository, 'a')]);
    for (const _ of [1, 2, 3]) await journal.read();
    expect(service.paths.filter((path) => path.startsWith('/orgs/'))).toHaveLength(1);
  });

  it('asks conditionally, and reads no version twice', async () => {
    await start();
    const journal = open();
    await journal.append([await stored(repository, 'a')]);
    const reads = repository.reads.length;
    for (const _ of [1, 2, 3, 4]) await journal.read();
    expect(service.answered.get(304)).toBe(3);
    expect(repository.reads).toHaveLength(reads);
  });

  it('leaves tagged versions and those from before the run alone', async () => {
    await start({ runStart: 1_000_000_000 });
    const earlier = await stored(repository, 'earlier');
    clock.pass(1_000_000_000);
    const journal = open();
    const claim = await stored(repository, 'a');
    await repository.putTag(TAG, (await repository.getManifest(claim.entry.descriptor.digest)) ?? fail());
    await journal.append([claim]);
    expect(repository.reads).not.toContain(earlier.entry.descriptor.digest);
    expect(await heard(journal)).toEqual(['a']);
  });

  it('looks at six pages at most, and at one where the rest is known', async () => {
    await start();
    for (let number = 0; number < 720; number += 1)
      service.pushed(REPOSITORY, `sha256:${String(number).padStart(64, '0')}`);
    const journal = open();
    await journal.append([await stored(repository, 'a')]);
    const pages = () => service.paths.filter((path) => path.includes('/versions?')).map((path) => path.slice(-1));
    expect(pages()).toEqual(['1', '2', '3', '4', '5', '6']);
    await open('build/1').append([await stored(repository, 'b')]);
    await journal.read();
    expect(await heard(journal)).toEqual(['a', 'b']);
    expect(pages().slice(12)).toEqual(['1']);
  });

  it('waits a little for a listing that lags, and is left if it lags for long', async () => {
    await start({ lag: 2_000 });
    const journal = open();
    await journal.append([await stored(repository, 'a')]);
    expect(await heard(journal)).toEqual(['a']);
    await service.stop();
    await start({ lag: 3_600_000 });
    await expect(open().append([await stored(repository, 'a')])).rejects.toThrow('do not list what was just pushed');
  });

  it('says what to do where the package cannot be seen, which is how missing rights look', async () => {
    await start({ instead: () => ({ status: 404, body: { message: 'Package not found.' } }) });
    await expect(open().append([await stored(repository, 'a')])).rejects.toMatchObject({
      message: expect.stringContaining('there is no such package'),
      hint: expect.stringContaining('packages: write'),
    });
  });

  it('says what to do where the token may not ask', async () => {
    await start({ instead: () => ({ status: 403, body: { message: 'Resource not accessible by integration' } }) });
    await expect(open().append([await stored(repository, 'a')])).rejects.toMatchObject({
      message: expect.stringContaining('answers 403'),
      hint: expect.stringContaining('packages: write'),
    });
  });

  it.each([
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1700000000' }],
    [429, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1700000000' }],
  ])('says until when the rate limit is used up: %i', async (status, headers) => {
    await start({ instead: () => ({ status, body: { message: 'API rate limit exceeded' }, headers }) });
    await expect(open().append([await stored(repository, 'a')])).rejects.toThrow('until 2023-11-14T22:13:20.000Z');
  });

  it('waits as long as a secondary limit says, if that is soon', async () => {
    const limited = { status: 403, body: { message: 'secondary rate limit' }, headers: { 'retry-after': '7' } };
    await start({ instead: (_, count) => (count === 2 ? limited : undefined) });
    const journal = open();
    await journal.append([await stored(repository, 'a')]);
    expect(clock.slept).toEqual([7_000]);
  });

  it('asks again after a 502', async () => {
    await start({ instead: (_, count) => (count <= 2 ? { status: 502, body: {} } : undefined) });
    const journal = open();
    await journal.append([await stored(repository, 'a')]);
    expect(await heard(journal)).toEqual(['a']);
  });

  it('cannot be used without a token', async () => {
    await start();
    const publisher = member({ clock });
    const api = new GitHubApi({
      apiUrl: service.url,
      token: undefined,
      userAgent: 'tests',
      clock,
      signal: publisher.signal,
    });
    const journal = new PackagesJournal(
      repository,
      publisher,
      new GitHubPackages(api, REPOSITORY, { project: 'O/P', id: '1' }),
    );
    await expect(journal.append([await stored(repository, 'a')])).rejects.toMatchObject({
      hint: expect.stringContaining('github-token'),
    });
    expect(service.paths).toEqual([]);
  });
});

function fail(): never {
  throw new Error('the manifest is not there');
}
