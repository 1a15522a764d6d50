import { type Digest, digestOf } from '../../src/core/digest.js';
import { GitHubApi } from '../../src/github/api.js';
import { Pace } from '../../src/github/pace.js';
import { GitHubVersions } from '../../src/github/versions.js';
import { parseRepositoryName } from '../../src/oci/reference.js';
import { type PackagesOptions, PackagesService } from '../support/packages-service.js';

const NAME = 'octo-org/python/foo';
const digest = (text: string): Digest => digestOf(Buffer.from(text));

/** A clock that passes by being slept. */
function clock() {
  let now = Date.parse('2026-03-01T00:00:00Z');
  const waits: number[] = [];
  return {
    now: () => now,
    sleep: async (milliseconds: number) => {
      waits.push(milliseconds);
      now += milliseconds;
    },
    waits,
  };
}

describe('the versions of a package on GitHub', () => {
  let service: PackagesService;
  const open = async (options: PackagesOptions = {}, longestWait = 300_000) => {
    service = new PackagesService(options);
    await service.start();
    const time = clock();
    const signal = new AbortController().signal;
    const access = { apiUrl: service.url, token: 'ghs_x', userAgent: 'test', clock: time, signal, longestWait };
    return { versions: new GitHubVersions(new GitHubApi(access), parseRepositoryName(NAME), time), time };
  };
  const push = (count: number): void => {
    for (let at = 0; at < count; at += 1) service.pushed(NAME, digest(`${at}`), at % 3 ? undefined : `${at}`);
  };
  afterEach(() => service.stop());

  it.each(['orgs', 'users'] as const)('are listed page by page, twice, of %s', async (owners) => {
    const { versions } = await open({ owners });
    push(250);
    const all = await versions.list();
    expect(all).toHaveLength(250);
    expect(all.find((one) => one.digest === digest('3'))).toMatchObject({ id: 4, tags: ['3'] });
    expect(service.answered.get(304)).toBe(3);
    expect(versions.restore).toBe(
      `gh api --method POST /${owners}/octo-org/packages/container/python%2Ffoo/versions/ID/restore`,
    );
  });

  it('are listed again where a page changed while the others were read', async () => {
    const { versions } = await open({
      instead: (_, count) => {
        if (count === 2) service.pushed(NAME, digest('new'), 'new');
        return undefined;
      },
    });
    push(150);
    expect(await versions.list()).toHaveLength(151);
  });

  it('are not told where they change all the time', async () => {
    const { versions } = await open({
      instead: (_, count) => {
        service.pushed(NAME, digest(`new ${count}`), `new${count}`);
        return undefined;
      },
    });
    push(150);
    await expect(versions.list()).rejects.toThrow('they change while they are read');
  });

  it('are deleted by id, and are gone already the second time', async () => {
    const { versions } = await open();
    push(6);
    await versions.list();
    expect(await versions.delete(digest('1'), undefined)).toBe('deleted');
    expect(await versions.delete(digest('1'), undefined)).toBe('absent');
    expect(await versions.delete(digest('nothing'), undefined)).toBe('absent');
    expect(service.digestsOf(NAME)).not.toContain(digest('1'));
  });

  it.each([
    ['may not be deleted by this token', { mayDelete: false }, '1', 'UserError', 'the role Admin'],
    [
      'is the last with a tag',
      {},
      '0',
      'NotDeletedError',
      'delete the package instead, in its settings or with: gh api',
    ],
    ['has too many downloads', { downloads: () => 5_001 }, '1', 'NotDeletedError', 'make the package private'],
  ])('stay where one %s', async (_, options, which, name, hint) => {
    const { versions } = await open(options);
    push(3);
    await versions.list();
    const failing = versions.delete(digest(which), undefined);
    await expect(failing).rejects.toMatchObject({ name, hint: expect.stringContaining(hint) });
    expect(service.digestsOf(NAME)).toHaveLength(3);
  });

  it('are deleted once a limit is over that is told', async () => {
    const limited = { status: 403, body: { message: 'secondary rate limit' }, headers: { 'retry-after': '60' } };
    const { versions, time } = await open({
      instead: (path) => (/\d$/.test(path) && time.waits.length < 1 ? limited : undefined),
    });
    push(3);
    await versions.list();
    expect(await versions.delete(digest('1'), undefined)).toBe('deleted');
    expect(time.waits).toEqual([60_000]);
  });

  it('wait for the end of an hour only if that is near', async () => {
    const reset = String(Date.parse('2026-03-01T00:45:00Z') / 1_000);
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    const { versions, time } = await open({ instead: () => ({ status: 403, body: {}, headers }) });
    await expect(versions.list()).rejects.toThrow('rate limit is used up until 2026-03-01T00:45:00.000Z');
    expect(time.waits).toEqual([]);
  });

  it('are not listed if an entry says too little', async () => {
    const { versions } = await open({ instead: () => ({ status: 200, body: [{ id: 1, name: digest('1') }] }) });
    await expect(versions.list()).rejects.toThrow('an entry lacks its id, digest or time');
  });
});

describe('a pace', () => {
  it('lets so many begin in any span, the others in the order they came', async () => {
    let now = 0;
    const begun: number[] = [];
    const sleep = async (milliseconds: number) => {
      now += milliseconds;
    };
    const pace = new Pace(3, 1_000, { now: () => now, sleep });
    for (let at = 0; at < 10; at += 1) {
      await pace.turn(undefined);
      begun.push(now);
    }
    expect(begun).toEqual([0, 0, 0, 1_000, 1_000, 1_000, 2_000, 2_000, 2_000, 3_000]);
  });
});
