import { proxyFor } from '../../../../src/oci/registry/proxies/proxy.js';

const HTTPS = new URL('https://registry.example');
const HTTP = new URL('http://registry.example');

describe('the proxy', () => {
  it.each([
    ['https_proxy for https', HTTPS, { https_proxy: 'http://p.example:3128' }, 'http://p.example:3128/'],
    ['HTTPS_PROXY too', HTTPS, { HTTPS_PROXY: 'http://p.example:3128' }, 'http://p.example:3128/'],
    [
      'lower case first',
      HTTPS,
      { https_proxy: 'http://a.example', HTTPS_PROXY: 'http://b.example' },
      'http://a.example/',
    ],
    ['http_proxy for http', HTTP, { http_proxy: 'http://p.example:3128' }, 'http://p.example:3128/'],
    ['no crossing over', HTTPS, { http_proxy: 'http://p.example:3128' }, undefined],
    ['no crossing over', HTTP, { https_proxy: 'http://p.example:3128' }, undefined],
    ['without a scheme', HTTPS, { https_proxy: 'proxy.corp:8080' }, 'http://proxy.corp:8080/'],
    ['reached over TLS', HTTPS, { https_proxy: 'https://p.example' }, 'https://p.example/'],
    ['none', HTTPS, {}, undefined],
    ['an empty variable', HTTPS, { https_proxy: '' }, undefined],
  ])('comes from the environment: %s', (_, url, env, expected) => {
    expect(proxyFor(url, env)?.url.href).toBe(expected);
  });

  it.each([
    ['registry.example', true],
    ['example', true],
    ['.example', true],
    ['REGISTRY.EXAMPLE', true],
    ['other, registry.example ,third', true],
    ['registry.example:443', true],
    ['*', true],
    ['registry.example:8443', false],
    ['istry.example', false],
    ['registry.example.com', false],
    ['x.registry.example', false],
    ['', false],
  ])('is not used where no_proxy lists the host: %s', (list, exempt) => {
    expect(proxyFor(HTTPS, { https_proxy: 'http://p.example', no_proxy: list }) === undefined).toBe(exempt);
    expect(proxyFor(HTTPS, { https_proxy: 'http://p.example', NO_PROXY: list }) === undefined).toBe(exempt);
  });

  it.each<[list: string, address: string, exempt: boolean]>([
    // Ranges of addresses.
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'http://10.1.2.3:5000', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.1.2.3/8', 'https://10.9.9.9', true],
    ['192.168.7.0/24,10.0.0.0/8', 'https://192.168.7.9', true],
    ['192.168.7.0/24', 'https://192.168.8.9', false],
    ['172.16.0.0/12', 'https://172.31.255.255', true],
    ['172.16.0.0/12', 'https://172.32.0.0', false],
    ['203.0.113.7/32', 'https://203.0.113.7', true],
    ['0.0.0.0/0', 'https://203.0.113.7', true],
    ['0.0.0.0/0', 'https://registry.example', false],
    ['fd00::/8', 'https://[fd12:3456::1]:5000', true],
    ['fd00::/8', 'https://[fe80::1]', false],
    ['2001:DB8::/32', 'https://[2001:db8:7::1]', true],
    ['[2001:db8::]/32', 'https://[2001:db8:7::1]', true],
    ['::/0', 'https://[2001:db8::1]', true],
    ['10.0.0.0/8', 'https://10.example', false],
    ['10.0.0.0/8', 'https://10.0.0.1.example', false],
    ['10.0.0.0/33', 'https://10.1.2.3', false],
    ['fd00::/129', 'https://[fd00::1]', false],
    ['example/8', 'https://example', false],
    ['10.0.0.0/', 'https://10.0.0.0', false],
    ['/8', 'https://10.1.2.3', false],
    // Single addresses.
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['10.1.2.3:443', 'https://10.1.2.3', true],
    ['10.1.2.3:8443', 'https://10.1.2.3', false],
    ['2.3', 'https://10.1.2.3', false],
    ['.2.3', 'https://10.1.2.3', false],
    ['*.2.3', 'https://10.1.2.3', false],
    ['2001:db8::1', 'https://[2001:db8::1]:8443', true],
    ['2001:0DB8:0:0::1', 'https://[2001:db8::1]', true],
    ['[2001:db8::1]', 'https://[2001:db8::1]', true],
    ['[2001:db8::1]:8443', 'https://[2001:db8::1]:8443', true],
    ['[2001:db8::1]:8443', 'https://[2001:db8::1]', false],
    ['2001:db8::2', 'https://[2001:db8::1]', false],
    // Names.
    ['*.example', 'https://registry.example', true],
    ['*.example', 'https://a.b.example', true],
    ['*.example', 'https://example', false],
    ['.registry.example', 'https://registry.example', false],
    ['*.example:443', 'https://registry.example', true],
    ['*.example:8443', 'https://registry.example', false],
    ['*.example:80', 'http://registry.example', true],
    ['example.', 'https://registry.example', true],
    ['registry.example', 'https://registry.example.', true],
    ['other registry.example', 'https://registry.example', true],
    ['*registry.example', 'https://x.registry.example', false],
    ['*.*', 'https://registry.example', false],
    [':443', 'https://registry.example', false],
    [',, ,', 'https://registry.example', false],
  ])('reads no_proxy %s as others do: %s is exempt: %s', (no_proxy, address, exempt) => {
    const env = { http_proxy: 'http://p.example', https_proxy: 'http://p.example', no_proxy };
    expect(proxyFor(new URL(address), env) === undefined).toBe(exempt);
  });

  it.each(['http://localhost:5000', 'http://127.0.0.1', 'http://[::1]:5000'])('is never used for %s', (url) => {
    expect(proxyFor(new URL(url), { http_proxy: 'http://p.example' })).toBeUndefined();
  });

  it('is given the user and password of its address, decoded, and the address loses them', () => {
    const proxy = proxyFor(HTTPS, { https_proxy: 'http://us%40er:p%3Ass@p.example:3128' });
    expect(proxy?.url.href).toBe('http://p.example:3128/');
    expect(proxy?.authorization).toBe(`Basic ${Buffer.from('us@er:p:ss').toString('base64')}`);
  });

  it('takes a password with a bare % as it stands', () => {
    const proxy = proxyFor(HTTPS, { https_proxy: 'http://user:50%off@p.example' });
    expect(proxy?.authorization).toBe(`Basic ${Buffer.from('user:50%off').toString('base64')}`);
  });

  it.each(['socks5://u:s3cret@p.example', 'http://', 'http://u:s3cret@[', '://x'])(
    'that cannot be used is an error that names the variable and not its value: %s',
    (value) => {
      const failure = (): unknown => proxyFor(HTTPS, { https_proxy: value });
      expect(failure).toThrow(/^Cannot use the proxy in https_proxy/);
      expect(failure).not.toThrow(/s3cret/);
    },
  );
});
