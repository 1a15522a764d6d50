import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseRepositoryName, parseTag } from '../../../../src/oci/reference.js';
import { blobOf, type Session, sessionOn, startSession } from '../../../support/registry-session.js';
import { type ScriptedServer, startServer } from '../../../support/scripted-server.js';

const TAG = parseTag('1.0');
const other = parseRepositoryName('owner/other');

describe('signing in to a registry with tokens', () => {
  let session: Session;
  afterEach(() => session.stop());
  const asked = (): number => session.registry.requests.filter(({ path }) => path === '/token').length;
  const refused = (): number => session.registry.requests.filter(({ status }) => status === 401).length;

  it('learns how from the first refusal, and has tokens ready from then on', async () => {
    session = await startSession({ auth: 'bearer' });
    await session.repository.getManifest(TAG);
    await session.repository.tags();
    await session.store.repository(other).tags();
    expect(session.registry.log).toEqual([
      'GET /v2/owner/demo/manifests/1.0 401',
      'GET /token 200',
      'GET /v2/owner/demo/manifests/1.0 404',
      'GET /v2/owner/demo/tags/list 404',
      'GET /token 200',
      'GET /v2/owner/other/tags/list 404',
    ]);
  });

  it('asks at once for all that the run needs', async () => {
    session = await startSession({ auth: 'bearer' });
    const { blob, bytes } = blobOf(10);
    await session.repository.tags();
    await session.repository.putBlob(blob, bytes);
    const tokens = session.registry.requests.filter(({ path }) => path === '/token');
    expect(tokens.map(({ query }) => query.getAll('scope'))).toEqual([['repository:owner/demo:pull,push']]);
    expect(tokens[0]?.query.get('service')).toBe('registry.test');
  });

  it('asks for reading only in a dry run', async () => {
    session = await startSession({ auth: 'bearer' }, { readOnly: true });
    await session.repository.tags();
    const token = session.registry.requests.find(({ path }) => path === '/token');
    expect(token?.query.getAll('scope')).toEqual(['repository:owner/demo:pull']);
  });

  it('shares one token among requests that start together', async () => {
    session = await startSession({ auth: 'bearer' });
    await Promise.all([1, 2, 3, 4].map(() => session.repository.tags()));
    expect(asked()).toBe(1);
  });

  it('renews a token before it runs out', async () => {
    session = await startSession({ auth: 'bearer', tokenLifetime: 300 });
    await session.repository.tags();
    session.clock.pass(290_000);
    await session.repository.tags();
    expect(asked()).toBe(1);
    session.clock.pass(6_000);
    await session.repository.tags();
    expect([asked(), refused()]).toEqual([2, 1]);
  });

  it('renews a token that ends in the middle of a run, and sends the bytes again whole', async () => {
    session = await startSession({ auth: 'bearer' });
    const { blob, bytes } = blobOf(5_000_000);
    session.registry.after('POST', /uploads/, () => session.registry.expireTokens());
    await session.repository.tags();
    expect(await session.repository.putBlob(blob, bytes)).toBe('sent');
    expect(session.registry.blob('owner/demo', blob.digest).length).toBe(blob.size);
    expect([asked(), refused()]).toEqual([2, 2]);
  });

  it('renews once for all requests that were refused together', async () => {
    session = await startSession({ auth: 'bearer' });
    await session.repository.tags();
    session.registry.expireTokens();
    await Promise.all([1, 2, 3, 4].map(() => session.repository.tags()));
    expect(asked()).toBe(2);
  });

  it('goes on where each token is used up by others meanwhile', async () => {
    session = await startSession({ auth: 'bearer', tokenUses: 2 });
    await Promise.all([1, 2, 3, 4, 5, 6].map(() => session.repository.tags()));
    expect(session.registry.requests.filter(({ status }) => status === 404)).toHaveLength(6);
    // Seven of 401: the first challenge, then four requests and two that met used-up tokens.
    expect({ asked: asked(), refused: refused() }).toEqual({ asked: 3, refused: 7 });
  });

  it('renews once for a request, and then tells the refusal', async () => {
    session = await startSession({ auth: 'bearer', may: () => false });
    await expect(session.repository.tags()).rejects.toMatchObject({
      status: 401,
      hint: expect.stringMatching(/the credentials from the test are known to .* but may not list the tags/),
    });
    expect(session.registry.log).toEqual([
      'GET /v2/owner/demo/tags/list 401',
      'GET /token 200',
      'GET /v2/owner/demo/tags/list 401',
    ]);
  });

  it('reads with a token for nobody where there are no credentials', async () => {
    session = await startSession({ auth: 'bearer', anonymousPull: true }, { credentials: { kind: 'anonymous' } });
    expect(await session.repository.tags()).toEqual([]);
    expect(session.registry.requests.map(({ credential }) => credential)).toEqual(['none', 'none', 'bearer']);
  });

  it('trades an identity token by the OAuth2 POST', async () => {
    const credentials = { kind: 'identity-token', token: 'refresh-me', source: 'the config file' } as const;
    session = await startSession({ auth: 'bearer', identityToken: 'refresh-me' }, { credentials });
    await session.repository.tags();
    expect(session.registry.log[1]).toBe('POST /token 200');
    expect(session.masked).toContain('refresh-me');
  });

  it('masks every secret the moment it exists, and never a user name', async () => {
    session = await startSession({ auth: 'bearer' });
    const { password, username } = { username: 'robin', password: 'correct horse battery staple' };
    expect(session.masked).toEqual([password, Buffer.from(`${username}:${password}`).toString('base64')]);
    await session.repository.tags();
    const token = session.registry.requests.at(-1)?.headers.authorization?.replace('Bearer ', '');
    expect(session.masked.slice(2)).toEqual([token]);
    for (const secret of session.masked) expect(session.log.lines.join('\n')).not.toContain(secret);
  });

  it('says once where its credentials are from', async () => {
    session = await startSession({ auth: 'bearer' });
    await session.repository.tags();
    await session.store.repository(other).tags();
    expect(session.log.of('info')).toEqual([`Signing in to ${session.registry.host} with the test`]);
  });

  it('tells what the token service says when it refuses', async () => {
    const credentials = {
      kind: 'basic',
      username: 'robin',
      password: 'wrong',
      source: 'username and password',
    } as const;
    session = await startSession({ auth: 'bearer' }, { credentials });
    await expect(session.repository.tags()).rejects.toMatchObject({
      message: expect.stringMatching(/^Cannot sign in to 127\.0\.0\.1:\d+: GET .*401 \(UNAUTHORIZED: wrong user name/),
      hint: expect.stringMatching(/does not accept the credentials from username and password/),
    });
  });

  it('tries again when the token service has trouble, without multiplying the tries', async () => {
    session = await startSession({ auth: 'bearer' });
    session.registry.refuse('GET', /^\/token/, { status: 503 }, { times: 2 });
    await session.repository.tags();
    expect(asked()).toBe(3);
    session.registry.expireTokens();
    session.registry.refuse('GET', /^\/token/, { status: 503 }, { times: 6 });
    await expect(session.repository.tags()).rejects.toMatchObject({ status: 503 });
    expect(asked()).toBe(9);
  });

  it.each([
    ['bearer' as const, true, 'bearer'],
    ['bearer' as const, false, 'bearer-without-service'],
    ['basic' as const, true, 'basic'],
    ['open' as const, true, 'none'],
  ])('knows what readers will meet at %s, service named: %s', async (auth, service, expected) => {
    session = await startSession({ auth, service });
    expect(session.store.signIn).toBe('unknown');
    await session.repository.tags();
    expect(session.store.signIn).toBe(expected);
  });
});

describe('signing in with Basic', () => {
  let session: Session;
  afterEach(() => session.stop());

  it('sends nothing until it is asked, and then with every request', async () => {
    session = await startSession({ auth: 'basic' });
    await session.repository.tags();
    await session.repository.getManifest(TAG);
    expect(session.registry.requests.map(({ credential }) => credential)).toEqual(['none', 'basic', 'basic']);
  });

  it('does not repeat what was refused', async () => {
    const credentials = { kind: 'basic', username: 'robin', password: 'wrong', source: 'a file' } as const;
    session = await startSession({ auth: 'basic' }, { credentials });
    await expect(session.repository.tags()).rejects.toMatchObject({
      status: 401,
      hint: expect.stringContaining('a file'),
    });
    expect(session.registry.requests).toHaveLength(2);
  });

  it('is not possible without credentials, which the error says', async () => {
    session = await startSession({ auth: 'basic' }, { credentials: { kind: 'anonymous' } });
    await expect(session.repository.tags()).rejects.toMatchObject({
      status: 401,
      hint: expect.stringContaining('docker login'),
    });
    expect(session.registry.requests).toHaveLength(1);
  });
});

describe('oddities of real registries', () => {
  let server: ScriptedServer;
  afterEach(() => server.stop());
  const BASIC = { kind: 'basic', username: 'robin', password: 'pw', source: 'the test' } as const;
  const json = (response: ServerResponse, status: number, body: object, headers = {}): void =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

  /** A registry that wants a token of its own for each request; `challenge` says how it asks. */
  async function start(
    challenge: (request: IncomingMessage) => string | readonly string[],
    credentials: Parameters<typeof sessionOn>[0]['credentials'] = BASIC,
  ) {
    let valid = 'Bearer t1';
    let issued = 0;
    server = await startServer((request, response) => {
      if (request.url?.startsWith('/token')) {
        issued += 1;
        valid = `Bearer t${issued}`;
        return json(response, 200, { token: `t${issued}` });
      }
      if (request.headers.authorization === valid) return json(response, 200, { tags: ['1.0'] });
      json(response, 401, {}, { 'www-authenticate': challenge(request) });
    });
    const session = sessionOn({ host: server.host, credentials });
    const expire = (): void => {
      valid = 'Bearer none';
    };
    return { ...session, expire };
  }

  const bearer = (parameters = ''): string => `Bearer realm="${server.origin}/token",service="s"${parameters}`;

  it('an expired token that is answered with a Basic challenge is renewed all the same', async () => {
    const { repository, expire } = await start(({ headers }) =>
      headers.authorization ? 'Basic realm="harbor"' : bearer(),
    );
    await repository.tags();
    expire();
    expect(await repository.tags()).toEqual(['1.0']);
    const schemes = server.seen.filter(({ url }) => url.startsWith('/v2/')).map(({ headers }) => headers.authorization);
    expect(schemes).toEqual([undefined, 'Bearer t1', 'Bearer t1', 'Bearer t2']);
  });

  it('a token service named later in place of the first gets nothing', async () => {
    const elsewhere = await startServer((_, response) => json(response, 200, { token: 't9' }));
    const { repository, expire } = await start(({ headers }) =>
      headers.authorization ? `Bearer realm="${elsewhere.origin}/token",service="s"` : bearer(),
    );
    await repository.tags();
    expire();
    expect(await repository.tags()).toEqual(['1.0']);
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.stop();
  });

  it('of two challenges the one with a token service is taken', async () => {
    const { repository } = await start(() => ['Basic realm="b"', bearer()]);
    expect(await repository.tags()).toEqual(['1.0']);
    expect(server.seen.at(-1)?.headers.authorization).toBe('Bearer t1');
  });

  it.each([
    ['an empty one is not sent back', ',scope=""', ['repository:owner/demo:pull,push']],
    ['a star is', ',scope="*"', ['*', 'repository:owner/demo:pull,push']],
    [
      'another name leads',
      ',scope="repository:demo:pull"',
      ['repository:demo:pull', 'repository:owner/demo:pull,push'],
    ],
    [
      'an action of its own is added',
      ',scope="repository:owner/demo:metadata_read"',
      ['repository:owner/demo:metadata_read,pull,push'],
    ],
    [
      'two in one value are two',
      ',scope="repository:a:pull repository:b:pull"',
      ['repository:a:pull', 'repository:b:pull', 'repository:owner/demo:pull,push'],
    ],
  ])('a scope that is demanded: %s', async (_, scope, expected) => {
    const { repository } = await start(() => bearer(scope));
    await repository.tags();
    const token = server.seen.find(({ url }) => url.startsWith('/token'));
    expect(new URL(token?.url ?? '', server.origin).searchParams.getAll('scope')).toEqual(expected);
  });

  it('a realm may be relative', async () => {
    const { repository } = await start(() => 'Bearer realm="/token",service="s"');
    expect(await repository.tags()).toEqual(['1.0']);
  });

  it('a realm elsewhere gets no token of a job: it is not even asked', async () => {
    const elsewhere = await startServer((_, response) => json(response, 200, { token: 'x' }));
    const credentials = { ...BASIC, ownHostOnly: true };
    const { repository } = await start(() => `Bearer realm="${elsewhere.origin}/token"`, credentials);
    await expect(repository.tags()).rejects.toThrow(/the token of this job is for 127\.0\.0\.1:\d+ alone/);
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.stop();
  });

  it('a realm elsewhere is asked with other credentials, and never sees the token it gave', async () => {
    const elsewhere = await startServer((_, response) => json(response, 200, { access_token: 't1' }));
    const { repository } = await start(() => `Bearer realm="${elsewhere.origin}/token"`);
    expect(await repository.tags()).toEqual(['1.0']);
    expect(elsewhere.seen.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${Buffer.from('robin:pw').toString('base64')}`,
    ]);
    await elsewhere.stop();
  });

  it('trouble of the registry is no proof of a password: a wrong one is still shown a few times only', async () => {
    let signed = 0;
    server = await startServer((request, response) => {
      signed += request.headers.authorization === undefined ? 0 : 1;
      json(response, signed === 1 ? 503 : 401, {}, { 'www-authenticate': 'Basic realm="r"' });
    });
    const { store } = sessionOn({ host: server.host, credentials: BASIC });
    const names = Array.from({ length: 12 }, (_, at) => parseRepositoryName(`owner/project-${at}`));
    const results = await Promise.allSettled(names.map((name) => store.repository(name).tags()));
    expect(results.map(({ status }) => status)).toEqual(names.map(() => 'rejected'));
    expect(signed).toBeLessThanOrEqual(1 + 3);
  });

  it('a token service that answers without a token is an error', async () => {
    server = await startServer((request, response) => {
      if (request.url?.startsWith('/token')) return json(response, 200, { token: '' });
      json(response, 401, {}, { 'www-authenticate': `Bearer realm="${server.origin}/token"` });
    });
    const { repository } = sessionOn({ host: server.host, credentials: BASIC });
    await expect(repository.tags()).rejects.toThrow(/holds no token/);
  });
});
