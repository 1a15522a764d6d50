import { buffer } from 'node:stream/consumers';
import { streamOf } from '../../../../src/core/bytes.js';
import { parseScopes } from '../../../../src/oci/registry/sign-in/scope.js';
import { parseToken, tokenRequest } from '../../../../src/oci/registry/sign-in/token.js';

const REALM = new URL('https://auth.example/token');
const SCOPES = parseScopes('repository:a:pull,push repository:b:pull');
const BASIC = { kind: 'basic', username: 'robin', password: 'pässwörd', source: 'test' } as const;

describe('a token is asked for', () => {
  it('by GET with Basic credentials, a scope for each resource', () => {
    const request = tokenRequest({ realm: REALM, service: 'registry' }, SCOPES, BASIC);
    expect(request.method).toBe('GET');
    expect(request.url.searchParams.get('service')).toBe('registry');
    expect(request.url.searchParams.getAll('scope')).toEqual(['repository:a:pull,push', 'repository:b:pull']);
    expect(request.authorization).toBe(`Basic ${Buffer.from('robin:pässwörd', 'utf8').toString('base64')}`);
  });

  it('without credentials where there are none', () => {
    expect(tokenRequest({ realm: REALM, service: undefined }, SCOPES, { kind: 'anonymous' })).toMatchObject({
      method: 'GET',
      authorization: undefined,
    });
  });

  it('at a realm with a query of its own, which stays', () => {
    const realm = new URL('https://auth.example/token?account=x&tenant=7');
    const { url } = tokenRequest({ realm, service: 's' }, new Map(), BASIC);
    expect(url.search).toBe('?account=x&tenant=7&service=s');
  });

  it('without service and scope where the challenge names none', () => {
    expect(tokenRequest({ realm: REALM, service: undefined }, new Map(), BASIC).url.href).toBe(REALM.href);
  });

  it('by the OAuth2 POST with a refresh token, which is in the body and nowhere else', async () => {
    const credentials = { kind: 'identity-token', token: 'r3fr&sh', source: 'test' } as const;
    const request = tokenRequest({ realm: REALM, service: 's' }, SCOPES, credentials);
    expect(request).toMatchObject({ method: 'POST', authorization: undefined });
    expect(request.url.href).toBe(REALM.href);
    const form = new URLSearchParams((request.body ? await buffer(streamOf(request.body)) : '').toString());
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'refresh_token',
      client_id: 'pyoci-publish',
      service: 's',
      scope: 'repository:a:pull,push repository:b:pull',
      refresh_token: 'r3fr&sh',
    });
  });
});

describe('the answer of a token service', () => {
  const read = (answer: unknown) => parseToken(Buffer.from(JSON.stringify(answer)), 1_000_000);

  it.each([
    ['token', { token: 'abc', expires_in: 300 }, { value: 'abc', renewAt: 1_295_000 }],
    ['access_token', { access_token: 'abc', expires_in: 300 }, { value: 'abc', renewAt: 1_295_000 }],
    [
      'an empty token beside the other name',
      { token: '', access_token: 'abc', expires_in: 300 },
      { value: 'abc', renewAt: 1_295_000 },
    ],
    ['no lifetime, which means 60 s', { token: 'abc' }, { value: 'abc', renewAt: 1_055_000 }],
    ['a lifetime as text', { token: 'abc', expires_in: '300' }, { value: 'abc', renewAt: 1_295_000 }],
    ['a very short lifetime', { token: 'abc', expires_in: 2 }, { value: 'abc', renewAt: 1_001_000 }],
    [
      'a lifetime that cannot be made a number',
      { token: 'abc', expires_in: { toString: null } },
      { value: 'abc', renewAt: 1_055_000 },
    ],
    ['a lifetime that is none', { token: 'abc', expires_in: -1 }, { value: 'abc', renewAt: 1_055_000 }],
  ])('is understood: %s', (_, answer, expected) => {
    expect(read(answer)).toEqual(expected);
  });

  it.each([[{}], [[]], [null], [{ token: 7 }], [{ token: 'a\r\nX-Evil: 1' }], [{ token: 'a b' }]])(
    'that holds no token fit for a header is none: %j',
    (answer) => {
      expect(read(answer)).toBeUndefined();
    },
  );

  it('that is no JSON is none', () => {
    expect(parseToken(Buffer.from('<html>'), 0)).toBeUndefined();
  });
});
