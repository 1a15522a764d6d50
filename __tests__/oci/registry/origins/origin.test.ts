import {
  checkDestination,
  isLinkLocal,
  isLocal,
  sameHost,
  sameOrigin,
} from '../../../../src/oci/registry/origins/origin.js';

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
    ['https://[::ffff:0:10.0.0.1]', true],
    ['https://[64:ff9b:1::a00:1]', true],
    ['https://[64:ff9b:1:a00:1::]', true],
    ['https://[2002:a00:1::]', true],
    ['https://[2002:c0a8:101::1]', true],
    ['https://[2002:7f00:1::]', true],
    ['https://[2002:808:808::1]', false],
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
    // The address of cloud metadata in every notation that means it.
    ['http://169.254.169.254', true],
    ['http://169.254.169.254.', true],
    ['http://2852039166', true],
    ['http://0xA9FEA9FE', true],
    ['http://0251.0376.0251.0376', true],
    ['http://169.0xfe.43518', true],
    ['http://169.254.43518', true],
    ['http://①⑥⑨.254.169.254', true],
    ['http://[::ffff:169.254.169.254]', true],
    ['http://[::ffff:a9fe:a9fe]', true],
    ['http://[0:0:0:0:0:ffff:a9fe:a9fe]', true],
    ['http://[::169.254.169.254]', true],
    ['http://[::ffff:0:a9fe:a9fe]', true],
    ['http://[64:ff9b::a9fe:a9fe]', true],
    ['http://[64:ff9b:1::a9fe:a9fe]', true],
    ['http://[64:ff9b:1:a9fe:a9:fe00::]', true],
    ['http://[2002:a9fe:a9fe::]', true],
    ['http://[2002:a9fe:a9fe:1::7]', true],
    // Other link-local addresses.
    ['https://169.254.0.0', true],
    ['https://169.254.255.255:8443', true],
    ['https://[fe80::1]', true],
    ['https://[FEBF:ffff::1]', true],
    // Cloud metadata elsewhere.
    ['http://metadata.google.internal/computeMetadata/v1/', true],
    ['http://Metadata.Google.Internal./', true],
    ['http://metadata.goog', true],
    ['http://instance-data.ec2.internal', true],
    ['http://[fd00:ec2::254]', true],
    ['http://[fd20:ce::254]', true],
    ['http://100.100.100.200', true],
    ['http://168.63.129.16', true],
    ['http://192.0.0.192', true],
    ['http://[2002:6464:64c8::]', true],
    // Neighbours.
    ['https://169.253.255.255', false],
    ['https://169.255.0.0', false],
    ['https://[fe7f::1]', false],
    ['https://[fec0::1]', false],
    ['https://[2002:a9ff::1]', false],
    ['https://[64:ff9b::a9ff:1]', false],
    ['https://10.0.0.1', false],
    ['https://127.0.0.1', false],
    ['https://localhost', false],
    ['https://100.100.100.201', false],
    ['https://169.254.169.254.example', false],
    ['https://metadata.google.internal.example', false],
    ['https://x.metadata.google.internal', false],
  ])("%s is link-local, or a cloud's metadata service: %s", (text, linkLocal) => {
    expect(isLinkLocal(new URL(text))).toBe(linkLocal);
    if (linkLocal) expect(isLocal(new URL(text))).toBe(true);
  });

  it.each(['http://[fe80::1%25eth0]/', 'http://[fe80::1%eth0]/'])('with a zone is none: %s', (text) => {
    expect(URL.canParse(text)).toBe(false);
  });

  it.each([
    ['http://registry.example:5001', 'http://registry.example:5000', true],
    ['https://REGISTRY.example.', 'http://registry.example', true],
    ['http://localhost:5001', 'http://127.0.0.1:5000', true],
    ['http://[::1]:5001', 'http://localhost:5000', true],
    ['http://127.1', 'http://x.localhost', true],
    ['http://x.registry.example', 'http://registry.example', false],
    ['http://10.0.0.2', 'http://10.0.0.1', false],
    ['http://10.0.0.1', 'http://localhost', false],
    ['http://localhost.evil.example', 'http://localhost', false],
    ['http://127.0.0.1.evil.example', 'http://127.0.0.1', false],
  ])('%s is on the host of %s: %s', (one, other, same) => {
    expect(sameHost(new URL(one), new URL(other))).toBe(same);
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
    ['a link-local address from a registry inside', 'https://169.254.169.254/', 'https://10.0.0.5', false],
    ['a link-local address from this machine', 'http://169.254.169.254/', 'http://localhost:5000', false],
    ['a link-local address from a link-local registry', 'http://169.254.1.2/', 'http://169.254.1.1:5000', false],
    ['another port of a link-local registry', 'http://169.254.1.1:9000/', 'http://169.254.1.1:5000', false],
    ['a link-local registry itself', 'http://169.254.1.1:5000/x', 'http://169.254.1.1:5000', true],
    ["a cloud's metadata by its name", 'http://metadata.google.internal/', 'http://localhost:5000', false],
    ['another protocol', 'ftp://storage.example/', 'http://registry.example', false],
    ['no address at all', 'data:text/plain,x', 'http://registry.example', false],
  ])('may be where a registry sends us: %s', (_, destination, registry, allowed) => {
    const check = (): void => checkDestination(new URL(destination), new URL(registry), 'go there');
    if (allowed) expect(check).not.toThrow();
    else expect(check).toThrow(/^Cannot go there: it leads to /);
  });
});
