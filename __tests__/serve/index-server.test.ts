import { once } from 'node:events';
import { request as ask, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { digestOf, hexOf } from '../../src/core/digest.js';
import { UserError } from '../../src/core/errors.js';
import { parseRepositoryName } from '../../src/oci/reference.js';
import type { Store } from '../../src/oci/store.js';
import { verified } from '../../src/oci/transfer.js';
import { systemClock } from '../../src/run/machine/system.js';
import type { ServeEvent } from '../../src/serve/event.js';
import {
  type IndexServer,
  type IndexServerOptions,
  PortTakenError,
  startIndexServer,
} from '../../src/serve/index-server.js';
import { JSON_V1 } from '../../src/simple/negotiation.js';
import { OwnedNames } from '../../src/simple/owned-names.js';
import { anSdist, aWheel } from '../support/builders.js';
import { MemoryStore } from '../support/memory-store.js';
import { standingVersion } from '../support/pyoci-version.js';
import { startRegistry, type TestRegistry } from '../support/registry.js';
import { storeOn } from '../support/registry-store.js';

const PASSWORD = 'correct horse battery staple';
const LARGE = aWheel({
  name: 'my-foo',
  files: { 'my_foo/data.bin': Buffer.alloc(300_000, 'abcdefghijk') },
  deflate: false,
});
const WHEEL = { architecture: 'py3-none-any.whl', bytes: LARGE };
const SDIST = { architecture: '.tar.gz', bytes: anSdist({ name: 'my-foo' }) };
const NAME = parseRepositoryName('o/my_foo');
const SHA = hexOf(digestOf(LARGE));
const FILE = `files/${SHA}/my_foo-1.0-py3-none-any.whl`;

interface Answer {
  readonly status: number;
  readonly message: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

describe('the index', () => {
  let server: IndexServer;
  let events: ServeEvent[];
  const stop = new AbortController();

  const start = async (store: Store, more: Partial<IndexServerOptions> = {}): Promise<void> => {
    events = [];
    server = await startIndexServer({
      store,
      owned: new OwnedNames(['my-foo', 'absent'], 'o'),
      path: 'example.org/o',
      fallback: new URL('https://fallback.example/simple/'),
      password: PASSWORD,
      nonce: 'n0nce',
      port: 0,
      clock: systemClock,
      signal: stop.signal,
      onEvent: (event) => void events.push(event),
      ...more,
    });
  };
  const filled = async (store: Store): Promise<Store> => {
    await standingVersion(store.repository(NAME), '1.0', [WHEEL, SDIST]);
    return store;
  };
  const get = async (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> => {
    const auth = `robin:${PASSWORD}`;
    const outgoing = ask({ port: server.port, host: '127.0.0.1', path, headers, method, auth, agent: false }).end();
    const [incoming] = await once(outgoing, 'response');
    const { statusCode: status = 0, statusMessage: message = '', headers: received } = incoming;
    return { status, message, headers: received, body: await buffer(incoming) };
  };
  const below = (path: string, headers?: Record<string, string>, method?: string) =>
    get(`/example.org/o/${path}`, headers, method);
  const failures = () => events.filter(({ kind }) => kind === 'failed');
  afterEach(() => server.close(0));

  describe('over what a folder or memory holds', () => {
    beforeEach(async () => start(await filled(new MemoryStore())));

    it('has a page for a project in both forms, and 304 for whoever has it', async () => {
      const json = await below('simple/my-foo/', { accept: JSON_V1 });
      expect(json).toMatchObject({ status: 200, headers: { 'content-type': JSON_V1, vary: 'Accept' } });
      const { files } = JSON.parse(json.body.toString()) as { readonly files: readonly { readonly url: string }[] };
      expect(files.map(({ url }) => url)).toEqual([`../../${FILE}`, expect.stringMatching(/my_foo-1\.0\.tar\.gz$/)]);
      const html = await below('owned/my-foo/');
      expect(html.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(html.headers.etag).not.toBe(json.headers.etag);
      const again = await below('simple/my-foo/', { accept: JSON_V1, 'if-none-match': `W/${json.headers.etag}` });
      expect(again).toMatchObject({ status: 304, body: Buffer.alloc(0) });
      expect(await below('simple/my-foo/', { accept: 'image/png' })).toMatchObject({ status: 406 });
    });

    it('gives every byte of a file, under its hash alone', async () => {
      const file = await below(FILE);
      expect(file).toMatchObject({
        status: 200,
        headers: { 'content-length': String(LARGE.length), etag: `"sha256:${SHA}"` },
      });
      expect(file.body.equals(LARGE)).toBe(true);
      expect((await below(FILE.replace(SHA, 'b'.repeat(64)))).status).toBe(404);
      expect((await below(FILE.replace('my_foo-1.0', 'my_foo-2.0'))).status).toBe(404);
      expect((await below(FILE.replace('my_foo', 'other'))).status).toBe(404);
      expect((await below(FILE, { 'if-none-match': `"sha256:${SHA}"` })).status).toBe(304);
    });

    it.each([
      ['bytes=0-9', 0, 10],
      ['bytes=-16384', LARGE.length - 16_384, LARGE.length],
      ['bytes=100000-', 100_000, LARGE.length],
    ])('gives a part of it: %s', async (range, from, to) => {
      const part = await below(FILE, { range });
      expect(part).toMatchObject({
        status: 206,
        headers: { 'content-range': `bytes ${from}-${to - 1}/${LARGE.length}`, 'accept-ranges': 'bytes' },
      });
      expect(part.body.equals(LARGE.subarray(from, to))).toBe(true);
    });

    it('gives the whole for several ranges and for nonsense, and says where the end is beyond it', async () => {
      for (const range of ['bytes=0-1,5-6', 'bytes=x-y']) expect((await below(FILE, { range })).status).toBe(200);
      expect((await below(FILE, { range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(200);
      expect(await below(FILE, { range: 'bytes=9000000-' })).toMatchObject({
        status: 416,
        headers: { 'content-range': `bytes */${LARGE.length}` },
      });
    });

    it('gives the metadata of a wheel, and none of an sdist', async () => {
      const metadata = await below(`${FILE}.metadata`);
      expect(metadata.status).toBe(200);
      expect(metadata.body.toString()).toBe('Metadata-Version: 2.1\nName: my-foo\nVersion: 1.0\n\n');
      const sdist = `files/${hexOf(digestOf(SDIST.bytes))}/my_foo-1.0.tar.gz`;
      expect([(await below(sdist)).status, (await below(`${sdist}.metadata`)).status]).toEqual([200, 404]);
    });

    it('answers HEAD like GET, without a body', async () => {
      for (const path of ['simple/', 'simple/my-foo/', FILE, `${FILE}.metadata`]) {
        const [head, whole] = [await below(path, {}, 'HEAD'), await below(path)];
        expect(head.body).toHaveLength(0);
        expect(head.headers['content-length']).toBe(String(whole.body.length));
      }
    });

    it('leaves other names to the fallback, and lists none of them under `owned`', async () => {
      expect(await below('simple/requests/')).toMatchObject({
        status: 302,
        headers: { location: 'https://fallback.example/simple/requests/' },
      });
      await below('simple/requests/');
      expect(events.filter(({ kind }) => kind === 'redirected')).toEqual([{ kind: 'redirected', project: 'requests' }]);
      expect((await below('owned/requests/')).status).toBe(404);
    });

    it('has an empty page for an owned project that is not there: a 404 would send clients elsewhere', async () => {
      const page = await below('simple/absent/', { accept: JSON_V1 });
      expect(page.status).toBe(200);
      expect(JSON.parse(page.body.toString())).toMatchObject({ name: 'absent', files: [] });
    });

    it('asks for the password, whatever the user is called', async () => {
      const bare = (authorization?: string) =>
        fetch(
          `http://127.0.0.1:${server.port}/example.org/o/simple/`,
          authorization ? { headers: { authorization } } : {},
        );
      const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
      const statuses = [
        undefined,
        basic('robin:wrong'),
        basic(PASSWORD),
        'Bearer x',
        basic(`:${PASSWORD}`),
        basic(`a:${PASSWORD}`),
      ];
      const answers = await Promise.all(statuses.map(bare));
      expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 200, 200]);
      expect(answers[0]?.headers.get('www-authenticate')).toMatch(/^Basic /);
      expect((await fetch(`http://127.0.0.1:${server.port}/health`)).status).toBe(200);
    });

    it.each([
      ['another name of this machine', { host: 'evil.example' }, 421],
      ['another port', { host: '127.0.0.1:1' }, 421],
      ['a web page', { origin: 'https://evil.example' }, 403],
      ['a frame in a web page', { 'sec-fetch-site': 'cross-site' }, 403],
    ])('turns away %s', async (_, headers, status) => {
      expect((await below('simple/my-foo/', headers as Record<string, string>)).status).toBe(status);
    });

    it('can be read only', async () => {
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
        expect(await below('simple/', {}, method)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
      }
    });

    it.each(['/../etc/passwd', '/example.org/o/simple/%2e%2e/', '/example.org/o/simple/a%2fb/', '/example.org/o/%zz'])(
      'refuses %s',
      async (path) => {
        expect((await get(path)).status).toBe(400);
      },
    );

    it('survives what is no HTTP, and an address of 64 KiB', async () => {
      for (const bytes of ['nonsense\r\n\r\n', `GET /${'a'.repeat(65_536)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`]) {
        const socket = connect(server.port, '127.0.0.1');
        socket.on('error', () => {}).resume();
        socket.write(bytes);
        // Closed or reset: either is a way to turn it away.
        await new Promise((resolve) => socket.once('close', resolve));
      }
      expect((await below('simple/')).status).toBe(200);
    });

    it('lets a client leave in the middle, and serves all others', async () => {
      const outgoing = ask({
        port: server.port,
        path: `/example.org/o/${FILE}`,
        auth: `a:${PASSWORD}`,
        agent: false,
      }).end();
      const [incoming] = await once(outgoing, 'response');
      incoming.destroy();
      const all = await Promise.all(Array.from({ length: 64 }, () => below(FILE)));
      expect(all.every(({ body }) => body.equals(LARGE))).toBe(true);
      expect(failures()).toEqual([]);
    });

    it('survives 500 sockets that ask nothing, and answers again when they are gone', async () => {
      let refused = 0;
      const sockets = Array.from({ length: 500 }, () => {
        const socket = connect(server.port, '127.0.0.1').resume();
        socket.on('error', () => {});
        socket.once('close', () => {
          refused += 1;
        });
        return socket;
      });
      while (refused < 500 - 256) await setImmediate();
      for (const socket of sockets) socket.destroy();
      while (refused < 500) await setImmediate();
      // The server learns a moment later that they are gone.
      let answer = await below('simple/').catch(() => undefined);
      while (!answer) answer = await below('simple/').catch(() => undefined);
      expect(answer.status).toBe(200);
    });

    it('waits for a client that reads byte by byte, and serves all others meanwhile', async () => {
      const auth = `a:${PASSWORD}`;
      const outgoing = ask({ port: server.port, path: `/example.org/o/${FILE}`, auth, agent: false }).end();
      const [incoming] = await once(outgoing, 'response');
      const first = await new Promise<Buffer>((resolve) => incoming.once('readable', () => resolve(incoming.read(1))));
      expect(first.equals(LARGE.subarray(0, 1))).toBe(true);
      expect((await below(FILE)).body.equals(LARGE)).toBe(true);
      const rest = await buffer(incoming);
      expect(rest.equals(LARGE.subarray(1))).toBe(true);
    });

    it('keeps account', async () => {
      await below(FILE);
      await below('simple/requests/');
      const report = JSON.parse((await below('report')).body.toString());
      expect(report).toEqual({
        served: [{ project: 'my-foo', files: 1, bytes: expect.any(Number) }],
        redirected: ['requests'],
        failures: [],
      });
    });

    it('does not take a port that is taken', async () => {
      const { port } = server;
      const options = { store: new MemoryStore(), owned: new OwnedNames(['a'], 'o'), path: 'x', fallback: undefined };
      const more = { password: undefined, nonce: '', port, clock: systemClock, signal: stop.signal, onEvent: () => {} };
      await expect(startIndexServer({ ...options, ...more })).rejects.toThrow(PortTakenError);
    });
  });

  it('has nothing for other names where there is no fallback', async () => {
    await start(await filled(new MemoryStore()), { fallback: undefined, password: undefined });
    expect((await below('simple/requests/')).status).toBe(404);
  });

  describe('over a registry', () => {
    let registry: TestRegistry;
    const opened = async (options: Parameters<typeof startRegistry>[0] = {}): Promise<void> => {
      registry = await startRegistry(options);
      const store = storeOn(registry);
      await start(await filled(store));
    };
    afterEach(() => registry.stop());

    it.each([{ auth: 'bearer' as const }, { auth: 'basic' as const }, { ranges: 'ignored' as const }])(
      'gives pages, files, parts and metadata: %j',
      async (options) => {
        await opened(options);
        expect((await below('simple/my-foo/')).status).toBe(200);
        expect((await below(FILE)).body.equals(LARGE)).toBe(true);
        expect((await below(FILE, { range: 'bytes=-100' })).body.equals(LARGE.subarray(-100))).toBe(true);
        expect((await below(`${FILE}.metadata`)).body.toString()).toContain('Name: my-foo');
      },
    );

    it('is never asked for a name that is not owned', async () => {
      await opened();
      registry.requests.length = 0;
      for (const root of ['simple', 'owned']) await below(`${root}/requests/`);
      await below(`files/${SHA}/requests-1.0-py3-none-any.whl`);
      expect(registry.requests).toEqual([]);
    });
  });

  it('cuts the connection before the end of a file whose bytes are wrong, and says why', async () => {
    const store = new MemoryStore();
    await filled(store);
    const wrong = Buffer.from(LARGE);
    wrong.writeUInt8(wrong.readUInt8(1000) ^ 1, 1000);
    const repository = store.repository(NAME);
    const right = repository.openBlob.bind(repository);
    repository.openBlob = async (blob, options) => {
      if (blob.digest !== `sha256:${SHA}`) return right(blob, options);
      const pieces = async function* (): AsyncGenerator<Buffer> {
        for (let at = 0; at < wrong.length; at += 16_384) {
          await setImmediate();
          yield wrong.subarray(at, at + 16_384);
        }
      };
      return verified(Readable.from(pieces(), { objectMode: false }), blob, options ?? {});
    };
    await start(store);
    const outgoing = ask({
      port: server.port,
      path: `/example.org/o/${FILE}`,
      auth: `a:${PASSWORD}`,
      agent: false,
    }).end();
    const [incoming] = await once(outgoing, 'response');
    let came = 0;
    const ended = (async () => {
      for await (const chunk of incoming) came += (chunk as Buffer).length;
    })();
    await expect(ended).rejects.toThrow();
    expect(came).toBeLessThanOrEqual(LARGE.length - 64 * 1024);
    expect(failures()).toEqual([expect.objectContaining({ project: 'my-foo', message: expect.stringContaining(SHA) })]);
  });

  it.each([401, 403, 500])('says 504, the cause and the cure where the registry answers %i', async (status) => {
    const store = new MemoryStore();
    const refused = Object.assign(new UserError(`Cannot list: it was answered ${status}`, { hint: 'sign in' }), {
      status,
    });
    store.repository(NAME).tags = () => Promise.reject(refused);
    await start(store);
    const page = await below('simple/my-foo/', { accept: JSON_V1 });
    expect(page).toMatchObject({ status: 504, headers: { 'content-type': 'application/problem+json' } });
    expect(JSON.parse(page.body.toString())).toMatchObject({
      detail: expect.stringMatching(new RegExp(`${status}.*To fix it: sign in`)),
    });
    expect(page.message).toMatch(status === 500 ? /failed/ : /Not there or not allowed/);
    await below('simple/my-foo/');
    expect(failures()).toEqual([
      { kind: 'failed', project: 'my-foo', message: expect.stringContaining(String(status)), hint: 'sign in' },
    ]);
  });
});
