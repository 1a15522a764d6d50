import { parseRealm } from '../../../../src/oci/registry/sign-in/realm.js';

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

  it.each([
    ['on the same port', 'http://registry.corp:5000/token'],
    ['on another port of the same host', 'http://registry.corp:5001/token'],
    ['relative', '/token'],
    ['on another host with TLS', 'https://auth.corp/token'],
  ])('of a registry without TLS may be %s', (_, realm) => {
    const registry = new URL('http://registry.corp:5000');
    expect(parseRealm(realm, registry, false).href).toBe(new URL(realm, registry).href);
  });

  it.each([
    ['http://registry.corp:5000', 'http://evil.example/token'],
    ['http://registry.corp:5000', 'http://auth.registry.corp/token'],
    ['http://registry.corp:5000', 'http://corp/token'],
    ['http://registry.corp:5000', '//evil.example/token'],
    ['http://127.0.0.1:5000', 'http://evil.example/token'],
    ['http://localhost:5000', 'http://127.0.0.1.evil.example/token'],
    ['http://localhost:5000', 'http://localhost@evil.example/token'],
    ['http://localhost:5000', 'http://10.0.0.7/token'],
    ['http://10.0.0.1:5000', 'http://10.0.0.2/token'],
  ])('of %s, which has no TLS, may not be %s', (registry, realm) => {
    expect(() => parseRealm(realm, new URL(registry), false)).toThrow(/another host that is not reached over https$/);
  });

  it.each([
    ['http://localhost:5000', 'http://169.254.169.254/token'],
    ['https://10.0.0.5', 'https://[fe80::1]/token'],
    ['https://10.0.0.5', 'https://[2002:a9fe:a9fe::]/token'],
  ])('of %s may not be link-local: %s', (registry, realm) => {
    expect(() => parseRealm(realm, new URL(registry), false)).toThrow(/a link-local address/);
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
