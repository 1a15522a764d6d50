import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { parseRepositoryName } from '../../../../src/oci/reference.js';
import { FakeClock } from '../../../support/clock.js';
import { storeOn } from '../../../support/registry-store.js';
import { startServer } from '../../../support/scripted-server.js';

const SQUID = `<html><head><title>ERROR: The requested URL could not be retrieved</title></head>
<body><h1>ERROR</h1><p>Unable to determine IP address from host name <q>registry.corp</q></p></body></html>`;
const ended: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

/** A proxy for plain HTTP and for tunnels that refuses everything, and how often it was asked. */
async function startProxy(status: number, headers: Record<string, string>, body: string) {
  let asked = 0;
  const proxy = http.createServer((request, response) => {
    asked += 1;
    request.resume();
    response.writeHead(status, headers).end(body);
  });
  proxy.on('connect', (_: http.IncomingMessage, socket: Socket) => {
    asked += 1;
    socket.on('error', () => {});
    socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  ended.push(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { host: `127.0.0.1:${(proxy.address() as AddressInfo).port}`, count: () => asked };
}

async function listThrough(proxy: string, scheme: 'http' | 'https') {
  const credentials = { kind: 'basic', username: 'robin', password: 'x', source: 'the test' } as const;
  const env = { http_proxy: proxy, https_proxy: proxy };
  const store = storeOn({ host: 'registry.corp', credentials }, { scheme, env, clock: new FakeClock() });
  ended.unshift(() => store.close());
  return store
    .repository(parseRepositoryName('owner/demo'))
    .tags()
    .catch((error: unknown) => error);
}

describe.each(['http', 'https'] as const)('a proxy on the way to a registry by %s', (scheme) => {
  const variable = `${scheme}_proxy`;

  it('that wants a password is named, with the variable to write it into, and asked once', async () => {
    const proxy = await startProxy(407, { 'content-type': 'text/html' }, SQUID);
    expect(await listThrough(proxy.host, scheme)).toMatchObject({
      message: expect.stringContaining(`the proxy ${proxy.host}`),
      hint: `write them into the environment variable ${variable}: http://user:password@${proxy.host}`,
    });
    expect(proxy.count()).toBe(1);
  });

  it.each([502, 503, 504])('that answers %i is named as what is in trouble, and asked again', async (status) => {
    const proxy = await startProxy(status, { 'content-type': 'text/html' }, SQUID);
    const named = `the proxy ${proxy.host}`;
    expect(await listThrough(proxy.host, scheme)).toMatchObject({
      message: expect.stringMatching(
        new RegExp(scheme === 'http' ? `${status}.*${named}` : `${named} answered ${status}`),
      ),
      hint: expect.stringMatching(new RegExp(`^the proxy ${proxy.host} is in trouble or cannot reach registry\\.corp`)),
    });
    expect(proxy.count()).toBe(6);
  });

  it('that forbids the host is named, once, and the credentials are not blamed', async () => {
    const proxy = await startProxy(403, { 'x-squid-error': 'ERR_ACCESS_DENIED 0' }, SQUID);
    expect(await listThrough(proxy.host, scheme)).toMatchObject({
      message: expect.stringContaining(`the proxy ${proxy.host}`),
      hint: `let the proxy ${proxy.host} pass registry.corp, or list the host in no_proxy`,
    });
    expect(proxy.count()).toBe(1);
  });

  it('that is down is named', async () => {
    const gone = await startServer(() => undefined);
    await gone.stop();
    expect(await listThrough(gone.host, scheme)).toMatchObject({
      message: expect.stringMatching(new RegExp(`the proxy ${gone.host} cannot be reached \\(ECONNREFUSED\\)`)),
      hint: expect.stringMatching(new RegExp(`^check the environment variable ${variable}`)),
    });
  });
});

describe('an answer that a proxy hands on', () => {
  it.each([
    [
      'in the form of a registry',
      { 'content-type': 'application/json' },
      '{"errors":[{"code":"DENIED","message":"no"}]}',
    ],
    ["with a registry's header", { 'docker-distribution-api-version': 'registry/2.0' }, ''],
  ])('is the answer of the registry: %s', async (_, headers, body) => {
    for (const [status, cure] of [
      [403, /may not list the tags of owner\/demo/],
      [503, /^the registry has trouble of its own/],
    ] as const) {
      const proxy = await startProxy(status, headers, body);
      expect(await listThrough(proxy.host, 'http')).toMatchObject({ status, hint: expect.stringMatching(cure) });
    }
  });
});
