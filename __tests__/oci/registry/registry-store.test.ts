import { buffer } from 'node:stream/consumers';
import { explain } from '../../../src/core/errors.js';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.js';
import { blobOf, EMPTY_INDEX, type Session, sessionOn, startSession } from '../../support/registry-session.js';
import { startServer } from '../../support/scripted-server.js';

const TAG = parseTag('1.0');
const { blob, bytes } = blobOf(1000);

describe('a registry', () => {
  let session: Session;
  afterEach(() => session.stop());

  it('is asked for nothing before it has to be', async () => {
    session = await startSession({ auth: 'bearer' });
    session.store.repository(parseRepositoryName('owner/demo'));
    expect(session.registry.requests).toEqual([]);
  });

  it('that repeats our credentials in what it says shows no part of them', async () => {
    const password = Array.from({ length: 100 }, (_, at) => `p4ss"word${at}`).join('/');
    const server = await startServer(({ url = '', headers: { authorization = '' } }, response) => {
      if (!authorization) return response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      const sent = Buffer.from(authorization.slice('Basic '.length), 'base64').toString();
      return response
        .writeHead(url.includes('manifests') ? 404 : 403)
        .end(JSON.stringify({ message: `${authorization} is ${sent}`, code: sent }));
    });
    const credentials = { kind: 'basic', username: 'robin', password, source: 'the test' } as const;
    const { store, repository } = sessionOn({ host: server.host, credentials });
    for (const ask of [() => repository.tags(), () => repository.getManifest(TAG)]) {
      const failed = await ask().catch((error: unknown) => error);
      expect(failed).toMatchObject({ message: expect.stringContaining('Basic *** is robin:***') });
      const [half, basic] = [password.slice(0, 12), Buffer.from(`robin:${password}`).toString('base64').slice(0, 12)];
      expect(explain(failed)).not.toMatch(new RegExp(`${half}|${basic}|p4ss`));
    }
    store.close();
    await server.stop();
  });

  it('is never written to when it was opened for reading only', async () => {
    session = await startSession({}, { readOnly: true });
    const { repository, registry } = session;
    for (const write of [
      () => repository.putBlob(blob, bytes),
      () => repository.putManifest(EMPTY_INDEX),
      () => repository.putTag(TAG, EMPTY_INDEX),
    ]) {
      await expect(write()).rejects.toThrow(/^Cannot write to .*: it was opened for reading only$/);
    }
    expect(registry.requests).toEqual([]);
    expect(await repository.getManifest(TAG)).toBeUndefined();
  });

  it('is left alone once the run has been given up, with the reason for that', async () => {
    const stop = new AbortController();
    session = await startSession({}, { signal: stop.signal });
    const reason = new Error('cancelled');
    session.registry.before('GET', /tags/, () => stop.abort(reason));
    await expect(session.repository.tags()).rejects.toBe(reason);
    await expect(session.repository.tags()).rejects.toBe(reason);
    expect(session.registry.requests).toHaveLength(1);
  });

  it('is not waited for between two tries once the run has been given up', async () => {
    const stop = new AbortController();
    const reason = new Error('cancelled');
    const sleeping = {
      now: () => 0,
      sleep: (_: number, signal?: AbortSignal) =>
        new Promise<void>((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
          stop.abort(reason);
        }),
    };
    session = await startSession({}, { signal: stop.signal, clock: sleeping });
    session.registry.refuse('GET', /tags/, { status: 503 });
    await expect(session.repository.tags()).rejects.toBe(reason);
  });

  it('tells on each try what went wrong, and when it tries again', async () => {
    session = await startSession();
    session.registry.refuse('GET', /tags/, { status: 503, body: 'maintenance' });
    await session.repository.tags();
    expect(session.log.of('info')).toEqual([
      expect.stringMatching(
        /^Cannot list the tags of owner\/demo: GET .* was answered 503 \(maintenance\): trying again in 0\.3 s \(try 2 of 6\)$/,
      ),
    ]);
  });

  it('gives a blob back bit for bit, over a connection that breaks before it begins', async () => {
    session = await startSession();
    session.registry.holding('owner/demo', { blobs: [Buffer.alloc(1000, 'x')] });
    session.registry.cut('GET', /blobs/, 'answer');
    expect(await buffer(await session.repository.openBlob(blob))).toEqual(Buffer.alloc(1000, 'x'));
  });

  it('gives no blob whose bytes are cut or changed on the way', async () => {
    session = await startSession();
    session.registry.holding('owner/demo', { blobs: [Buffer.alloc(1000, 'x')] });
    session.registry.cut('GET', /blobs/, 'download');
    await expect(session.repository.openBlob(blob).then((stream) => buffer(stream))).rejects.toThrow();
    session.registry.alter('GET', /blobs/, (answer) => ({ ...answer, body: Buffer.alloc(1000, 'y') }));
    await expect(session.repository.openBlob(blob).then((stream) => buffer(stream))).rejects.toThrow(/Cannot verify/);
  });

  it('lets one run go on while another is closed', async () => {
    session = await startSession();
    const second = sessionOn(session.registry);
    await second.repository.tags();
    second.store.close();
    expect(await session.repository.tags()).toEqual([]);
  });
});
