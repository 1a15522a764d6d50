import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GitHubApi } from '../../src/github/api.js';
import { listPackageNames } from '../../src/github/package-names.js';
import { FakeClock } from '../support/clock.js';

type Answer = readonly [status: number, body: unknown];

const at = (kind: string, page = 1): string =>
  `/${kind}/Octo-Org/packages?package_type=container&per_page=100&page=${page}`;
const packages = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({ name: `python/Pkg${from + index}`, package_type: 'container' }));

describe('the packages of an owner', () => {
  let server: Server;
  let asked: string[];
  const list = async (answers: Readonly<Record<string, Answer>>): Promise<readonly string[]> => {
    server.on('request', ({ url = '' }, response) => {
      asked.push(url);
      const [status, body] = answers[url] ?? [500, {}];
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const signal = new AbortController().signal;
    const api = new GitHubApi({ apiUrl, token: 'ghp_x', userAgent: 'test', clock: new FakeClock(), signal });
    return listPackageNames(api, 'Octo-Org');
  };
  beforeEach(async () => {
    asked = [];
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('are listed page by page', async () => {
    const names = await list({ [at('orgs')]: [200, packages(100)], [at('orgs', 2)]: [200, packages(3, 100)] });
    expect([names.length, names[0], names.at(-1)]).toEqual([103, 'octo-org/python/pkg0', 'octo-org/python/pkg102']);
    expect(asked).toEqual([at('orgs'), at('orgs', 2)]);
  });

  it('are those of a user where there is no organization', async () => {
    const names = await list({ [at('orgs')]: [404, {}], [at('users')]: [200, packages(1)] });
    expect(names).toEqual(['octo-org/python/pkg0']);
  });

  it.each([
    [400, { message: 'Invalid argument.' }, /the API of GitHub answers 400: Invalid argument\./],
    [403, { message: 'You need at least read:packages scope' }, /answers 403: You need at least read:packages/],
  ])('cannot be listed by the token of a job: %s', async (status, body, message) => {
    const listing = list({ [at('orgs')]: [status, body] });
    await expect(listing).rejects.toThrow(message);
    await expect(listing).rejects.toMatchObject({
      hint: expect.stringMatching(/classic personal access token.*or name the packages/),
    });
  });

  it('are none of an owner that nobody knows', async () => {
    const listing = list({ [at('orgs')]: [404, {}], [at('users')]: [404, {}] });
    await expect(listing).rejects.toThrow(/no organization or user of this name/);
  });
});
