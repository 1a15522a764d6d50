import nock from 'nock';
import { memoryBytes } from '../../../../src/core/bytes.js';
import { Connections } from '../../../../src/oci/registry/transport/connections.js';
import { PATIENCE } from '../../../../src/oci/registry/transport/retry.js';
import { type Answer, type Request, Wire } from '../../../../src/oci/registry/transport/wire.js';
import { FakeClock } from '../../../support/clock.js';
import { KeptLog } from '../../../support/ports.js';
import { startServer } from '../../../support/scripted-server.js';

const REGISTRY = 'https://registry.example';
const log = new KeptLog();
const clock = new FakeClock();
const options = {
  registry: new URL(REGISTRY),
  connections: new Connections({}, log),
  userAgent: 'pyoci-publish/test',
  log,
  clock,
  patience: PATIENCE,
};
const wire = new Wire(options);
const impatient = new Wire({ ...options, patience: { ...PATIENCE, longestAnswer: 50 } });

beforeAll(() => nock.disableNetConnect());
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});
afterEach(() => {
  const unmet = nock.pendingMocks();
  nock.cleanAll();
  expect(unmet).toEqual([]);
});

function send(path: string, change: Partial<Request> = {}, over = wire): Promise<Answer> {
  const url = new URL(path, REGISTRY);
  const { signal } = new AbortController();
  return over.send({ step: 'read it', method: 'GET', url, authorization: 'Bearer s3cret', signal, ...change });
}

const secret = { reqheaders: { authorization: 'Bearer s3cret' } };
const nothing = { badheaders: ['authorization'] };

describe('a redirect', () => {
  it('on the own origin keeps the credentials', async () => {
    nock(REGISTRY, secret).get('/a').reply(307, '', { location: '/b' }).get('/b').reply(200, 'x');
    const reply = await send('/a');
    expect((await reply.read(10)).toString()).toBe('x');
    expect(reply.url.pathname).toBe('/b');
  });

  it.each([
    ['another host', 'https://storage.example'],
    ['another port', 'https://registry.example:8443'],
    ['a host below', 'https://x.registry.example'],
  ])('to %s drops them', async (_, origin) => {
    nock(REGISTRY, secret)
      .get('/a')
      .reply(307, '', { location: `${origin}/b?sig=1` });
    nock(origin, nothing).get('/b?sig=1').reply(200, 'x');
    expect((await send('/a')).status).toBe(200);
  });

  it('to another origin and back does not bring them back', async () => {
    nock(REGISTRY, secret).get('/a').reply(302, '', { location: 'https://storage.example/b' });
    nock('https://storage.example', nothing)
      .get('/b')
      .reply(302, '', { location: `${REGISTRY}/c` });
    nock(REGISTRY, nothing).get('/c').reply(401);
    expect((await send('/a')).status).toBe(401);
  });

  it.each([
    ['an address without TLS', 'http://storage.example/b'],
    ['the same host without TLS', 'http://registry.example/b'],
    ['an address inside our network', 'https://169.254.169.254/latest/meta-data'],
    ['this machine', 'https://localhost/b'],
    ['no address of the web', 'file:///etc/passwd'],
  ])('to %s is refused', async (_, location) => {
    nock(REGISTRY).get('/a').reply(302, '', { location });
    await expect(send('/a')).rejects.toThrow(/^Cannot read it at another address: it leads to /);
  });

  it('without end is given up', async () => {
    nock(REGISTRY).persist().get('/a').reply(302, '', { location: '/a' });
    await expect(send('/a')).rejects.toThrow(/redirects without end/);
  });

  it.each([[301], [302], [303]])('of a write by %i, which would turn it into a read, is the answer', async (status) => {
    nock(REGISTRY).put('/a').reply(status, '', { location: '/b' });
    const reply = await send('/a', { method: 'PUT', body: memoryBytes(Buffer.from('abc')) });
    expect(reply.status).toBe(status);
  });

  it.each([[307], [308]])('of a write by %i sends all bytes again', async (status) => {
    nock(REGISTRY).put('/a', 'abc').reply(status, '', { location: '/b' }).put('/b', 'abc').reply(201);
    const reply = await send('/a', { method: 'PUT', body: memoryBytes(Buffer.from('abc')) });
    expect(reply.status).toBe(201);
  });

  it('of a request whose body is a secret stays on its origin', async () => {
    nock(REGISTRY).post('/a').reply(307, '', { location: 'https://other.example/b' });
    const body = memoryBytes(Buffer.from('refresh_token=x'));
    await expect(send('/a', { method: 'POST', body, redirects: 'own' })).rejects.toThrow(/gets no secrets/);
  });

  it('is handed back where it is the answer', async () => {
    nock(REGISTRY).get('/a').reply(303, '', { location: 'https://elsewhere.example/b' });
    expect((await send('/a', { redirects: 'none' })).status).toBe(303);
  });

  it('without an address is handed back', async () => {
    nock(REGISTRY).get('/a').reply(302);
    expect((await send('/a')).status).toBe(302);
  });
});

describe('what goes wrong', () => {
  it('is told with what was being done', async () => {
    nock(REGISTRY)
      .get('/a')
      .replyWithError(Object.assign(new Error('x'), { code: 'ECONNRESET' }));
    await expect(send('/a')).rejects.toMatchObject({
      name: 'UnansweredError',
      message: 'Cannot read it: the connection to registry.example broke (ECONNRESET)',
    });
  });

  it('in a body that is longer than asked for is told too', async () => {
    nock(REGISTRY).get('/a').reply(200, 'x'.repeat(11));
    await expect((await send('/a')).read(10)).rejects.toThrow(
      'Cannot read it: registry.example answered with more than 10 bytes',
    );
  });
});

describe('what an answer says at length', () => {
  it('can be asked for again', async () => {
    nock(REGISTRY).get('/a').reply(401, 'because');
    const reply = await send('/a');
    expect([await reply.beginning(), await reply.beginning()].map(String)).toEqual(['because', 'because']);
  });

  it('is not waited for without end', async () => {
    nock.enableNetConnect('127.0.0.1');
    const server = await startServer((_, response) => response.write('x'));
    const reply = await send(`${server.origin}/a`, {}, impatient);
    await expect(reply.read(10)).rejects.toMatchObject({
      temporary: true,
      message: `Cannot read it: ${server.host} does not come to the end of its answer`,
    });
    await server.stop();
    nock.disableNetConnect();
  });
});

describe('the log', () => {
  it('has one line for each request, without a secret', async () => {
    log.lines.length = 0;
    nock(REGISTRY).get('/a?_state=hidden').reply(307, '', { location: 'https://storage.example/b?sig=hidden' });
    nock('https://storage.example')
      .put('/c')
      .reply(201)
      .get('/b?sig=hidden')
      .reply(200, 'abc', { 'content-length': '3' });
    await (await send('/a?_state=hidden')).read(10);
    await send('https://storage.example/c', { method: 'PUT', body: memoryBytes(Buffer.alloc(2048)) });
    expect(log.of('debug')).toEqual([
      'GET https://registry.example/a?_state=***: 307, 0 ms',
      'GET https://storage.example/b?sig=***: 200, 3 bytes, 0 ms',
      'PUT https://storage.example/c: 201, 0 ms, 2.0 KiB sent',
    ]);
    expect(log.lines.join()).not.toMatch(/s3cret|hidden/);
  });
});
