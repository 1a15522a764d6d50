import { parseRealm } from '../../../src/oci/registry/realm.js';

const REGISTRY = new URL('https://registry.example');

describe('the realm of a challenge', () => {
  it.each([
    ['on the registry', 'https://registry.example/token', 'https://registry.example/token'],
    ['on another public host', 'https://auth.example/token?x=1', 'https://auth.example/token?x=1'],
    ['relative', '/v2/token', 'https://registry.example/v2/token'],
    ['with user info, which is dropped', 'https://a:b@auth.example/token', 'https://auth.example/token'],
  ])('may be %s', (_, realm, expected) => {
    expect(parseRealm(realm, REGISTRY, false).href).toBe(expected);
  });

  it.each([
    ['without TLS', 'http://auth.example/token'],
    ['without TLS on the registry itself', 'http://registry.example/token'],
    ['inside this network', 'https://10.0.0.7/token'],
    ['no address', 'https://'],
  ])('may not be %s', (_, realm) => {
    expect(() => parseRealm(realm, REGISTRY, false)).toThrow(/^Cannot sign in to registry\.example/);
  });

  it('of a registry without TLS may be without TLS, or inside the same network', () => {
    const registry = new URL('http://localhost:5000');
    expect(parseRealm('http://127.0.0.1:5001/auth', registry, false).href).toBe('http://127.0.0.1:5001/auth');
  });

  it('must be on the own host for a token that belongs there', () => {
    expect(parseRealm('https://registry.example/token', REGISTRY, true).host).toBe('registry.example');
    for (const realm of [
      'https://auth.example/token',
      'https://registry.example:8443/token',
      'https://x.registry.example/t',
    ]) {
      expect(() => parseRealm(realm, REGISTRY, true)).toThrow(/the token of this job is for registry\.example alone/);
    }
  });
});
