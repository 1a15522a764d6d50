import nock from 'nock';
import { UserError } from '../../../src/core/errors.js';
import { MissingReferenceError } from '../../../src/oci/errors.js';
import { parseRepositoryName } from '../../../src/oci/reference.js';
import { refusal } from '../../support/registry/exchange.js';
import { anImage, blobOf, type Session, sessionOn, startSession } from '../../support/registry-session.js';

const SMALL = blobOf(1_000);
const MIDDLE = blobOf(1_000_000);
const LARGE = blobOf(5_000_000);
const LENDER = parseRepositoryName('owner/lender');
const UPLOADS = /\/blobs\/uploads\/$/;
const UPLOAD = /\/blobs\/uploads\/.+/;

describe('a blob', () => {
  let session: Session;
  afterEach(() => session.stop());
  const steps = (): string[] =>
    session.registry.requests.map(({ method, query, size, status }) => {
      const kind = query.has('mount') ? ' mount' : query.has('digest') ? ' digest' : '';
      return `${method}${kind} ${size} ${status ?? 'cut'}`;
    });

  it('goes with one POST if it is small and the registry takes that', async () => {
    session = await startSession({ singlePost: true });
    expect(await session.repository.putBlob(SMALL.blob, SMALL.bytes)).toBe('sent');
    expect(steps()).toEqual(['POST digest 1000 201']);
  });

  it('follows to the upload that a POST with a body has opened, and no body is sent in vain again', async () => {
    session = await startSession({ singlePost: false });
    await session.repository.putBlob(SMALL.blob, SMALL.bytes);
    const again = blobOf(1_000, 'y');
    await session.repository.putBlob(again.blob, again.bytes);
    expect(steps()).toEqual(['POST digest 1000 202', 'PUT digest 1000 201', 'POST mount 0 202', 'PUT digest 1000 201']);
  });

  it('is not sent if it can be mounted from the repository itself', async () => {
    session = await startSession();
    session.registry.holding('owner/demo', { blobs: [Buffer.alloc(1_000_000, 'x')] });
    expect(await session.repository.putBlob(MIDDLE.blob, MIDDLE.bytes)).toBe('present');
    expect(steps()).toEqual(['POST mount 0 201']);
    expect(session.registry.requests[0]?.query.get('from')).toBe('owner/demo');
  });

  it.each([SMALL, MIDDLE, LARGE])(
    'is mounted from another repository with one request: $blob.size bytes',
    async (one) => {
      session = await startSession();
      session.registry.holding('owner/lender', { blobs: [Buffer.alloc(one.blob.size, 'x')] });
      expect(await session.repository.putBlob(one.blob, one.bytes, { mountFrom: LENDER })).toBe('present');
      expect(steps()).toEqual(['POST mount 0 201']);
      expect(session.registry.blobsOf('owner/demo')).toEqual([one.blob.digest]);
    },
  );

  it('goes to the upload that was opened where the other repository does not have it', async () => {
    session = await startSession();
    expect(await session.repository.putBlob(LARGE.blob, LARGE.bytes, { mountFrom: LENDER })).toBe('sent');
    expect(steps()).toEqual(['POST mount 0 202', 'PUT digest 5000000 201']);
  });

  it.each([400, 405, 501])('is sent where mounting is answered %s, and nothing is mounted again', async (status) => {
    session = await startSession();
    session.registry.refuse('POST', UPLOADS, refusal(status, 'UNSUPPORTED', 'no mounts here'));
    expect(await session.repository.putBlob(LARGE.blob, LARGE.bytes, { mountFrom: LENDER })).toBe('sent');
    const again = blobOf(5_000_000, 'y');
    expect(await session.repository.putBlob(again.blob, again.bytes, { mountFrom: LENDER })).toBe('sent');
    expect(steps().filter((step) => step.includes('mount'))).toHaveLength(1);
  });

  it('is sent, by a token for its own repository alone, where the other one may not be read', async () => {
    const may = (repository: string): boolean => repository === 'owner/demo';
    session = await startSession({ auth: 'bearer', may });
    session.registry.holding('owner/lender', { blobs: [Buffer.alloc(1_000_000, 'x')] });
    expect(await session.repository.putBlob(MIDDLE.blob, MIDDLE.bytes, { mountFrom: LENDER })).toBe('sent');
    const asked = session.registry.requests.filter(({ path }) => path === '/token');
    const scopes = asked.map(({ query }) => query.getAll('scope'));
    expect(scopes[0]).toEqual(['repository:owner/demo:pull,push', 'repository:owner/lender:pull']);
    expect(scopes.at(-1)).toEqual(['repository:owner/demo:pull,push']);
  });

  it('goes to the upload that the attempt to mount has opened', async () => {
    session = await startSession();
    await session.repository.putBlob(MIDDLE.blob, MIDDLE.bytes);
    expect(steps()).toEqual(['POST mount 0 202', 'PUT digest 1000000 201']);
  });

  it('of more than 4 MiB is asked for first', async () => {
    session = await startSession();
    expect(await session.repository.putBlob(LARGE.blob, LARGE.bytes)).toBe('sent');
    expect(steps()).toEqual(['HEAD 0 404', 'POST 0 202', 'PUT digest 5000000 201']);
  });

  it('of more than 4 MiB that is there is not sent', async () => {
    session = await startSession();
    session.registry.holding('owner/demo', { blobs: [Buffer.alloc(5_000_000, 'x')] });
    expect(await session.repository.putBlob(LARGE.blob, LARGE.bytes)).toBe('present');
    expect(steps()).toEqual(['HEAD 0 200']);
  });

  it('of more than 4 MiB is sent if the registry will not say whether it is there', async () => {
    session = await startSession();
    session.registry.refuse('HEAD', /blobs/, { status: 403 });
    expect(await session.repository.putBlob(LARGE.blob, LARGE.bytes)).toBe('sent');
  });

  it('is sent once, however many ask for it', async () => {
    session = await startSession();
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => session.repository.putBlob(SMALL.blob, SMALL.bytes)));
    expect(outcomes.filter((outcome) => outcome === 'sent')).toHaveLength(1);
    expect(session.registry.writes).toHaveLength(2);
  });

  it.each([
    ['singlePost' as const, SMALL],
    ['mount' as const, MIDDLE],
  ])('needs nothing that a registry need not offer: %s refused is left out for good', async (_, { blob, bytes }) => {
    session = await startSession();
    session.registry.refuse('POST', UPLOADS, refusal(405, 'UNSUPPORTED', 'no'), { times: 1 });
    expect(await session.repository.putBlob(blob, bytes)).toBe('sent');
    const before = session.registry.requests.length;
    const again = blobOf(blob.size, 'z');
    await session.repository.putBlob(again.blob, again.bytes);
    expect(session.registry.requests.length - before).toBe(2);
  });

  it.each([
    ['the connection is cut while it is sent', (at: Session) => at.registry.cut('PUT', UPLOAD, 'upload')],
    ['the answer is lost', (at: Session) => at.registry.cut('PUT', UPLOAD, 'answer')],
    ['the registry has trouble', (at: Session) => at.registry.refuse('PUT', UPLOAD, { status: 502 })],
    [
      'the registry has forgotten the upload',
      (at: Session) => at.registry.refuse('PUT', UPLOAD, refusal(404, 'BLOB_UPLOAD_UNKNOWN', 'no')),
    ],
    [
      'the registry has mixed up the upload',
      (at: Session) => at.registry.refuse('PUT', UPLOAD, refusal(400, 'BLOB_UPLOAD_INVALID', 'no')),
    ],
    ['the upload cannot be opened', (at: Session) => at.registry.refuse('POST', UPLOADS, { status: 503 })],
  ])('is uploaded anew, from a new POST, when %s', async (_, fail) => {
    session = await startSession();
    fail(session);
    const gone: number[] = [];
    await session.repository.putBlob(LARGE.blob, LARGE.bytes, { onProgress: (bytes) => gone.push(bytes) });
    expect(session.registry.blob('owner/demo', LARGE.blob.digest).length).toBe(LARGE.blob.size);
    expect(gone.at(-1)).toBe(LARGE.blob.size);
    expect(session.clock.slept).toEqual([250]);
    const puts = session.registry.requests.filter(({ method }) => method === 'PUT').map(({ path }) => path);
    expect(new Set(puts).size).toBe(puts.length);
  });

  it('is tried six times, with longer and longer waits, and then the last refusal is told', async () => {
    session = await startSession();
    session.registry.refuse('POST', UPLOADS, refusal(503, 'UNAVAILABLE', 'maintenance'), { times: 6 });
    await expect(session.repository.putBlob(MIDDLE.blob, MIDDLE.bytes)).rejects.toMatchObject({
      message: expect.stringMatching(/^Cannot upload sha256:.*503 \(UNAVAILABLE: maintenance\)$/),
      hint: expect.stringMatching(/run again later/),
    });
    expect(session.clock.slept).toEqual([250, 500, 1000, 2000, 4000]);
  });

  it('waits as long as the registry asks, and not if that is too long', async () => {
    session = await startSession();
    session.registry.refuse('POST', UPLOADS, { status: 429, headers: { 'retry-after': '20' } });
    await session.repository.putBlob(MIDDLE.blob, MIDDLE.bytes);
    expect(session.clock.slept).toEqual([20_250]);
    session.registry.refuse('POST', UPLOADS, { status: 429, headers: { 'retry-after': '3600' } });
    const { blob, bytes } = blobOf(1_000_000, 'y');
    await expect(session.repository.putBlob(blob, bytes)).rejects.toMatchObject({
      hint: expect.stringMatching(/wait 3600 s/),
    });
    expect(session.clock.slept).toHaveLength(1);
  });

  it.each([
    [403, 'DENIED'],
    [413, 'SIZE_INVALID'],
    [400, 'DIGEST_INVALID'],
  ])('that is refused with %i %s is not sent again', async (status, code) => {
    session = await startSession();
    session.registry.refuse('PUT', UPLOAD, refusal(status, code, 'no'));
    await expect(session.repository.putBlob(LARGE.blob, LARGE.bytes)).rejects.toMatchObject({ status });
    expect(session.registry.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it('whose file changed while it was sent is not sent again: the error is the source\u2019s own', async () => {
    session = await startSession();
    const changed = new UserError('Cannot publish x.whl: the file was changed');
    const bytes = {
      ...MIDDLE.bytes,
      async *pieces() {
        yield Buffer.alloc(10);
        throw changed;
      },
    };
    await expect(session.repository.putBlob(MIDDLE.blob, bytes)).rejects.toBe(changed);
    expect(session.clock.slept).toEqual([]);
  });

  it('to which the registry gives another digest is an error', async () => {
    session = await startSession();
    const wrong = blobOf(1).blob.digest;
    session.registry.alter('PUT', UPLOAD, (answer) => ({
      ...answer,
      headers: { ...answer.headers, 'docker-content-digest': wrong },
    }));
    await expect(session.repository.putBlob(MIDDLE.blob, MIDDLE.bytes)).rejects.toThrow(/gives it the digest/);
  });

  it('that a manifest turned out to miss is looked for, and not sent again while it is there', async () => {
    session = await startSession();
    await session.repository.putBlob(SMALL.blob, SMALL.bytes);
    expect(await session.repository.putBlob(SMALL.blob, SMALL.bytes)).toBe('present');
    session.registry.refuse('PUT', /manifests/, refusal(400, 'MANIFEST_BLOB_UNKNOWN', 'blob unknown to registry'));
    await expect(session.repository.putManifest(anImage().manifest)).rejects.toThrow(MissingReferenceError);
    const before = steps().length;
    await session.repository.putBlob(SMALL.blob, SMALL.bytes);
    expect(steps().slice(before)).toEqual(['HEAD 0 200']);
  });
});

describe('an upload that the registry sends to another host', () => {
  const home = {
    host: 'registry.example',
    credentials: { kind: 'basic', username: 'robin', password: 'pw', source: 'x' },
  } as const;
  const authorization = `Basic ${Buffer.from('robin:pw').toString('base64')}`;
  beforeAll(() => nock.disableNetConnect());
  afterEach(() => nock.cleanAll());
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  const opening = (location: string): void => {
    nock('https://registry.example')
      .post(/uploads/)
      .query(true)
      .reply(401, '', { 'www-authenticate': 'Basic realm="r"' });
    nock('https://registry.example', { reqheaders: { authorization } })
      .post(/uploads/)
      .query(true)
      .reply(202, '', { location });
  };

  it('goes there without credentials', async () => {
    opening('https://storage.example/put/7?sig=abc');
    const storage = nock('https://storage.example', { badheaders: ['authorization'] })
      .put('/put/7', 'x'.repeat(1_000_000))
      .query({ sig: 'abc', digest: MIDDLE.blob.digest })
      .reply(201);
    const { repository } = sessionOn(home, { scheme: 'https' });
    expect(await repository.putBlob(MIDDLE.blob, MIDDLE.bytes)).toBe('sent');
    expect(storage.isDone()).toBe(true);
  });

  it.each([
    ['without TLS', 'http://storage.example/put/7'],
    ['inside our network', 'https://192.168.0.1/put/7'],
    ['on this machine', 'https://127.0.0.1:8443/put/7'],
    ['where clouds keep credentials', 'https://169.254.169.254/put/7'],
  ])('goes nowhere if that is %s', async (_, location) => {
    opening(location);
    const { repository } = sessionOn(home, { scheme: 'https' });
    await expect(repository.putBlob(MIDDLE.blob, MIDDLE.bytes)).rejects.toThrow(/it leads to /);
    expect(nock.isDone()).toBe(true);
  });
});
