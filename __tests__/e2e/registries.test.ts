import { Reader } from './support/reader.js';
import {
  type Registry,
  startBasicDistribution,
  startCrane,
  startOlareg,
  startOpenDistribution,
  startTokenDistribution,
  type TokenRegistry,
} from './support/registries.js';

const EMPTY = Buffer.from('{}');

const KINDS: readonly (readonly [name: string, start: () => Promise<Registry>])[] = [
  ['distribution without sign-in', startOpenDistribution],
  ['distribution with htpasswd', startBasicDistribution],
  ['distribution with a token service', startTokenDistribution],
  ['crane', startCrane],
  ['olareg', startOlareg],
];

describe.each(KINDS)('the test registry of %s', (_name, start) => {
  let registry: Registry;

  beforeAll(async () => {
    registry = await start();
  });
  afterAll(() => registry.stop());

  it('gives back what was pushed, bit for bit', async () => {
    const reader = new Reader(registry);
    const blob = await reader.pushBlob('owner/demo', EMPTY);
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const config = { mediaType: 'application/vnd.oci.empty.v1+json', ...blob };
    const pushed = await reader.pushManifest('owner/demo', '1.0', mediaType, {
      schemaVersion: 2,
      mediaType,
      config,
      layers: [config],
    });

    expect(await reader.tags('owner/demo')).toEqual(['1.0']);
    expect(await reader.manifest('owner/demo', '1.0')).toMatchObject({ status: 200, mediaType, digest: pushed });
    expect(await reader.blob('owner/demo', blob.digest)).toEqual(blob);
  });
});

describe('the token registry', () => {
  let registry: TokenRegistry;

  beforeAll(async () => {
    registry = await startTokenDistribution();
  });
  afterAll(() => registry.stop());

  const uploadStatus = async (token: string | undefined) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`http://${registry.host}/v2/owner/demo/blobs/uploads/`, { method: 'POST', headers });
    await response.arrayBuffer();
    return response.status;
  };
  const access = (name: string, ...actions: string[]) => [{ type: 'repository' as const, name, actions }];

  it.each([
    ['nothing', 401, undefined],
    ['a token to pull', 401, () => access('owner/demo', 'pull')],
    ['a token to push elsewhere', 401, () => access('owner/other', 'pull', 'push')],
    ['a token to pull and push', 202, () => access('owner/demo', 'pull', 'push')],
  ] as const)('shown %s, answers %d', async (_what, status, grants) => {
    expect(await uploadStatus(grants && registry.tokens.sign(grants()))).toBe(status);
  });

  it('refuses a token that somebody else signed', async () => {
    const [head = '', body = ''] = registry.tokens.sign(access('owner/demo', 'pull', 'push')).split('.');
    expect(await uploadStatus(`${head}.${body}.${Buffer.alloc(256, 1).toString('base64url')}`)).toBe(401);
  });

  it('lets the reader pull and no more, and a stranger nothing', async () => {
    const { username, password } = registry.credentials;
    const granted = async (user: string, secret: string) => {
      const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
      const url = `${registry.tokens.realm}?service=x&scope=repository:owner/demo:pull,push`;
      const response = await fetch(url, { headers: { authorization } });
      await response.arrayBuffer();
      return [response.status, registry.tokens.requests.at(-1)?.granted.flatMap(({ actions }) => actions)];
    };
    expect(await granted(username, password)).toEqual([200, ['pull', 'push']]);
    expect(await granted('reader', password)).toEqual([200, ['pull']]);
    expect(await granted(username, 'wrong')).toEqual([401, []]);
  });
});
