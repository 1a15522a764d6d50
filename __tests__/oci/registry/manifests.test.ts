import { digestOf } from '../../../src/core/digest.js';
import { LARGEST_DOCUMENT } from '../../../src/oci/document.js';
import { MissingReferenceError, WriteRefusedError } from '../../../src/oci/errors.js';
import { DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from '../../../src/oci/media-types.js';
import { parseTag } from '../../../src/oci/reference.js';
import { UnansweredError } from '../../../src/oci/registry/transport/unanswered.js';
import { refusal } from '../../support/registry/exchange.js';
import { anImage, EMPTY_INDEX, type Session, startSession } from '../../support/registry-session.js';

const TAG = parseTag('1.0');
const MANIFEST = /\/manifests\//;
const DIGEST = EMPTY_INDEX.descriptor.digest;

let session: Session;
afterEach(() => session.stop());
const methods = (): string[] => session.registry.requests.map(({ method, status }) => `${method} ${status ?? 'cut'}`);

describe('reading a manifest', () => {
  it('asks for everything that a tag may point at', async () => {
    session = await startSession();
    await session.repository.getManifest(TAG);
    const types = session.registry.requests[0]?.headers.accept?.split(', ');
    expect(new Set(types)).toEqual(new Set([OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST]));
  });

  it.each([
    ['MANIFEST_UNKNOWN', refusal(404, 'MANIFEST_UNKNOWN', 'manifest unknown')],
    ['NAME_UNKNOWN', refusal(404, 'NAME_UNKNOWN', 'repository name not known to registry')],
    ['NOT_FOUND, as Harbor says', refusal(404, 'NOT_FOUND', 'artifact owner/demo:1.0 not found')],
  ])('takes %s for absence', async (_, answer) => {
    session = await startSession();
    session.registry.refuse('GET', MANIFEST, answer, { times: 2 });
    expect(await session.repository.getManifest(TAG)).toBeUndefined();
    expect(await session.repository.getManifest(DIGEST)).toBeUndefined();
  });

  it.each([
    [
      'an image of a kind that was not asked for',
      refusal(404, 'MANIFEST_UNKNOWN', 'OCI manifest found, but accept header does not support OCI manifests'),
      /choose another namespace/,
    ],
    ['an empty 404', { status: 404 }, /is a registry/],
    ['a 404 of some web server', { status: 404, body: '<html><title>Not Found</title></html>' }, /is a registry/],
    ['a 404 for another reason', refusal(404, 'UNSUPPORTED', 'no'), /is a registry/],
    ['a missing right', refusal(403, 'DENIED', 'denied'), /./],
    ['a wrong request', refusal(400, 'TAG_INVALID', 'no'), /^$/],
  ])('never takes %s for an absent tag', async (_, answer, hint) => {
    session = await startSession();
    session.registry.refuse('GET', MANIFEST, answer);
    await expect(session.repository.getManifest(TAG)).rejects.toMatchObject({ status: answer.status });
    session.registry.refuse('GET', MANIFEST, answer);
    const error = await session.repository.getManifest(TAG).catch((thrown: { hint?: string }) => thrown);
    expect(error && 'hint' in error ? (error.hint ?? '') : 'none').toMatch(hint);
  });

  it('takes any 404 for the absence of a digest, which can only mean one content', async () => {
    session = await startSession();
    session.registry.refuse('GET', MANIFEST, { status: 404 });
    expect(await session.repository.getManifest(DIGEST)).toBeUndefined();
  });

  it('takes no bytes under a digest that is not theirs', async () => {
    session = await startSession();
    session.registry.holding('owner/demo', { manifests: [EMPTY_INDEX] });
    session.registry.alter('GET', MANIFEST, (answer) => ({ ...answer, body: Buffer.from('{"mediaType":"x"}') }));
    await expect(session.repository.getManifest(DIGEST)).rejects.toThrow(/the bytes that came have the digest/);
  });

  it('takes no bytes to which the registry itself gives another digest', async () => {
    session = await startSession();
    session.registry.holding('owner/demo', { tags: { '1.0': EMPTY_INDEX } });
    const wrong = digestOf(Buffer.from('x'));
    session.registry.alter('GET', MANIFEST, (answer) => ({
      ...answer,
      headers: { ...answer.headers, 'docker-content-digest': wrong },
    }));
    await expect(session.repository.getManifest(TAG)).rejects.toThrow(`gives it the digest ${wrong}`);
  });

  it.each([
    ['no digest', undefined],
    ['a digest of another kind', `sha512:${'0'.repeat(128)}`],
  ])('does without the digest header: %s', async (_, digest) => {
    session = await startSession();
    session.registry.holding('owner/demo', { tags: { '1.0': EMPTY_INDEX } });
    session.registry.alter('GET', MANIFEST, ({ headers, ...answer }) => ({
      ...answer,
      headers: {
        'content-type': headers?.['content-type'] ?? '',
        ...(digest === undefined ? {} : { 'docker-content-digest': digest }),
      },
    }));
    expect((await session.repository.getManifest(TAG))?.descriptor.digest).toBe(DIGEST);
  });

  it.each([
    ['with parameters', `${OCI_INDEX}; charset=utf-8`],
    ['as JSON and no more', 'application/json'],
    ['not at all', ''],
  ])('knows its type where the registry tells it %s', async (_, type) => {
    session = await startSession();
    session.registry.holding('owner/demo', { tags: { '1.0': EMPTY_INDEX } });
    session.registry.alter('GET', MANIFEST, (answer) => ({ ...answer, headers: { 'content-type': type } }));
    expect((await session.repository.getManifest(TAG))?.descriptor.mediaType).toBe(OCI_INDEX);
  });

  it('reads no more than the largest document there can be', async () => {
    session = await startSession();
    session.registry.refuse('GET', MANIFEST, { status: 200, body: Buffer.alloc(LARGEST_DOCUMENT + 1, ' ') });
    await expect(session.repository.getManifest(TAG)).rejects.toThrow(/answered with more than 4194304 bytes/);
  });

  it('takes no page of HTML for a manifest', async () => {
    session = await startSession();
    session.registry.refuse('GET', MANIFEST, {
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: Buffer.from('<html>'),
    });
    await expect(session.repository.getManifest(TAG)).rejects.toThrow(/was answered 200 with a web page/);
  });

  it.each([
    ['the connection is cut before the answer', (at: Session) => at.registry.cut('GET', MANIFEST, 'answer')],
    ['the connection is cut within it', (at: Session) => at.registry.cut('GET', MANIFEST, 'download')],
    ['the registry has trouble', (at: Session) => at.registry.refuse('GET', MANIFEST, { status: 500 })],
    [
      'the registry is busy',
      (at: Session) => at.registry.refuse('GET', MANIFEST, { status: 429, headers: { 'retry-after': '1' } }),
    ],
  ])('is tried again when %s', async (_, fail) => {
    session = await startSession();
    session.registry.holding('owner/demo', { tags: { '1.0': EMPTY_INDEX } });
    fail(session);
    expect(await session.repository.getManifest(TAG)).toEqual(EMPTY_INDEX);
    expect(session.clock.slept).toHaveLength(1);
  });
});

describe('looking for a manifest', () => {
  it('is one HEAD, yes or no', async () => {
    session = await startSession();
    session.registry.holding('owner/demo', { manifests: [EMPTY_INDEX] });
    expect(await session.repository.hasManifest(DIGEST)).toBe(true);
    expect(await session.repository.hasManifest(anImage().manifest.descriptor.digest)).toBe(false);
    expect(methods()).toEqual(['HEAD 200', 'HEAD 404']);
  });

  it('asks by GET for the reason of a refusal, since a HEAD has none', async () => {
    session = await startSession();
    session.registry.refuse('HEAD', MANIFEST, { status: 403 });
    session.registry.refuse('GET', MANIFEST, refusal(403, 'DENIED', 'permission_denied: write_package'));
    await expect(session.repository.hasManifest(DIGEST)).rejects.toThrow(/permission_denied: write_package/);
  });

  it.each([403, 405])('goes by the GET where a registry answers HEAD with %i', async (status) => {
    session = await startSession();
    session.registry.holding('owner/demo', { manifests: [EMPTY_INDEX] });
    session.registry.refuse('HEAD', MANIFEST, { status }, { times: 2 });
    expect(await session.repository.hasManifest(DIGEST)).toBe(true);
    expect(await session.repository.hasManifest(anImage().manifest.descriptor.digest)).toBe(false);
  });
});

describe('pushing a manifest by digest', () => {
  it.each([
    ['an answer is lost', (at: Session) => at.registry.cut('PUT', MANIFEST, 'answer')],
    ['the registry has trouble', (at: Session) => at.registry.refuse('PUT', MANIFEST, { status: 504 })],
  ])('is repeated when %s', async (_, fail) => {
    session = await startSession();
    fail(session);
    await session.repository.putManifest(EMPTY_INDEX);
    expect(methods().filter((line) => line.startsWith('PUT'))).toHaveLength(2);
  });

  it('sends the type that the document has, and nothing behind it', async () => {
    session = await startSession();
    await session.repository.putManifest(EMPTY_INDEX);
    expect(session.registry.requests[0]?.headers['content-type']).toBe(OCI_INDEX);
  });

  it('names what is missing, and is not repeated for it', async () => {
    session = await startSession();
    const { manifest, layer, config } = anImage();
    const failure = await session.repository.putManifest(manifest).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MissingReferenceError);
    expect(failure).toMatchObject({ missing: [config.blob.digest, layer.blob.digest] });
    expect(methods()).toEqual(['PUT 400']);
  });
});

describe('writing a tag', () => {
  const puts = (): number => session.registry.requests.filter(({ method }) => method === 'PUT').length;

  it.each(['request', 'answer'] as const)('is not repeated when the connection is cut: %s', async (where) => {
    session = await startSession();
    session.registry.cut('PUT', MANIFEST, where);
    await expect(session.repository.putTag(TAG, EMPTY_INDEX)).rejects.toThrow(UnansweredError);
    expect([puts(), session.clock.slept]).toEqual([1, []]);
  });

  it.each([
    [408, { temporary: true, mayHaveApplied: true }],
    [500, { temporary: true, mayHaveApplied: true }],
    [502, { temporary: true, mayHaveApplied: true }],
    [503, { temporary: true, mayHaveApplied: true }],
    [501, { temporary: false, mayHaveApplied: true }],
    [429, { temporary: true, mayHaveApplied: false }],
    [400, { temporary: false, mayHaveApplied: false }],
    [403, { temporary: false, mayHaveApplied: false }],
    [412, { temporary: false, mayHaveApplied: false }],
    [413, { temporary: false, mayHaveApplied: false }],
  ])('that is refused with %i goes back to the caller: %j', async (status, expected) => {
    session = await startSession();
    session.registry.refuse('PUT', MANIFEST, refusal(status, 'UNKNOWN', 'no'));
    const failure = await session.repository.putTag(TAG, EMPTY_INDEX).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WriteRefusedError);
    expect(failure).toMatchObject(expected);
    expect([puts(), session.clock.slept]).toEqual([1, []]);
  });

  it('says how long the registry asks to wait', async () => {
    session = await startSession();
    session.registry.refuse('PUT', MANIFEST, { status: 429, headers: { 'retry-after': '7' } });
    await expect(session.repository.putTag(TAG, EMPTY_INDEX)).rejects.toMatchObject({ retryAfter: 7_000 });
  });

  it('that is refused for longer than anybody waits is refused for good', async () => {
    session = await startSession();
    session.registry.refuse('PUT', MANIFEST, { status: 429, headers: { 'retry-after': '3600' } });
    await expect(session.repository.putTag(TAG, EMPTY_INDEX)).rejects.toMatchObject({
      temporary: false,
      mayHaveApplied: false,
      hint: expect.stringContaining('wait 3600 s'),
    });
  });

  it('names what is missing', async () => {
    session = await startSession();
    const { manifest, layer, config } = anImage();
    await expect(session.repository.putTag(TAG, manifest)).rejects.toMatchObject({
      name: 'MissingReferenceError',
      missing: [config.blob.digest, layer.blob.digest],
    });
  });

  it('is repeated after a 401, which wrote nothing, while what it writes is fresh', async () => {
    session = await startSession({ auth: 'bearer' });
    await session.repository.tags();
    session.registry.expireTokens();
    await session.repository.putTag(TAG, EMPTY_INDEX, { repeatUntil: session.clock.now() + 1_000 });
    expect(puts()).toBe(2);
    expect(session.registry.tagsOf('owner/demo')).toEqual(['1.0']);
  });

  it('is not repeated after a 401 once what it writes may be stale, and another try would pass', async () => {
    session = await startSession({ auth: 'bearer' });
    await session.repository.tags();
    session.registry.expireTokens();
    const repeatUntil = session.clock.now() + 1_000;
    session.registry.after('PUT', MANIFEST, () => session.clock.pass(1_001));
    await expect(session.repository.putTag(TAG, EMPTY_INDEX, { repeatUntil })).rejects.toMatchObject({
      name: 'WriteRefusedError',
      temporary: true,
      mayHaveApplied: false,
    });
    expect(puts()).toBe(1);
    await session.repository.putTag(TAG, EMPTY_INDEX, { repeatUntil: session.clock.now() });
    expect(puts()).toBe(2);
  });

  it('is not sent at all if the sign-in before it took until it may be stale', async () => {
    session = await startSession({ auth: 'bearer', tokenLifetime: 60 });
    await session.repository.tags();
    session.clock.pass(60_000);
    session.registry.after('GET', /token/, () => session.clock.pass(1_001));
    const repeatUntil = session.clock.now() + 1_000;
    await expect(session.repository.putTag(TAG, EMPTY_INDEX, { repeatUntil })).rejects.toBeInstanceOf(
      WriteRefusedError,
    );
    expect(puts()).toBe(0);
  });

  it('is brought to its answer once it is sent, whatever its signal says', async () => {
    session = await startSession();
    const stop = new AbortController();
    session.registry.before('PUT', MANIFEST, () => stop.abort(new Error('enough')));
    await session.repository.putTag(TAG, EMPTY_INDEX, { signal: stop.signal });
    expect(session.registry.tagsOf('owner/demo')).toEqual(['1.0']);
  });

  it('is not sent if its signal comes while signing in for it', async () => {
    session = await startSession({ auth: 'bearer', tokenLifetime: 60 });
    await session.repository.tags();
    session.clock.pass(60_000);
    const stop = new AbortController();
    const reason = new Error('enough');
    session.registry.before('GET', /token/, () => stop.abort(reason));
    await expect(session.repository.putTag(TAG, EMPTY_INDEX, { signal: stop.signal })).rejects.toBe(reason);
    expect(puts()).toBe(0);
  });

  it("ends with the store's own signal even so", async () => {
    const stop = new AbortController();
    const reason = new Error('no more time');
    session = await startSession({}, { signal: stop.signal });
    session.registry.before('PUT', MANIFEST, () => stop.abort(reason));
    await expect(session.repository.putTag(TAG, EMPTY_INDEX)).rejects.toBe(reason);
  });

  it('is sent all the same if it was known to be late from the start', async () => {
    session = await startSession({ auth: 'bearer' });
    await session.repository.tags();
    await session.repository.putTag(TAG, EMPTY_INDEX, { repeatUntil: session.clock.now() - 1 });
    expect(puts()).toBe(1);
  });
});
