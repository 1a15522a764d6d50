import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { ProxyFailure } from '../../../../src/oci/registry/proxies/tunnel.js';
import { readBody } from '../../../../src/oci/registry/transport/answer-body.js';
import { Connections } from '../../../../src/oci/registry/transport/connections.js';
import { exchange } from '../../../../src/oci/registry/transport/exchange.js';
import { KeptLog } from '../../../support/ports.js';
import { startServer } from '../../../support/scripted-server.js';
import { makeCertificate } from '../../../support/tls-certificate.js';

const HOST = 'registry.example';
const certificate = makeCertificate(HOST);
const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ended.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A registry with TLS whose name only the proxy can find, and that proxy. */
async function startProxied(refuse?: number) {
  const seen: string[] = [];
  const registry = https.createServer(certificate, (request, response) => {
    seen.push(`${request.headers.host} ${request.headers['proxy-authorization'] ?? 'no secret'}`);
    response.end('x');
  });
  const port = await listen(registry);
  const asked: http.IncomingMessage[] = [];
  const proxy = http.createServer();
  proxy.on('connect', (request: http.IncomingMessage, socket: Socket) => {
    asked.push(request);
    socket.on('error', () => {});
    if (refuse !== undefined) return void socket.end(`HTTP/1.1 ${refuse} No\r\n\r\n`);
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
  });
  return { seen, asked, proxy: `127.0.0.1:${await listen(proxy)}` };
}

function open(env: Record<string, string>) {
  const log = new KeptLog();
  const connections = new Connections(env, log);
  ended.push(() => connections.close());
  const get = async (address: string, trusted = true): Promise<string> => {
    const way = connections.wayTo(new URL(address));
    if (trusted && way.agent instanceof https.Agent) way.agent.options.ca = certificate.cert;
    const { signal } = new AbortController();
    const outgoing = {
      method: 'GET',
      headers: {},
      body: undefined,
      onProgress: undefined,
      silence: 5_000,
      longestHead: 5_000,
      signal,
    };
    return (await readBody((await exchange(way, outgoing)).body, 100, 10_000)).toString();
  };
  return { log, get, connections };
}

describe('through a proxy', () => {
  it('a registry with TLS is reached by one tunnel for many requests', async () => {
    const { seen, asked, proxy } = await startProxied();
    const { get, log } = open({ https_proxy: `us%40er:s3cret@${proxy}` });
    for (let count = 0; count < 3; count += 1) expect(await get(`https://${HOST}/v2/`)).toBe('x');
    expect(asked.map(({ url }) => url)).toEqual([`${HOST}:443`]);
    expect(asked[0]?.headers['proxy-authorization']).toBe(`Basic ${Buffer.from('us@er:s3cret').toString('base64')}`);
    expect(seen).toEqual([HOST, HOST, HOST].map((host) => `${host} no secret`));
    expect(log.lines).toEqual([`info Connecting through the proxy ${proxy}`]);
  });

  it('the certificate of the registry is checked, under its own name', async () => {
    const { proxy } = await startProxied();
    const { get } = open({ https_proxy: proxy });
    await expect(get(`https://${HOST}/`, false)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    await expect(get('https://other.example/')).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  it.each([407, 403, 502])('that refuses with %i the proxy is named, not the registry', async (status) => {
    const { proxy } = await startProxied(status);
    const { get } = open({ https_proxy: proxy });
    const failure = await get(`https://${HOST}/`).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProxyFailure);
    expect(failure).toMatchObject({ proxy, status });
  });

  it('that cannot be reached the proxy is named', async () => {
    const gone = http.createServer();
    const port = await listen(gone);
    await new Promise((resolve) => gone.close(resolve));
    const { get } = open({ https_proxy: `127.0.0.1:${port}` });
    await expect(get(`https://${HOST}/`)).rejects.toMatchObject({ proxy: `127.0.0.1:${port}`, status: undefined });
  });

  it('a registry without TLS is asked for by its whole address', async () => {
    const proxy = await startServer((_, response) => response.end('x'));
    ended.push(() => void proxy.stop());
    const { get } = open({ http_proxy: `http://user:pw@${proxy.host}` });
    expect(await get(`http://${HOST}/v2/x?n=1`)).toBe('x');
    expect(proxy.seen).toMatchObject([
      {
        url: `http://${HOST}/v2/x?n=1`,
        headers: { host: HOST, 'proxy-authorization': `Basic ${Buffer.from('user:pw').toString('base64')}` },
      },
    ]);
  });
});

describe('without a proxy', () => {
  it('plain and TLS connections live side by side', async () => {
    const plain = await startServer((_, response) => response.end('x'));
    ended.push(() => void plain.stop());
    const { get, log } = open({ https_proxy: 'http://127.0.0.1:1', no_proxy: HOST });
    expect(await get(`${plain.origin}/`)).toBe('x');
    expect(log.lines).toEqual([]);
  });

  it('a proxy that cannot be one is an error before anything is sent', () => {
    const { connections } = open({ https_proxy: 'socks5://p.example' });
    expect(() => connections.wayTo(new URL(`https://${HOST}/`))).toThrow(/https_proxy/);
  });
});
