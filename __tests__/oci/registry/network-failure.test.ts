import { SilenceError, unanswered } from '../../../src/oci/registry/network-failure.js';
import { ProxyFailure } from '../../../src/oci/registry/tunnel.js';

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
    ['a host that does not exist', failure('ENOTFOUND'), /no host registry\.example/, /spelling/, false],
    ['a registry that is not running', failure('ECONNREFUSED'), /takes no connections/, /running/, true],
    ['a cut connection', failure('ECONNRESET'), /broke \(ECONNRESET\)/, /^$/, true],
    ['a name server in trouble', failure('EAI_AGAIN'), /broke \(EAI_AGAIN\)/, /^$/, true],
    ['no way there', failure('EHOSTUNREACH'), /broke \(EHOSTUNREACH\)/, /^$/, true],
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

  it('of a registry that speaks TLS on a port without is told so', () => {
    const error = unanswered(failure('HPE_INVALID_CONSTANT'), 'read', new URL('http://registry.example'));
    expect(error.hint).toMatch(/https:\/\/registry\.example/);
  });
});
