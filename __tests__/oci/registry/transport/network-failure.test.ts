import { ProxyFailure } from '../../../../src/oci/registry/proxies/tunnel.js';
import { SilenceError, unanswered } from '../../../../src/oci/registry/transport/network-failure.js';

const URL_TLS = new URL('https://registry.example:8443/v2/');
const PROXY = new URL('http://proxy.example:3128');
const failure = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('a failure of the network', () => {
  it.each([
    [
      'an authority of your own',
      failure('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
      /is not trusted/,
      /NODE_EXTRA_CA_CERTS/,
      false,
    ],
    [
      'a certificate signed by itself',
      failure('DEPTH_ZERO_SELF_SIGNED_CERT'),
      /is not trusted/,
      /NODE_EXTRA_CA_CERTS/,
      false,
    ],
    ['a chain signed by itself', failure('SELF_SIGNED_CERT_IN_CHAIN'), /is not trusted/, /NODE_EXTRA_CA_CERTS/, false],
    [
      'an issuer nobody knows',
      failure('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
      /is not trusted/,
      /NODE_EXTRA_CA_CERTS/,
      false,
    ],
    ['an expired certificate', failure('CERT_HAS_EXPIRED'), /is not valid/, /clock/, false],
    [
      'a certificate of another host',
      failure('ERR_TLS_CERT_ALTNAME_INVALID'),
      /is not valid/,
      /name of the registry/,
      false,
    ],
    [
      'a registry without TLS',
      failure('EPROTO', 'SSL routines:wrong version number'),
      /TLS/,
      /http:\/\/registry\.example:8443/,
      false,
    ],
    ['a host that does not exist', failure('ENOTFOUND'), /no host registry\.example/, /spelling.*online.*DNS/, false],
    ['a registry that is not running', failure('ECONNREFUSED'), /takes no connections/, /running/, true],
    ['a cut connection', failure('ECONNRESET'), /broke \(ECONNRESET\)/, /^$/, true],
    [
      'a name server in trouble',
      failure('EAI_AGAIN'),
      /cannot look up registry\.example \(EAI_AGAIN\).*offline, or its DNS fails/,
      /online.*DNS/,
      true,
    ],
    ['no way there', failure('EHOSTUNREACH'), /no way to registry\.example \(EHOSTUNREACH\)/, /online.*VPN/, true],
    ['no network at all', failure('ENETUNREACH'), /no way to registry\.example \(ENETUNREACH\)/, /online/, true],
    ['a host that says nothing', failure('ETIMEDOUT'), /cannot be reached \(ETIMEDOUT\)/, /firewall/, true],
    ['a sandbox', failure('EACCES'), /forbids the connection/, /sandbox/, true],
    ['silence', new SilenceError('x'), /kept silent/, /run again/, true],
    ['something else than HTTP', failure('HPE_INVALID_CONSTANT'), /does not answer in HTTP/, /^$/, false],
    ['a header that cannot be sent', failure('ERR_INVALID_CHAR'), /ERR_INVALID_CHAR/, /^$/, false],
    ['an error without a code', new Error('x'), /failed/, /^$/, false],
    [
      'a proxy that wants a password',
      new ProxyFailure(PROXY, 407),
      /wants a user/,
      /http:\/\/user:password@proxy\.example:3128/,
      false,
    ],
    [
      'a proxy that forbids the host',
      new ProxyFailure(PROXY, 403),
      /proxy\.example:3128 answered 403/,
      /no_proxy/,
      false,
    ],
    [
      'a proxy that does not reach the host',
      new ProxyFailure(PROXY, 502),
      /proxy\.example:3128 answered 502 when asked for registry\.example/,
      /proxy\.example:3128 is in trouble or cannot reach registry\.example/,
      true,
    ],
    [
      'a proxy of an unknown authority',
      new ProxyFailure(PROXY, undefined, { cause: failure('SELF_SIGNED_CERT_IN_CHAIN') }),
      /certificate of the proxy proxy\.example:3128 is not trusted/,
      /NODE_EXTRA_CA_CERTS/,
      false,
    ],
    [
      'a proxy that nobody knows',
      new ProxyFailure(PROXY, undefined, { cause: failure('ENOTFOUND') }),
      /proxy proxy\.example:3128 cannot be reached \(ENOTFOUND\)/,
      /https_proxy/,
      false,
    ],
    ['a proxy in trouble', new ProxyFailure(PROXY, 503), /answered 503/, /no_proxy/, true],
    ['a proxy out of reach', new ProxyFailure(PROXY, undefined), /cannot be reached/, /https_proxy/, true],
  ])('is told as what it is, with its cure: %s', (_, cause, state, cure, temporary) => {
    const error = unanswered(cause, 'read owner/demo:1.0', URL_TLS);
    expect(error.message).toMatch(/^Cannot read owner\/demo:1\.0: /);
    expect(error.message).toMatch(state);
    expect(error.hint ?? '').toMatch(cure);
    expect(error.temporary).toBe(temporary);
    expect(error.cause).toBe(cause);
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'])(
    'about a host that everybody knows is on this side, and no spelling mistake: %s',
    (code) => {
      for (const host of ['ghcr.io', 'registry-1.docker.io', 'quay.io']) {
        const error = unanswered(failure(code), 'read', new URL(`https://${host}/v2/`));
        expect(error.message).toMatch(new RegExp(`this machine .*${host} \\(${code}\\): it seems to be offline`));
        expect(error.hint).toMatch(/online/);
        expect(error.hint).not.toMatch(/spelling/);
      }
    },
  );

  it.each([
    ['ECONNREFUSED', /check that the registry is running/],
    ['ENOTFOUND', /spelling/],
    ['EAI_AGAIN', /DNS/],
  ])('at an address that the registry named says who named it: %s', (code, own) => {
    const registry = new URL('https://registry.example');
    const elsewhere = (address: string) => unanswered(failure(code), 'upload', new URL(address), { registry }).hint;
    expect(elsewhere('https://registry.example/v2/')).toMatch(own);
    expect(elsewhere('https://storage.example/x')).toMatch(/^registry\.example sends us there: .*storage\.example/);
    expect(elsewhere('https://registry.example:8443/v2/x')).toMatch(/proxy in front of it probably hides the port/);
  });

  it('on the way through a proxy names it', () => {
    const cut = unanswered(failure('ECONNRESET'), 'read', URL_TLS, { proxy: PROXY.host });
    expect(cut.message).toMatch(/registry\.example:8443 through the proxy proxy\.example:3128 broke/);
    const silent = unanswered(new SilenceError('x'), 'read', URL_TLS, { proxy: PROXY.host });
    expect(silent.message).toMatch(/kept silent through the proxy proxy\.example:3128/);
  });

  it.each([
    ['refused', Object.assign(failure('ECONNREFUSED'), { syscall: 'connect' })],
    ['refused at several addresses', Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })],
    ['not found', Object.assign(failure('ENOTFOUND'), { syscall: 'getaddrinfo' })],
  ])('in reaching the proxy of a registry without TLS is the failure of the proxy: %s', (_, cause) => {
    const error = unanswered(cause, 'read', new URL('http://registry.example/v2/'), { proxy: PROXY.host });
    expect(error.message).toMatch(/the proxy proxy\.example:3128 cannot be reached/);
    expect(error.hint).toMatch(/http_proxy/);
  });

  it('of a registry that speaks TLS on a port without is told so', () => {
    const error = unanswered(failure('HPE_INVALID_CONSTANT'), 'read', new URL('http://registry.example'));
    expect(error.hint).toMatch(/https:\/\/registry\.example/);
  });
});
