import { parseRepositoryName, parseTag } from '../../../src/oci/reference.js';
import type { Repository } from '../../../src/oci/store.js';
import { FakeClock } from '../../support/clock.js';
import { anImage, blobOf, EMPTY_INDEX } from '../../support/registry-session.js';
import { storeOn } from '../../support/registry-store.js';
import { type ScriptedServer, startServer } from '../../support/scripted-server.js';

const PAGE = '<!DOCTYPE html><html><head><title>Sign in to Example</title></head><body>x</body></html>';
const TAG = parseTag('1.0');
const { manifest } = anImage();
const { blob, bytes } = blobOf(100_000);
const small = blobOf(100);

let server: ScriptedServer;
afterEach(() => server.stop());

/** What a step ends with where everything is answered with a page, as behind a sign-in for browsers. */
async function on(headers: Record<string, string>, act: (repository: Repository) => Promise<unknown>, status = 200) {
  server = await startServer((request, response) => {
    request.resume();
    response.writeHead(status, headers).end(PAGE);
  });
  const store = storeOn({ host: server.host, credentials: { kind: 'anonymous' } }, { clock: new FakeClock() });
  const ended = await act(store.repository(parseRepositoryName('owner/demo'))).catch((error: unknown) => error);
  store.close();
  return ended;
}

describe('a web page in place of an answer is told as what it is:', () => {
  const acts: readonly (readonly [string, (repository: Repository) => Promise<unknown>])[] = [
    ['reading a tag', (repository) => repository.getManifest(TAG)],
    ['looking for a manifest', (repository) => repository.hasManifest(manifest.descriptor.digest)],
    ['listing tags', (repository) => repository.tags()],
    ['sending a blob along with the opening', (repository) => repository.putBlob(small.blob, small.bytes)],
    ['uploading a blob', (repository) => repository.putBlob(blob, bytes)],
    ['reading a blob', (repository) => repository.openBlob(blob)],
    ['pushing a manifest', (repository) => repository.putManifest(manifest)],
    ['writing a tag', (repository) => repository.putTag(TAG, EMPTY_INDEX)],
  ];

  it.each(acts)('%s', async (_, act) => {
    const ended = await on({ 'content-type': 'text/html; charset=utf-8' }, act);
    expect(ended).toMatchObject({
      message: expect.stringMatching(/was answered 200 with a web page \(Sign in to Example\)$/),
      hint: expect.stringMatching(/^this page is not from a registry/),
    });
    expect(new Set(server.seen.map(({ method, url }) => `${method} ${url}`)).size).toBe(server.seen.length);
  });

  it.each(acts.filter(([name]) => !/blob|looking/.test(name)))('%s, without a word of what it is', async (_, act) => {
    expect(await on({}, act)).toMatchObject({
      message: expect.stringContaining('with a web page (Sign in to Example)'),
    });
  });

  it('signing in', async () => {
    server = await startServer((request, response) => {
      if (request.url?.startsWith('/token')) response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="${server.origin}/token",service="s"` }).end();
    });
    const store = storeOn({ host: server.host, credentials: { kind: 'anonymous' } }, { clock: new FakeClock() });
    await expect(store.repository(parseRepositoryName('owner/demo')).tags()).rejects.toMatchObject({
      message: expect.stringMatching(/^Cannot sign in to .* was answered 200 with a web page \(Sign in to Example\)$/),
      hint: expect.stringMatching(/^this page is not from a registry/),
    });
    store.close();
    expect(server.seen).toHaveLength(2);
  });
});

it('a registry that calls its empty answers pages is one all the same, as Quay', async () => {
  server = await startServer((request, response) => {
    request.resume();
    const html = { 'content-type': 'text/html; charset=utf-8' };
    if (request.method === 'POST') response.writeHead(202, { ...html, location: '/v2/owner/demo/blobs/uploads/1' });
    else response.writeHead(request.method === 'HEAD' ? 404 : 201, html);
    response.end();
  });
  const store = storeOn({ host: server.host, credentials: { kind: 'anonymous' } });
  const repository = store.repository(parseRepositoryName('owner/demo'));
  expect(await repository.putBlob(blob, bytes)).toBe('sent');
  await repository.putManifest(manifest);
  store.close();
});

it('a page that says that an upload is not found is no upload that the registry forgot: it is not sent again', async () => {
  server = await startServer((request, response) => {
    request.resume();
    if (request.method === 'POST') response.writeHead(202, { location: '/v2/owner/demo/blobs/uploads/1' }).end();
    else response.writeHead(404, { 'content-type': 'text/html' }).end(PAGE);
  });
  const store = storeOn({ host: server.host, credentials: { kind: 'anonymous' } }, { clock: new FakeClock() });
  const put = store.repository(parseRepositoryName('owner/demo')).putBlob(blob, bytes);
  await expect(put).rejects.toMatchObject({ message: expect.stringContaining('answered 404 with a web page') });
  expect(server.seen.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  store.close();
});
