import { proxyFor } from '../../../src/oci/registry/proxy.js';

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
