import { buffer } from 'node:stream/consumers';
import { memoryBytes } from '../../src/core/bytes.js';
import { digestOf } from '../../src/core/digest.js';
import type { Clock } from '../../src/core/ports.js';
import { encode } from '../../src/oci/document.js';
import { WriteRefusedError } from '../../src/oci/errors.js';
import { OCI_EMPTY, OCI_INDEX, OCI_MANIFEST } from '../../src/oci/media-types.js';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.js';
import type { Repository } from '../../src/oci/store.js';
import { type RegistryOptions, startRegistry, type TestRegistry } from '../support/registry.js';
import { storeOn } from '../support/registry-store.js';

const NAME = parseRepositoryName('owner/demo');
const TAG = parseTag('1.0');
const EMPTY = Buffer.from('{}');
const FILE = Buffer.alloc(300_000, 'wheel');
const BLOB = { mediaType: 'application/octet-stream', digest: digestOf(FILE), size: FILE.length };
const MANIFEST = encode({
  schemaVersion: 2,
  mediaType: OCI_MANIFEST,
  config: { mediaType: OCI_EMPTY, digest: digestOf(EMPTY), size: EMPTY.length },
  layers: [],
});
const INDEX = encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [MANIFEST.descriptor] });

/** Waiting takes no time, so that a test of patience is not one. */
const clock: Clock = { now: Date.now, sleep: async (_, signal) => signal?.throwIfAborted() };

describe('on a registry with one fault,', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });

  async function start(options: Partial<RegistryOptions> = {}): Promise<TestRegistry> {
    const registry = await startRegistry(options);
    open.push({ close: () => registry.stop() });
    return registry;
  }

  function repositoryOn(registry: TestRegistry): Repository {
    const store = storeOn(registry, { clock });
    open.unshift({ close: async () => store.close() });
    return store.repository(NAME);
  }

  const withReferences = (registry: TestRegistry): TestRegistry =>
    registry.holding('owner/demo', { blobs: [EMPTY], manifests: [MANIFEST] });

  describe('a blob', () => {
    it.each<[string, (registry: TestRegistry) => void]>([
      ['the upload is answered 503', (r) => r.refuse('PUT', /uploads/, { status: 503 })],
      [
        'the upload is answered 429',
        (r) => r.refuse('PUT', /uploads/, { status: 429, headers: { 'retry-after': '1' } }),
      ],
      ['the upload is cut half way', (r) => r.cut('PUT', /uploads/, 'upload')],
      ['the answer to the upload is lost', (r) => r.cut('PUT', /uploads/, 'answer')],
      ['the upload cannot be opened', (r) => r.refuse('POST', /uploads/, { status: 502 })],
      ['the upload is forgotten', (r) => r.refuse('PUT', /uploads/, { status: 404 })],
    ])('gets there, by a new upload, when %s', async (_, fault) => {
      const registry = await start();
      fault(registry);
      await repositoryOn(registry).putBlob(BLOB, memoryBytes(FILE));
      expect(registry.blob('owner/demo', BLOB.digest).equals(FILE)).toBe(true);
      const uploads = registry.requests.filter(({ method }) => method === 'PUT').map(({ path }) => path);
      expect(new Set(uploads).size).toBe(uploads.length);
    });

    it('does not get there when the registry goes on failing, and the error has its words', async () => {
      const registry = await start();
      const answer = { status: 503, body: { errors: [{ code: 'UNAVAILABLE', message: 'disk is being changed' }] } };
      registry.refuse('PUT', /uploads/, answer, { times: 6 });
      const put = repositoryOn(registry).putBlob(BLOB, memoryBytes(FILE));
      await expect(put).rejects.toThrow(/503.*UNAVAILABLE.*disk is being changed/);
      expect(registry.blobsOf('owner/demo')).toEqual([]);
    });

    it.each<[string, (registry: TestRegistry) => void]>([
      ['cut half way', (r) => r.cut('GET', /blobs/, 'download')],
      ['of other bytes', (r) => r.alter('GET', /blobs/, (answer) => ({ ...answer, body: Buffer.alloc(FILE.length) }))],
    ])('is never taken for whole when it comes %s', async (_, fault) => {
      const registry = (await start()).holding('owner/demo', { blobs: [FILE] });
      const repository = repositoryOn(registry);
      fault(registry);
      await expect(repository.openBlob(BLOB).then((stream) => buffer(stream))).rejects.toThrow();
      expect((await buffer(await repository.openBlob(BLOB))).equals(FILE)).toBe(true);
    });

    it.each([307, 302])('is followed to the storage it is redirected to by %i, without credentials', async (status) => {
      const storage = (await start()).holding('owner/demo', { blobs: [FILE] });
      const registry = await start({ auth: 'bearer' });
      const location = `${storage.origin}/v2/owner/demo/blobs/${BLOB.digest}`;
      const repository = repositoryOn(registry);
      await repository.tags();
      registry.refuse('GET', /blobs/, { status, headers: { location } });
      expect((await buffer(await repository.openBlob(BLOB))).equals(FILE)).toBe(true);
      expect(storage.requests.map(({ credential }) => credential)).toEqual(['none']);
    });
  });

  describe('an upload that the registry sends to another origin', () => {
    it('goes there without credentials', async () => {
      const elsewhere = await start();
      const registry = await start({ auth: 'bearer' });
      const opened = await fetch(`${elsewhere.origin}/v2/owner/demo/blobs/uploads/`, { method: 'POST' });
      const location = `${elsewhere.origin}${opened.headers.get('location')}`;
      const repository = repositoryOn(registry);
      await repository.tags();
      registry.alter('POST', /uploads/, (answer) => ({ ...answer, headers: { ...answer.headers, location } }));
      await repository.putBlob(BLOB, memoryBytes(FILE));
      expect(elsewhere.blob('owner/demo', BLOB.digest).equals(FILE)).toBe(true);
      // The test's own POST, and the PUT.
      expect(elsewhere.requests.map(({ credential }) => credential)).toEqual(['none', 'none']);
    });
  });

  describe('a tag', () => {
    it.each([408, 429, 500, 502, 503, 504])('is written once, although %i may pass', async (status) => {
      const registry = withReferences(await start());
      registry.refuse('PUT', /manifests/, { status, headers: { 'retry-after': '3' } });
      const failure = await repositoryOn(registry)
        .putTag(TAG, INDEX)
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(WriteRefusedError);
      expect(failure).toMatchObject({ temporary: true, retryAfter: 3000, mayHaveApplied: status !== 429 });
      expect(registry.writes).toHaveLength(1);
    });

    it.each([400, 403, 412, 413])('is written once, and %i is final', async (status) => {
      const registry = withReferences(await start());
      registry.refuse('PUT', /manifests/, { status });
      const failure = await repositoryOn(registry)
        .putTag(TAG, INDEX)
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ name: 'WriteRefusedError', temporary: false, mayHaveApplied: false });
      expect(registry.writes).toHaveLength(1);
    });

    it.each(['request', 'answer'] as const)('is written once when the connection is cut at the %s', async (where) => {
      const registry = withReferences(await start());
      const repository = repositoryOn(registry);
      // A connection that is open already: one that is kept alive must not be tried again in secret either.
      await repository.tags();
      registry.cut('PUT', /manifests/, where);
      const failure = await repository.putTag(TAG, INDEX).catch((error: unknown) => error);
      expect(failure).toMatchObject({ message: expect.stringMatching(/^Cannot /) });
      expect(failure).not.toBeInstanceOf(WriteRefusedError);
      expect(registry.writes).toHaveLength(1);
      expect(registry.tagsOf('owner/demo')).toEqual(where === 'answer' ? ['1.0'] : []);
    });

    it('is written again after a token has expired, as long as it may be', async () => {
      const registry = withReferences(await start({ auth: 'bearer' }));
      const repository = repositoryOn(registry);
      await repository.putTag(parseTag('0.9'), INDEX);
      registry.expireTokens();
      await repository.putTag(TAG, INDEX, { repeatUntil: clock.now() + 60_000 });
      expect(registry.tagsOf('owner/demo')).toEqual(['0.9', '1.0']);
      registry.expireTokens();
      await expect(repository.putTag(parseTag('1.1'), INDEX, { repeatUntil: clock.now() - 1 })).rejects.toThrow();
      expect(registry.tagsOf('owner/demo')).toEqual(['0.9', '1.0']);
    });

    it.each<[string, (registry: TestRegistry) => void]>([
      [
        'an answer that speaks of Accept',
        (r) =>
          r.refuse('GET', /manifests/, {
            status: 404,
            body: { errors: [{ code: 'MANIFEST_UNKNOWN', message: 'OCI manifest found, but accept header does not' }] },
          }),
      ],
      ['a 404 of somebody else', (r) => r.refuse('GET', /manifests/, { status: 404, body: '<html>not found</html>' })],
      ['a 403', (r) => r.refuse('GET', /manifests/, { status: 403 })],
      ['a page that is none', (r) => r.alter('GET', /manifests/, (answer) => ({ ...answer, body: '<html>' }))],
      [
        'bytes that do not have the digest the registry names',
        (r) => r.alter('GET', /manifests/, (answer) => ({ ...answer, body: MANIFEST.bytes })),
      ],
    ])('is not absent because of %s', async (_, fault) => {
      const registry = (await start()).holding('owner/demo', { tags: { '1.0': INDEX } });
      fault(registry);
      await expect(repositoryOn(registry).getManifest(TAG)).rejects.toThrow(/^Cannot /);
    });
  });

  describe('signing in', () => {
    it('is done again when the tokens expire in the middle of a run', async () => {
      const registry = await start({ auth: 'bearer' });
      const repository = repositoryOn(registry);
      await repository.putBlob(BLOB, memoryBytes(FILE));
      registry.expireTokens();
      const other = Buffer.from('another file');
      await repository.putBlob({ ...BLOB, digest: digestOf(other), size: other.length }, memoryBytes(other));
      expect(registry.blobsOf('owner/demo')).toHaveLength(2);
    });

    it('is done again when the tokens expire between opening an upload and sending it', async () => {
      const registry = await start({ auth: 'bearer' });
      registry.before('PUT', /uploads/, () => registry.expireTokens());
      await repositoryOn(registry).putBlob(BLOB, memoryBytes(FILE));
      expect(registry.blob('owner/demo', BLOB.digest).equals(FILE)).toBe(true);
    });

    it('that gives too little is told as what it is, not tried for ever', async () => {
      const registry = await start({ auth: 'bearer', may: (_, action) => action === 'pull' });
      await expect(repositoryOn(registry).putBlob(BLOB, memoryBytes(FILE))).rejects.toThrow(/401/);
      expect(registry.requests.length).toBeLessThan(10);
    });

    it('asks for pull alone in a dry run', async () => {
      const registry = (await start({ auth: 'bearer' })).holding('owner/demo', { tags: { '1.0': INDEX } });
      const store = storeOn(registry, { clock, readOnly: true });
      open.unshift({ close: async () => store.close() });
      await store.repository(NAME).getManifest(TAG);
      const scopes = registry.requests.flatMap(({ path, query }) => (path === '/token' ? query.getAll('scope') : []));
      expect(scopes).toEqual(['repository:owner/demo:pull']);
      await expect(store.repository(NAME).putTag(TAG, INDEX)).rejects.toThrow();
      expect(registry.writes).toEqual([]);
    });

    it.each([
      ['Bearer', 'bearer'],
      ['Basic', 'basic'],
    ] as const)('with wrong credentials by %s fails and names their source', async (_, auth) => {
      const registry = await start({ auth });
      const credentials = { kind: 'basic', username: 'robin', password: 'wrong', source: 'the inputs' } as const;
      const store = storeOn({ host: registry.host, credentials }, { clock });
      open.unshift({ close: async () => store.close() });
      const failure = await store
        .repository(NAME)
        .tags()
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ hint: expect.stringContaining('the inputs') });
    });

    it('works with an identity token', async () => {
      const registry = (await start({ auth: 'bearer', identityToken: 'long-lived' })).holding('owner/demo', {
        tags: { '1.0': INDEX },
      });
      const credentials = { kind: 'identity-token', token: 'long-lived', source: 'the test' } as const;
      const store = storeOn({ host: registry.host, credentials }, { clock });
      open.unshift({ close: async () => store.close() });
      expect(await store.repository(NAME).tags()).toEqual(['1.0']);
    });
  });

  describe('the list of tags', () => {
    it('is not followed to another origin', async () => {
      const elsewhere = await start();
      const registry = (await start({ pageSize: 1 })).holding('owner/demo', { tags: { a: INDEX, b: INDEX } });
      const link = `<${elsewhere.origin}/v2/owner/demo/tags/list?n=1&last=a>; rel="next"`;
      registry.alter('GET', /tags/, (answer) => ({ ...answer, headers: { link } }));
      await expect(repositoryOn(registry).tags()).rejects.toThrow();
      expect(elsewhere.requests).toEqual([]);
    });

    it('ends where a page comes again', async () => {
      const registry = (await start()).holding('owner/demo', { tags: { a: INDEX, b: INDEX } });
      const link = '</v2/owner/demo/tags/list?n=2>; rel="next"';
      registry.alter('GET', /tags/, (answer) => ({ ...answer, headers: { link } }), 2);
      expect(await repositoryOn(registry).tags()).toEqual(['a', 'b']);
    });
  });
});
