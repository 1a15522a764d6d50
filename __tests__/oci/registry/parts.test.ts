import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { digestOf } from '../../../src/core/digest.js';
import { RangeRefusedError } from '../../../src/oci/errors.js';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.js';
import type { ByteRange } from '../../../src/oci/store.js';
import { FakeClock } from '../../support/clock.js';
import { EMPTY_INDEX } from '../../support/registry-session.js';
import { storeOn } from '../../support/registry-store.js';
import { type ScriptedServer, startServer } from '../../support/scripted-server.js';

const BYTES = Buffer.from(Array.from({ length: 5000 }, (_, at) => at % 251));
const BLOB = { mediaType: 'application/octet-stream', digest: digestOf(BYTES), size: BYTES.length };
const RANGE = { first: 100, last: 199 };
const LOGIN = { kind: 'basic', username: 'robin', password: 'correct horse', source: 'the test' } as const;
const NAME = parseRepositoryName('owner/demo');

type Answering = (request: IncomingMessage, response: ServerResponse) => unknown;

const servers: ScriptedServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

async function serving(answer: Answering): Promise<ScriptedServer> {
  const server = await startServer(answer);
  servers.push(server);
  return server;
}

async function read(server: ScriptedServer, range: ByteRange = RANGE): Promise<Buffer> {
  const store = storeOn({ host: server.host, credentials: LOGIN }, { clock: new FakeClock() });
  try {
    return await buffer(await store.repository(NAME).openBlobRange(BLOB, range));
  } finally {
    store.close();
  }
}

const part = (response: ServerResponse, contentRange: string, bytes: Buffer) =>
  response.writeHead(206, { 'content-range': contentRange, 'content-length': bytes.length }).end(bytes);

describe('a part of a blob', () => {
  it('comes from the host that keeps the blobs, which is asked for the same bytes and gets no credentials', async () => {
    const storage = await serving((_, response) => part(response, 'bytes 100-199/5000', BYTES.subarray(100, 200)));
    const registry = await serving((request, response) => {
      if (request.headers.authorization === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      } else response.writeHead(307, { location: `${storage.origin}/kept?sig=${registry.seen.length}` }).end();
    });
    expect((await read(registry)).equals(BYTES.subarray(100, 200))).toBe(true);
    expect(storage.seen).toEqual([
      expect.objectContaining({ headers: expect.objectContaining({ range: 'bytes=100-199' }) }),
    ]);
    expect(storage.seen[0]?.headers.authorization).toBeUndefined();
  });

  it('is cut out of the whole where the registry sends everything, and no more is read than that', async () => {
    let closed: (() => void) | undefined;
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const server = await serving((_, response) => {
      response.once('close', () => closed?.());
      response.writeHead(200, { 'content-length': BYTES.length }).write(BYTES.subarray(0, 1000));
    });
    expect((await read(server)).equals(BYTES.subarray(100, 200))).toBe(true);
    await gone;
  });

  it.each([
    ['another part', 'bytes 0-99/5000'],
    ['a part of something larger', 'bytes 100-199/6000'],
    ['a part of nothing said', ''],
    ['fewer bytes', 'bytes 100-150/5000'],
  ])('is refused if the registry says that it sends %s', async (_, contentRange) => {
    const server = await serving((_, response) => part(response, contentRange, BYTES.subarray(100, 200)));
    await expect(read(server)).rejects.toThrow(
      new RangeRefusedError(
        `Cannot read bytes 100 to 199 of ${BLOB.digest}: ${server.host} sent the range "${contentRange}", expected "bytes 100-199/5000"`,
      ),
    );
    await expect(read(server)).rejects.toBeInstanceOf(RangeRefusedError);
  });

  it('is refused if the whole is of another size', async () => {
    const server = await serving((_, response) => response.writeHead(200, { 'content-length': 4 }).end('four'));
    await expect(read(server)).rejects.toThrow('sent 4 bytes in place of 5000');
  });

  it.each([
    ['with its length', true],
    ['without', false],
  ])('fails if it ends early, %s', async (_, length) => {
    const server = await serving((_, response) => {
      const headers = { 'content-range': 'bytes 100-199/5000', ...(length ? { 'content-length': 100 } : {}) };
      response
        .writeHead(206, headers)
        .write(BYTES.subarray(100, 150), () => (length ? response.destroy() : response.end()));
    });
    await expect(read(server)).rejects.toThrow(/ended 50 bytes too early|aborted|reset/);
  });

  it.each([400, 416, 501])('is told to be refused as a part by status %d, which the error names', async (status) => {
    const server = await serving((_, response) => response.writeHead(status).end());
    await expect(read(server)).rejects.toThrow(String(status));
    await expect(read(server)).rejects.toBeInstanceOf(RangeRefusedError);
  });

  it.each([403, 404])(
    'is not told to be refused as a part by status %d, which the whole would get too',
    async (status) => {
      const server = await serving((_, response) => response.writeHead(status).end());
      await expect(read(server)).rejects.not.toBeInstanceOf(RangeRefusedError);
    },
  );

  it('ends at once with its signal, and lets go of the connection', async () => {
    let closed: (() => void) | undefined;
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const server = await serving((_, response) => {
      response.once('close', () => closed?.());
      response.writeHead(206, { 'content-range': 'bytes 100-199/5000', 'content-length': 100 }).write('x');
    });
    const store = storeOn({ host: server.host, credentials: LOGIN });
    const stop = new AbortController();
    const stream = await store.repository(NAME).openBlobRange(BLOB, RANGE, { signal: stop.signal });
    const ended = buffer(stream);
    stop.abort(new Error('the user has had enough'));
    await expect(ended).rejects.toThrow();
    await gone;
    store.close();
  });
});

describe('a tag', () => {
  const document = (request: IncomingMessage, response: ServerResponse, headers: Record<string, string> = {}) => {
    const all = {
      'content-type': EMPTY_INDEX.descriptor.mediaType,
      'content-length': EMPTY_INDEX.bytes.length,
      ...headers,
    };
    response.writeHead(200, all).end(request.method === 'HEAD' ? undefined : EMPTY_INDEX.bytes);
  };
  const resolve = async (answer: Answering) => {
    const server = await serving(answer);
    const store = storeOn({ host: server.host, credentials: { kind: 'anonymous' } }, { clock: new FakeClock() });
    const digest = await store.repository(NAME).resolveTag(parseTag('1.0'));
    store.close();
    return { digest, asked: server.seen.map(({ method }) => method) };
  };
  const { digest } = EMPTY_INDEX.descriptor;

  it('is resolved by a HEAD', async () => {
    const answered = await resolve((request, response) =>
      document(request, response, { 'docker-content-digest': digest }),
    );
    expect(answered).toEqual({ digest, asked: ['HEAD'] });
  });

  it('is read where the HEAD names no digest, or is refused', async () => {
    expect(await resolve((request, response) => document(request, response))).toEqual({
      digest,
      asked: ['HEAD', 'GET'],
    });
    const refusing: Answering = (request, response) =>
      request.method === 'HEAD' ? response.writeHead(405).end() : document(request, response);
    expect(await resolve(refusing)).toEqual({ digest, asked: ['HEAD', 'GET'] });
  });
});
