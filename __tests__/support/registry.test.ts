import { digestOf } from '../../src/core/digest.js';
import { encode } from '../../src/oci/document.js';
import { OCI_EMPTY, OCI_INDEX, OCI_MANIFEST } from '../../src/oci/media-types.js';
import { startRegistry, type TestRegistry } from './registry.js';

const EMPTY = Buffer.from('{}');
const MANIFEST = encode({
  schemaVersion: 2,
  mediaType: OCI_MANIFEST,
  config: { mediaType: OCI_EMPTY, digest: digestOf(EMPTY), size: EMPTY.length },
  layers: [],
});
const INDEX = encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [MANIFEST.descriptor] });

describe('the strict registry', () => {
  let registry: TestRegistry;
  const ask = (method: string, path: string, body?: Uint8Array, headers: Record<string, string> = {}) =>
    fetch(`${registry.origin}${path}`, {
      method,
      headers,
      redirect: 'manual',
      ...(body ? { body: Buffer.from(body) } : {}),
    });
  const putManifest = (reference: string, document: { bytes: Buffer }, type: string) =>
    ask('PUT', `/v2/owner/demo/manifests/${reference}`, document.bytes, { 'content-type': type });

  async function upload(bytes: Buffer, digest: string = digestOf(bytes)): Promise<Response> {
    const opened = await ask('POST', '/v2/owner/demo/blobs/uploads/', EMPTY.subarray(0, 0));
    const url = new URL(opened.headers.get('location') ?? '', registry.origin);
    url.searchParams.set('digest', digest);
    return ask('PUT', `${url.pathname}${url.search}`, bytes, { 'content-type': 'application/octet-stream' });
  }

  it('takes blob, manifest and index in this order and gives them back byte for byte', async () => {
    registry = await startRegistry();
    expect((await upload(EMPTY)).status).toBe(201);
    expect((await putManifest(MANIFEST.descriptor.digest, MANIFEST, OCI_MANIFEST)).status).toBe(201);
    expect((await putManifest('1.0', INDEX, OCI_INDEX)).status).toBe(201);
    const read = await ask('GET', '/v2/owner/demo/manifests/1.0', undefined, { accept: OCI_INDEX });
    expect(Buffer.from(await read.arrayBuffer())).toEqual(INDEX.bytes);
    expect(registry.tagsOf('owner/demo')).toEqual(['1.0']);
    expect(registry.log.at(-1)).toBe('GET /v2/owner/demo/manifests/1.0 200');
    await registry.stop();
  });

  it('refuses a manifest before its blob and an index before its manifest', async () => {
    registry = await startRegistry();
    const early = await putManifest('1.0', INDEX, OCI_INDEX);
    expect(early.status).toBe(400);
    expect(await early.json()).toMatchObject({
      errors: [{ code: 'MANIFEST_BLOB_UNKNOWN', detail: { digest: MANIFEST.descriptor.digest } }],
    });
    expect((await putManifest('1.0', MANIFEST, OCI_MANIFEST)).status).toBe(400);
    expect(registry.tagsOf('owner/demo')).toEqual([]);
    await registry.stop();
  });

  it('refuses bytes that do not fit their digest, and closes the upload', async () => {
    registry = await startRegistry();
    const wrong = await upload(Buffer.from('other'), digestOf(EMPTY));
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ errors: [{ code: 'DIGEST_INVALID' }] });
    expect(registry.blobsOf('owner/demo')).toEqual([]);
    await registry.stop();
  });

  it('answers 404 with a word of Accept when a tag is of a type that was not asked for', async () => {
    registry = (await startRegistry()).holding('owner/demo', { tags: { '1.0': MANIFEST } });
    const read = await ask('GET', '/v2/owner/demo/manifests/1.0', undefined, { accept: OCI_INDEX });
    expect(read.status).toBe(404);
    expect(await read.text()).toMatch(/accept/);
    await registry.stop();
  });

  it.each<[string, () => Promise<Response>]>([
    ['no such route', () => ask('GET', '/v2/owner/demo/unheard')],
    ['PATCH on an upload', async () => ask('PATCH', (await openUpload()).pathname, EMPTY)],
    ['given twice', () => ask('GET', '/v2/owner/demo/tags/list?n=1&n=2')],
    ['differ', () => putManifest('1.0', INDEX, OCI_MANIFEST)],
    ['means nothing here', () => ask('GET', '/v2/owner/demo/tags/list?page=2')],
    ['asked for none', () => ask('GET', '/v2/', undefined, { authorization: 'Basic YTpi' })],
    ['body and no digest', () => ask('POST', '/v2/owner/demo/blobs/uploads/', EMPTY)],
    ['blob sent as', () => ask('POST', `/v2/owner/demo/blobs/uploads/?digest=${digestOf(EMPTY)}`, EMPTY)],
  ])('remembers what no client should send: %s', async (words, send) => {
    registry = await startRegistry();
    expect((await send()).status).toBeGreaterThanOrEqual(400);
    await expect(registry.stop()).rejects.toThrow(words);
  });

  async function openUpload(): Promise<URL> {
    const opened = await ask('POST', '/v2/owner/demo/blobs/uploads/', EMPTY.subarray(0, 0));
    return new URL(opened.headers.get('location') ?? '', registry.origin);
  }

  it('wants the query of its Location back as it gave it', async () => {
    registry = await startRegistry({ location: 'query' });
    expect((await upload(EMPTY)).status).toBe(201);
    const opened = await openUpload();
    await ask('PUT', `${opened.pathname}?digest=${digestOf(EMPTY)}`, EMPTY, {
      'content-type': 'application/octet-stream',
    });
    expect(registry.takeViolations()).toEqual([expect.stringMatching(/did not come back/)]);
    await registry.stop();
  });

  it('pages its tags with Link and ends without one', async () => {
    registry = (await startRegistry({ pageSize: 2 })).holding('owner/demo', {
      tags: { b: INDEX, a: INDEX, c: INDEX },
    });
    const first = await ask('GET', '/v2/owner/demo/tags/list');
    expect(await first.json()).toEqual({ name: 'owner/demo', tags: ['a', 'b'] });
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await ask('GET', next);
    expect(await second.json()).toEqual({ name: 'owner/demo', tags: ['c'] });
    expect(second.headers.get('link')).toBeNull();
    await registry.stop();
  });

  it('lists referrers only where it is told to, and says when it filtered', async () => {
    const subject = INDEX.descriptor;
    const record = encode({ schemaVersion: 2, mediaType: OCI_INDEX, artifactType: 'x/y', manifests: [], subject });
    registry = await startRegistry({ referrers: true });
    const put = await putManifest(record.descriptor.digest, record, OCI_INDEX);
    expect(put.headers.get('oci-subject')).toBe(subject.digest);
    const listed = await ask('GET', `/v2/owner/demo/referrers/${subject.digest}?artifactType=x/y`);
    expect(listed.headers.get('oci-filters-applied')).toBe('artifactType');
    expect(await listed.json()).toMatchObject({
      manifests: [{ digest: record.descriptor.digest, artifactType: 'x/y' }],
    });
    await registry.stop();
    registry = await startRegistry();
    expect((await ask('GET', `/v2/owner/demo/referrers/${subject.digest}`)).status).toBe(404);
    await registry.stop();
  });
});

describe('signing in to the strict registry', () => {
  const basic = { authorization: `Basic ${Buffer.from('robin:correct horse battery staple').toString('base64')}` };
  const tags = '/v2/owner/demo/tags/list';

  async function tokenFor(registry: TestRegistry, scope: string): Promise<Record<string, string>> {
    const answer = await fetch(`${registry.origin}/token?service=registry.test&scope=${scope}`, { headers: basic });
    const { token } = (await answer.json()) as { token: string };
    return { authorization: `Bearer ${token}` };
  }

  it('challenges, hands out a token for the scope, and takes it', async () => {
    const registry = (await startRegistry({ auth: 'bearer' })).holding('owner/demo', {});
    const first = await fetch(registry.origin + tags);
    expect(first.status).toBe(401);
    expect(first.headers.get('www-authenticate')).toBe(
      `Bearer realm="${registry.origin}/token",service="registry.test",scope="repository:owner/demo:pull"`,
    );
    const headers = await tokenFor(registry, 'repository:owner/demo:pull');
    expect((await fetch(registry.origin + tags, { headers })).status).toBe(200);
    registry.expireTokens();
    const late = await fetch(registry.origin + tags, { headers });
    expect(late.headers.get('www-authenticate')).toMatch(/error="invalid_token"/);
    await registry.stop();
  });

  it.each([
    ['another repository', 'repository:owner/other:pull,push'],
    ['fewer actions', 'repository:owner/demo:pull'],
  ])('refuses a token for %s', async (_, scope) => {
    const registry = await startRegistry({ auth: 'bearer' });
    const headers = await tokenFor(registry, scope);
    const answer = await fetch(`${registry.origin}/v2/owner/demo/blobs/uploads/`, { method: 'POST', headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/insufficient_scope/);
    await registry.stop();
  });

  it('hands out a token for less than was asked when the account may do less', async () => {
    const registry = await startRegistry({ auth: 'bearer', may: (_, action) => action === 'pull' });
    const headers = await tokenFor(registry, 'repository:owner/demo:pull,push');
    const answer = await fetch(`${registry.origin}/v2/owner/demo/blobs/uploads/`, { method: 'POST', headers });
    expect(answer.headers.get('www-authenticate')).toMatch(/insufficient_scope/);
    await registry.stop();
  });

  it('lets a token age by the clock it was given', async () => {
    let now = 0;
    const registry = (await startRegistry({ auth: 'bearer', tokenLifetime: 60, now: () => now })).holding(
      'owner/demo',
      {},
    );
    const headers = await tokenFor(registry, 'repository:owner/demo:pull');
    now = 59_999;
    expect((await fetch(registry.origin + tags, { headers })).status).toBe(200);
    now = 60_000;
    expect((await fetch(registry.origin + tags, { headers })).status).toBe(401);
    await registry.stop();
  });

  it('never wants Basic credentials where it asked for Bearer', async () => {
    const registry = await startRegistry({ auth: 'bearer' });
    await fetch(registry.origin + tags, { headers: basic });
    await expect(registry.stop()).rejects.toThrow('other than Bearer');
  });

  it('takes an identity token by OAuth2 POST', async () => {
    const registry = await startRegistry({ auth: 'bearer', identityToken: 'long-lived' });
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      service: 'registry.test',
      client_id: 'test',
      refresh_token: 'long-lived',
      scope: 'repository:owner/demo:pull',
    });
    expect((await fetch(`${registry.origin}/token`, { method: 'POST', body })).status).toBe(200);
    body.set('refresh_token', 'guessed');
    expect((await fetch(`${registry.origin}/token`, { method: 'POST', body })).status).toBe(401);
    await registry.stop();
  });

  it('knows Basic from wrong Basic', async () => {
    const registry = (await startRegistry({ auth: 'basic' })).holding('owner/demo', {});
    expect((await fetch(registry.origin + tags, { headers: basic })).status).toBe(200);
    const wrong = await fetch(registry.origin + tags, { headers: { authorization: 'Basic YTpi' } });
    expect(wrong.headers.get('www-authenticate')).toBe('Basic realm="test"');
    await registry.stop();
  });
});

describe('the faults of the strict registry', () => {
  const held = { blobs: [Buffer.from('0123456789')] };
  const path = `/v2/owner/demo/blobs/${digestOf(Buffer.from('0123456789'))}`;

  it('break one request and let the next one through', async () => {
    const registry = (await startRegistry()).holding('owner/demo', held);
    registry.refuse('GET', /blobs/, { status: 503, headers: { 'retry-after': '7' }, body: 'busy' });
    const first = await fetch(registry.origin + path);
    expect([first.status, first.headers.get('retry-after'), await first.text()]).toEqual([503, '7', 'busy']);
    expect((await fetch(registry.origin + path)).status).toBe(200);
    await registry.stop();
  });

  it.each(['request', 'answer', 'download'] as const)('cut the connection at the %s', async (where) => {
    const registry = (await startRegistry()).holding('owner/demo', held);
    registry.cut('GET', /blobs/, where);
    await expect(fetch(registry.origin + path).then((answer) => answer.text())).rejects.toThrow();
    expect((await fetch(registry.origin + path)).status).toBe(200);
    await registry.stop();
  });

  it('can let a request take effect whose answer is lost, or is a lie', async () => {
    const registry = (await startRegistry()).holding('owner/demo', { manifests: [MANIFEST] });
    const put = (tag: string) =>
      fetch(`${registry.origin}/v2/owner/demo/manifests/${tag}`, {
        method: 'PUT',
        body: INDEX.bytes,
        headers: { 'content-type': OCI_INDEX },
      });
    registry.cut('PUT', /lost/, 'answer');
    registry.refuse('PUT', /lie/, { status: 502 }, { applied: true });
    registry.cut('PUT', /never/, 'upload');
    await expect(put('lost')).rejects.toThrow();
    expect((await put('lie')).status).toBe(502);
    await expect(put('never')).rejects.toThrow();
    expect(registry.tagsOf('owner/demo')).toEqual(['lie', 'lost']);
    await registry.stop();
  });

  it('can change an answer, and act before or after a request takes effect', async () => {
    const registry = (await startRegistry()).holding('owner/demo', held);
    registry.alter('GET', /blobs/, (answer) => ({ ...answer, body: 'something else' }));
    expect(await (await fetch(registry.origin + path)).text()).toBe('something else');
    registry.before('GET', /tags/, () => void registry.holding('owner/demo', { tags: { early: INDEX } }));
    expect(await (await fetch(`${registry.origin}/v2/owner/demo/tags/list`)).json()).toMatchObject({ tags: ['early'] });
    registry.after('GET', /tags/, () => void registry.holding('owner/demo', { tags: { late: INDEX } }));
    expect(await (await fetch(`${registry.origin}/v2/owner/demo/tags/list`)).json()).toMatchObject({ tags: ['early'] });
    expect(registry.tagsOf('owner/demo')).toEqual(['early', 'late']);
    await registry.stop();
  });

  it('complain at the end when no request met them', async () => {
    const registry = await startRegistry();
    registry.stall('GET', /blobs/);
    await expect(registry.stop()).rejects.toThrow('fault never met: GET');
  });
});
