import nock from 'nock';
import { githubJob } from '../../src/github/job.js';
import { githubRegistry } from '../../src/github/registry.js';

const ENTERPRISE = githubJob({
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://github.example.com',
  GITHUB_API_URL: 'https://github.example.com/api/v3',
});
const CALLER = { token: 'token', userAgent: 'pyoci-publish/test' };
const ask = () =>
  nock('https://github.example.com', {
    reqheaders: { authorization: 'Bearer token', 'user-agent': 'pyoci-publish/test' },
  }).get('/api/v3/packages/container-registry-url');

describe("GitHub's own registry", () => {
  beforeAll(() => nock.disableNetConnect());
  afterEach(() => {
    expect(nock.pendingMocks()).toEqual([]);
    nock.cleanAll();
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  it.each([
    ['outside a job', undefined],
    ['in a job of github.com', githubJob({ GITHUB_ACTIONS: 'true' })],
    ['in a job that spells it out', githubJob({ GITHUB_ACTIONS: 'true', GITHUB_SERVER_URL: 'https://GitHub.com/' })],
  ])('is ghcr.io %s, without asking', async (_where, job) => {
    await expect(githubRegistry(job, CALLER)).resolves.toEqual({ host: 'ghcr.io', scheme: 'https' });
  });

  it('is what the API of another server says', async () => {
    ask().reply(200, { url: 'https://containers.github.example.com' });
    await expect(githubRegistry(ENTERPRISE, CALLER)).resolves.toEqual({
      host: 'containers.github.example.com',
      scheme: 'https',
    });
  });

  it('is not ghcr.io for a server whose name begins like github.com', async () => {
    const job = githubJob({
      GITHUB_ACTIONS: 'true',
      GITHUB_SERVER_URL: 'https://github.com.evil.example',
      GITHUB_API_URL: 'https://github.example.com/api/v3',
    });
    ask().reply(200, { url: 'https://containers.evil.example' });
    await expect(githubRegistry(job, CALLER)).resolves.toMatchObject({ host: 'containers.evil.example' });
  });

  it.each([
    ['does not know the address', 404, {}],
    ['refuses', 403, { message: 'no' }],
    ['names nothing', 200, {}],
    ['names something else than a host', 200, { url: 'https://a.example/b' }],
  ])('is an error with a cure if the API %s', async (_what, status, body) => {
    ask().reply(status, body);
    await expect(githubRegistry(ENTERPRISE, CALLER)).rejects.toMatchObject({
      message: expect.stringContaining('Cannot find the container registry of https://github.example.com'),
      hint: expect.stringContaining('`registry`'),
    });
  });

  it('follows no redirect, which could take the token elsewhere', async () => {
    ask().reply(302, '', { location: 'https://elsewhere.example/' });
    await expect(githubRegistry(ENTERPRISE, CALLER)).rejects.toThrow(/gave no usable answer/);
  });
});
