import nock from 'nock';
import { parseRepositoryName } from '../../../../src/oci/reference.js';
import { strayHint } from '../../../../src/oci/registry/origins/public-address.js';
import type { Repository } from '../../../../src/oci/store.js';
import { FakeClock } from '../../../support/clock.js';
import { blobOf } from '../../../support/registry-session.js';
import { storeOn } from '../../../support/registry-store.js';

const API = '/v2/owner/demo/blobs/uploads/1';

describe('an address that a registry has of itself', () => {
  it.each([
    ['http://registry.example:5000', `http://registry.example${API}`, 'port'],
    ['https://registry.example:5000', `https://registry.example${API}`, 'port'],
    ['https://registry.example', `https://registry.example:5000${API}`, 'port'],
    ['https://registry.example', `http://registry.example${API}`, 'scheme'],
    ['https://registry.example:8443', `http://registry.example${API}`, 'scheme and the port'],
    ['https://registry.example', 'http://registry.example/service/token', 'scheme'],
    ['https://registry.example:5000', 'https://registry.example/token', 'port'],
    ['https://registry.example', `http://registry:5000${API}`, 'host name'],
    ['https://registry.example', `https://10.0.0.5${API}`, 'host name'],
    ['https://registry.example', `http://[fd00::1]:5000${API}`, 'host name'],
    ['https://registry.example', `http://registry.default.svc.cluster.local:5000${API}`, 'host name'],
    ['https://registry.corp', `http://registry:5000${API}`, 'host name'],
  ])('%s: %s has lost the %s', (from, to, lost) => {
    expect(strayHint(new URL(from), new URL(to))).toMatch(
      new RegExp(`hides the ${lost} from it; .*proxy_set_header Host \\$http_host.*X-Forwarded-Proto.*relativeurls`),
    );
  });

  it.each([
    ['https://registry.example', 'https://storage.example/bucket/x'],
    ['https://registry.example', `https://other.example${API}`],
    ['https://registry.example', 'https://registry.example:9000/bucket/x'],
    ['https://registry.example', 'http://minio:9000/bucket/x'],
    ['https://registry.example', `https://registry.example${API}`],
  ])('%s: %s may be meant', (from, to) => {
    expect(strayHint(new URL(from), new URL(to))).toBeUndefined();
  });
});

describe('a registry behind a proxy that hides its address', () => {
  beforeAll(() => nock.disableNetConnect());
  afterEach(() => nock.cleanAll());
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  const HIDES = /proxy in front of it probably hides the (?:port|scheme|host name)/;
  const { blob, bytes } = blobOf(100_000);
  const upload = (repository: Repository) => repository.putBlob(blob, bytes);
  const read = (repository: Repository) => repository.openBlob(blob);
  const list = (repository: Repository) => repository.tags();

  /** What a step ends with on a registry that leads elsewhere, and what was seen there. */
  async function led(origin: string, to: string, act: (repository: Repository) => Promise<unknown>, there = 0) {
    const seen: string[] = [];
    const at = nock(origin).persist();
    at.get(/tags/).reply(200, '{"tags":["1.0"]}', { link: `<${to}>; rel="next"` });
    at.get(/blobs/).reply(307, '', { location: to });
    at.head(/blobs/).reply(404);
    at.post(/uploads/).reply(202, '', { location: to });
    const other = nock(new URL(to).origin, { badheaders: ['authorization'] }).persist();
    for (const method of ['GET', 'PUT'])
      other.intercept(/./, method).reply(function () {
        seen.push(`${method} ${this.req.headers.authorization ?? 'without credentials'}`);
        return [there, '<html><title>404 Not Found</title></html>'];
      });
    const { host, protocol } = new URL(origin);
    const scheme = protocol === 'https:' ? 'https' : 'http';
    const credentials = { kind: 'basic', username: 'robin', password: 's3cret', source: 'the test' } as const;
    const store = storeOn({ host, credentials }, { scheme, clock: new FakeClock() });
    const failure = await act(store.repository(parseRepositoryName('owner/demo'))).catch((error: unknown) => error);
    store.close();
    return { failure, seen };
  }

  it.each([
    ['an upload, its scheme lost', 'https://registry.example', `http://registry.example${API}`, upload],
    ['an upload, its host lost', 'https://registry.example', `http://registry:5000${API}`, upload],
    ['a redirect, its scheme lost', 'https://registry.example', 'http://registry.example/v2/x', read],
    ['a next page, its port lost', 'https://registry.example:5000', 'https://registry.example/v2/x', list],
    ['a next page, its scheme lost', 'https://registry.example', 'http://registry.example/v2/x', list],
  ])(
    'is not followed to where credentials or bytes may not go, and the cause is told: %s',
    async (_, from, to, act) => {
      const { failure, seen } = await led(from, to, act);
      expect(failure).toMatchObject({ hint: expect.stringMatching(HIDES) });
      expect(seen).toEqual([]);
    },
  );

  it.each([
    ['an upload', 'http://registry.example:5000', `http://registry.example${API}`, upload, ['PUT without credentials']],
    ['a redirect', 'http://registry.example:5000', 'http://registry.example/v2/x', read, ['GET without credentials']],
  ])(
    'is asked at the address it names, with nothing secret and once, and the cause is told: %s',
    async (_, from, to, act, asked) => {
      const { failure, seen } = await led(from, to, act, 404);
      expect(failure).toMatchObject({
        message: expect.stringMatching(/was answered 404 with a web page \(404 Not Found\)/),
        hint: expect.stringMatching(HIDES),
      });
      expect(seen).toEqual(asked);
    },
  );
});
