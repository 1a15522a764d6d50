import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import { memoryBytes } from '../../../src/core/bytes.js';
import { readBeginning, readBody, TooLongError } from '../../../src/oci/registry/answer-body.js';
import { type Body, exchange, type Outgoing, SourceFailure } from '../../../src/oci/registry/exchange.js';
import { SilenceError } from '../../../src/oci/registry/network-failure.js';
import { type ScriptedServer, startServer } from '../../support/scripted-server.js';

const agent = new http.Agent({ keepAlive: true });
let server: ScriptedServer;
afterEach(() => server.stop());
afterAll(() => agent.destroy());

function send(change: Partial<Outgoing> = {}) {
  const way = { transport: http, peer: new URL(server.origin), path: '/', agent, headers: {} };
  const signal = new AbortController().signal;
  const outgoing = { method: 'GET', headers: {}, body: undefined, onProgress: undefined, silence: 10_000, signal };
  return exchange(way, { ...outgoing, ...change });
}

const sourceOf = (size: number, parts: () => Iterable<Buffer> | AsyncIterable<Buffer>): Body => ({
  size,
  open: () => Readable.from(parts(), { objectMode: false }),
});

describe('a request', () => {
  it.each([
    ['POST', undefined, '0'],
    ['PUT', undefined, '0'],
    ['PUT', memoryBytes(Buffer.from('abc')), '3'],
    ['PUT', memoryBytes(Buffer.alloc(0)), '0'],
    ['GET', undefined, undefined],
    ['HEAD', undefined, undefined],
  ])('by %s tells the length of its body, which is never sent in chunks', async (method, body, length) => {
    server = await startServer((request, response) => request.resume().on('end', () => response.end()));
    const { body: answer } = await send({ method, body });
    await readBody(answer, 10);
    expect(server.seen[0]?.headers['content-length']).toBe(length);
    expect(server.seen[0]?.headers['transfer-encoding']).toBeUndefined();
  });

  it.each([
    ['breaks off', new Error('disk on fire')],
    ['ends too early', undefined],
    ['goes on too long', Buffer.alloc(100)],
  ])('never passes for whole when its source %s', async (_, next) => {
    let arrive: (request: IncomingMessage) => void = () => {};
    const arrived = new Promise<IncomingMessage>((resolve) => {
      arrive = resolve;
    });
    server = await startServer((request) => arrive(request.resume().on('error', () => {})));
    const body = sourceOf(100, async function* () {
      yield Buffer.alloc(10);
      await arrived;
      if (next instanceof Error) throw next;
      if (next) yield next;
    });
    await expect(send({ method: 'PUT', body })).rejects.toThrow(SourceFailure);
    const request = await arrived;
    if (!request.closed) await new Promise((resolve) => request.once('close', resolve));
    expect(request.complete).toBe(false);
  });

  it('tells how many bytes have gone, from nothing to all', async () => {
    server = await startServer((request, response) => request.resume().on('end', () => response.end()));
    const seen: number[] = [];
    await send({ method: 'PUT', body: memoryBytes(Buffer.alloc(300_000)), onProgress: (bytes) => seen.push(bytes) });
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(300_000);
  });

  it('that is answered before it is sent stops sending, and the answer can be read', async () => {
    server = await startServer((_, response) => response.writeHead(413).end('too large for me'));
    const opened: Readable[] = [];
    const endless = sourceOf(1e12, async function* () {
      for (;;) {
        yield Buffer.alloc(65_536);
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    const body = {
      size: endless.size,
      open: () => {
        const stream = endless.open();
        opened.push(stream);
        return stream;
      },
    };
    const incoming = await send({ method: 'PUT', body });
    expect(incoming.status).toBe(413);
    expect((await readBeginning(incoming.body)).toString()).toBe('too large for me');
    expect(opened.map((stream) => stream.destroyed)).toEqual([true]);
  });

  it('ends with the reason of its signal, whether or not it has been answered', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    server = await startServer((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
    });
    const incoming = await send({ signal: stop.signal });
    const reading = readBody(incoming.body, 1000);
    stop.abort(reason);
    await expect(reading).rejects.toBe(reason);
    await expect(send({ signal: stop.signal })).rejects.toBe(reason);
    expect(server.seen).toHaveLength(1);
  });
});

describe('silence', () => {
  it('before the answer ends the request', async () => {
    server = await startServer(() => {});
    await expect(send({ silence: 30 })).rejects.toThrow(SilenceError);
  });

  it('within the answer ends the reading', async () => {
    server = await startServer((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
    });
    const incoming = await send({ silence: 30 });
    await expect(readBody(incoming.body, 1000)).rejects.toThrow(SilenceError);
  });

  it('while we are sending, of a registry that reads no more, ends the request', async () => {
    server = await startServer((request) => request.pause());
    const body = sourceOf(1e9, function* () {
      for (;;) yield Buffer.alloc(1_000_000);
    });
    await expect(send({ method: 'PUT', body, silence: 100 })).rejects.toThrow(SilenceError);
  });
});

describe('an answer', () => {
  it.each([
    ['with a length', { 'content-length': '100' }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('%s that is cut cannot be read as if it were whole', async (_, headers) => {
    server = await startServer((_request, response) => {
      response.writeHead(200, headers);
      response.write('half', () => response.destroy());
    });
    const { body } = await send();
    await expect(readBody(body, 1000)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('that only explains a refusal is taken as far as it came', async () => {
    server = await startServer((_, response) => {
      response.writeHead(500, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    expect((await readBeginning((await send()).body)).toString()).toBe('half');
  });

  it('is read up to its limit and not beyond', async () => {
    server = await startServer((_, response) => response.end(Buffer.alloc(1001)));
    await expect(readBody((await send()).body, 1000)).rejects.toThrow(TooLongError);
    expect(await readBody((await send()).body, 1001)).toHaveLength(1001);
  });

  it('without end is cut where it explains a refusal', async () => {
    server = await startServer((_, response) => {
      const more = (): void => void response.write(Buffer.alloc(65_536), (error) => error ?? more());
      more();
    });
    expect((await readBeginning((await send()).body)).length).toBe(65_536);
  });

  it.each([
    ['is given up', (body: Readable, overdue: () => boolean) => readBody(body, 1000, overdue), 'TooSlowError'],
    ['is cut where it explains a refusal', readBeginning, undefined],
  ])('that comes byte by byte, as if never to end, %s', async (_, read, error) => {
    let open = true;
    server = await startServer((_request, response) => {
      const more = (): void => void (open && response.write('x', () => setTimeout(more, 1)));
      more();
    });
    let came = 0;
    const overdue = (): boolean => ++came > 5;
    const reading = read((await send()).body, overdue);
    if (error) await expect(reading).rejects.toMatchObject({ name: error });
    else expect((await reading)?.length).toBeLessThan(1000);
    open = false;
  });

  it('keeps several challenges apart', async () => {
    server = await startServer((_, response) => {
      response.setHeader('www-authenticate', ['Bearer realm="r"', 'Basic realm="b"']);
      response.writeHead(401).end();
    });
    const { challenges, body } = await send();
    await readBeginning(body);
    expect(challenges).toEqual(['Bearer realm="r"', 'Basic realm="b"']);
  });

  it('leaves the connection open for the next request', async () => {
    const sockets = new Set<Socket>();
    server = await startServer((request, response) => {
      sockets.add(request.socket);
      response.end('x');
    });
    for (let count = 0; count < 3; count += 1) await readBody((await send()).body, 10);
    expect(sockets.size).toBe(1);
  });

  it('that is no HTTP is an error', async () => {
    server = await startServer(() => {});
    const sockets: Socket[] = [];
    const raw = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      socket.write('SSH-2.0-OpenSSH\r\n');
    });
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
    const peer = new URL(`http://127.0.0.1:${(raw.address() as AddressInfo).port}`);
    const way = { transport: http, peer, path: '/', agent, headers: {} };
    const { signal } = new AbortController();
    const outgoing = { method: 'GET', headers: {}, body: undefined, onProgress: undefined, silence: 10_000, signal };
    await expect(exchange(way, outgoing)).rejects.toMatchObject({ code: expect.stringMatching(/^HPE_/) });
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => raw.close(resolve));
  });
});
