import { digestOf } from '../../../src/core/digest.js';
import { uploadUrl } from '../../../src/oci/registry/location.js';

const DIGEST = digestOf(Buffer.from('x'));

describe('the Location of an upload', () => {
  const base = new URL('https://registry.example/v2/owner/demo/blobs/uploads/?mount=sha256:0');

  it.each([
    ['relative', '/v2/owner/demo/blobs/uploads/7', `/v2/owner/demo/blobs/uploads/7?digest=${DIGEST}`],
    ['relative to the request', '7', `/v2/owner/demo/blobs/uploads/7?digest=${DIGEST}`],
    ['absolute', 'https://registry.example/up/7', `/up/7?digest=${DIGEST}`],
    ['with an empty query', '/up/7?', `/up/7?digest=${DIGEST}`],
    [
      'with a query that must come back to the letter',
      '/up/7?_state=a%2Fb%3D+c&_nouploadcache=false',
      `/up/7?_state=a%2Fb%3D+c&_nouploadcache=false&digest=${DIGEST}`,
    ],
    ['with an empty parameter', '/up/7?_cache=', `/up/7?_cache=&digest=${DIGEST}`],
    ['with a fragment, which goes nowhere', '/up/7#x', `/up/7?digest=${DIGEST}`],
    ['with user info, which is not ours', 'https://a:b@registry.example/up/7', `/up/7?digest=${DIGEST}`],
  ])('is taken as it stands: %s', (_, location, expected) => {
    expect(uploadUrl(location, base, DIGEST).href).toBe(`https://registry.example${expected}`);
  });

  it('may be on another host', () => {
    expect(uploadUrl('https://storage.example/x?sig=1', base, DIGEST).href).toBe(
      `https://storage.example/x?sig=1&digest=${DIGEST}`,
    );
  });

  it.each([[undefined], [''], ['https://'], ['http://[']])('must be there and be an address: %s', (location) => {
    expect(() => uploadUrl(location, base, DIGEST)).toThrow(/Cannot upload sha256:.*registry\.example/);
  });
});
