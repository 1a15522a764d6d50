import { checkDestination, isLocal, sameOrigin } from '../../../src/oci/registry/origin.js';

const REGISTRY = new URL('https://registry.example');

describe('an address', () => {
  it.each([
    ['https://localhost', true],
    ['https://x.localhost', true],
    ['https://localhost.', true],
    ['https://127.0.0.1', true],
    ['https://127.8.9.10:5000', true],
    ['https://2130706433', true],
    ['https://0x7f.1', true],
    ['https://0.0.0.0', true],
    ['https://10.1.2.3', true],
    ['https://172.16.0.1', true],
    ['https://172.31.255.255', true],
    ['https://192.168.1.1', true],
    ['https://169.254.169.254', true],
    ['https://100.64.0.1', true],
    ['https://[::1]', true],
    ['https://[::]', true],
    ['https://[fe80::1]', true],
    ['https://[fd00::1]', true],
    ['https://[::ffff:10.0.0.1]', true],
    ['https://[::ffff:169.254.169.254]', true],
    ['https://[::10.0.0.1]', true],
    ['https://[64:ff9b::169.254.169.254]', true],
    ['https://[64:ff9b::8.8.8.8]', false],
    ['https://[fec0::1]', true],
    ['https://172.32.0.1', false],
    ['https://11.0.0.1', false],
    ['https://8.8.8.8', false],
    ['https://[2001:db8::1]', false],
    ['https://[::ffff:8.8.8.8]', false],
    ['https://ghcr.io', false],
    ['https://localhost.example', false],
    ['https://10.0.0.1.example', false],
  ])('%s is inside this network: %s', (text, local) => {
    expect(isLocal(new URL(text))).toBe(local);
  });

  it.each([
    ['https://registry.example/other', true],
    ['https://REGISTRY.example:443/', true],
    ['https://registry.example:5000/', false],
    ['http://registry.example/', false],
    ['https://x.registry.example/', false],
  ])('%s is of the same origin as the registry: %s', (text, same) => {
    expect(sameOrigin(new URL(text), REGISTRY)).toBe(same);
  });

  it.each([
    ['another public host', 'https://storage.example/', 'https://registry.example', true],
    ['the registry itself, even without TLS', 'http://localhost:5000/x', 'http://localhost:5000', true],
    ['another local one from a local registry', 'http://127.0.0.1:9000/', 'http://localhost:5000', true],
    ['TLS from a registry without', 'https://storage.example/', 'http://registry.example', true],
    ['no TLS from a registry with TLS', 'http://storage.example/', 'https://registry.example', false],
    ['the same host without TLS', 'http://registry.example/', 'https://registry.example', false],
    ['a local address from a public registry', 'https://169.254.169.254/', 'https://registry.example', false],
    ['a local name from a public registry', 'https://localhost/', 'https://registry.example', false],
    ['another protocol', 'ftp://storage.example/', 'http://registry.example', false],
    ['no address at all', 'data:text/plain,x', 'http://registry.example', false],
  ])('may be where a registry sends us: %s', (_, destination, registry, allowed) => {
    const check = (): void => checkDestination(new URL(destination), new URL(registry), 'go there');
    if (allowed) expect(check).not.toThrow();
    else expect(check).toThrow(/^Cannot go there: it leads to /);
  });
});
