import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Readable } from 'node:stream';
import { memoryBytes } from '../../../../src/core/bytes.js';
import { readBeginning, readBody, TooLongError } from '../../../../src/oci/registry/transport/answer-body.js';
import { type Body, exchange, type Outgoing, SourceFailure } from '../../../../src/oci/registry/transport/exchange.js';
import { SilenceError } from '../../../../src/oci/registry/transport/network-failure.js';
import { type ScriptedServer, startServer } from '../../../support/scripted-server.js';
import { MOST_LISTENERS, watchedSignal } from '../../../support/watched-signal.js';

/** Longer than any test. In milliseconds. */
const LONG = 60_000;
const agent = new http.Agent({ keepAlive: true });
let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
afterAll(() => agent.destroy());

/** Answers with bytes that no server of Node's would send: `first`, then `next` for as long as somebody listens. */
async function startRaw(first: string, next = '') {
  const sockets = new Set<Socket>();
  const raw = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.write(first);
    const more = next === '' ? undefined : setInterval(() => socket.write(next), 5);
    socket.once('close', () => clearInterval(more));
  });
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  return {
    peer: new URL(`http://127.0.0.1:${(raw.address() as AddressInfo).port}`),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => raw.close(resolve));
    },
  };
}

function send(change: Partial<Outgoing> = {}, peer = new URL(server?.origin ?? '')) {
  const way = { transport: http, peer, path: '/', agent, headers: {} };
  const signal = new AbortController().signal;
  const outgoing = {
    method: 'GET',
    headers: {},
    body: undefined,
    onProgress: undefined,
    silence: 10_000,
    longestHead: 10_000,
    signal,
  };
  return exchange(way, { ...outgoing, ...change });
}

const sourceOf = (size: number, parts: () => Iterable<Buffer> | AsyncIterable<Buffer>): Body => ({
  size,
  async *pieces() {
    yield* parts();
  },
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
    await readBody(answer, 10, LONG);
    expect(server?.seen[0]?.headers['content-length']).toBe(length);
    expect(server?.seen[0]?.headers['transfer-encoding']).toBeUndefined();
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
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const body = sourceOf(1e12, async function* () {
      try {
        for (;;) {
          yield Buffer.alloc(65_536);
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        end();
      }
    });
    const incoming = await send({ method: 'PUT', body });
    expect(incoming.status).toBe(413);
    expect((await readBeginning(incoming.body, LONG)).toString()).toBe('too large for me');
    await ended;
  });

  it('is one of any number under one signal, which stays below what Node takes for a leak', async () => {
    server = await startServer((_, response) => response.end());
    const { signal, most } = watchedSignal();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send({ signal })));
    await Promise.all(answers.map(({ body }) => body.resume().toArray()));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(most()).toBeLessThanOrEqual(MOST_LISTENERS);
  });

  it('ends with the reason of its signal, whether or not it has been answered', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    server = await startServer((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
    });
    const incoming = await send({ signal: stop.signal });
    const reading = readBody(incoming.body, 1000, LONG);
    stop.abort(reason);
    await expect(reading).rejects.toBe(reason);
    await expect(send({ signal: stop.signal })).rejects.toBe(reason);
    expect(server?.seen).toHaveLength(1);
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
    await expect(readBody(incoming.body, 1000, LONG)).rejects.toThrow(SilenceError);
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
    await expect(readBody(body, 1000, LONG)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('that only explains a refusal is taken as far as it came', async () => {
    server = await startServer((_, response) => {
      response.writeHead(500, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    expect((await readBeginning((await send()).body, LONG)).toString()).toBe('half');
  });

  it('is read up to its limit and not beyond', async () => {
    server = await startServer((_, response) => response.end(Buffer.alloc(1001)));
    await expect(readBody((await send()).body, 1000, LONG)).rejects.toThrow(TooLongError);
    expect(await readBody((await send()).body, 1001, LONG)).toHaveLength(1001);
  });

  it('without end is cut where it explains a refusal', async () => {
    server = await startServer((_, response) => {
      const more = (): void => void response.write(Buffer.alloc(65_536), (error) => error ?? more());
      more();
    });
    expect((await readBeginning((await send()).body, LONG)).length).toBe(65_536);
  });

  it.each([
    ['is given up', (body: Readable) => readBody(body, 100_000, 50), 'TooSlowError'],
    ['is cut where it explains a refusal', (body: Readable) => readBeginning(body, 50), undefined],
  ])('that comes byte by byte, as if never to end, %s', async (_, read, error) => {
    let open = true;
    server = await startServer((_request, response) => {
      const more = (): void => void (open && response.write('x', () => setTimeout(more, 1)));
      more();
    });
    const reading = read((await send()).body);
    if (error) await expect(reading).rejects.toMatchObject({ name: error });
    else expect((await reading)?.length).toBeGreaterThan(0);
    open = false;
  });

  it.each([
    ['headers of which each byte comes by itself', 'HTTP/1.1 200 OK\r\nx: ', 'x'],
    ['one interim answer after the other', 'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
  ])('that has %s is given up', async (_, first, next) => {
    const raw = await startRaw(first, next);
    await expect(send({ longestHead: 100 }, raw.peer)).rejects.toMatchObject({ name: 'TooSlowError' });
    await raw.stop();
  });

  it('with trailers without end is given up', async () => {
    const raw = await startRaw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n', 'x: y\r\n');
    const { body } = await send({}, raw.peer);
    await expect(readBody(body, 1000, 100)).rejects.toMatchObject({ name: 'TooSlowError' });
    await raw.stop();
  });

  it('that changes to another protocol, which nobody asked for, is an error', async () => {
    const raw = await startRaw('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n');
    await expect(send({}, raw.peer)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await raw.stop();
  });

  it('may come late while bytes are still going out', async () => {
    server = await startServer((request, response) => request.resume().on('end', () => response.end('x')));
    const body = sourceOf(10, async function* () {
      for (let piece = 0; piece < 10; piece += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        yield Buffer.alloc(1);
      }
    });
    expect((await send({ method: 'PUT', body, longestHead: 300 })).status).toBe(200);
  });

  it('keeps several challenges apart', async () => {
    server = await startServer((_, response) => {
      response.setHeader('www-authenticate', ['Bearer realm="r"', 'Basic realm="b"']);
      response.writeHead(401).end();
    });
    const { challenges, body } = await send();
    await readBeginning(body, LONG);
    expect(challenges).toEqual(['Bearer realm="r"', 'Basic realm="b"']);
  });

  it('leaves the connection open for the next request', async () => {
    const sockets = new Set<Socket>();
    server = await startServer((request, response) => {
      sockets.add(request.socket);
      response.end('x');
    });
    for (let count = 0; count < 3; count += 1) await readBody((await send()).body, 10, LONG);
    expect(sockets.size).toBe(1);
  });

  it('that is no HTTP is an error', async () => {
    const raw = await startRaw('SSH-2.0-OpenSSH\r\n');
    await expect(send({}, raw.peer)).rejects.toMatchObject({ code: expect.stringMatching(/^HPE_/) });
    await raw.stop();
  });
});
