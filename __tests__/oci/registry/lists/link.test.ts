import { nextPage } from '../../../../src/oci/registry/lists/link.js';

describe('the Link to the next page', () => {
  const base = new URL('https://registry.example/v2/owner/demo/tags/list?n=2');

  it.each([
    ['absolute', '<https://registry.example/v2/x?last=b&n=2>; rel="next"', 'https://registry.example/v2/x?last=b&n=2'],
    [
      'relative',
      '</v2/owner/demo/tags/list?last=b>; rel="next"',
      'https://registry.example/v2/owner/demo/tags/list?last=b',
    ],
    [
      'with an empty parameter, as ACR has it',
      '</v2/x?n=2&orderby=>; rel="next"',
      'https://registry.example/v2/x?n=2&orderby=',
    ],
    ['without quotes', '</v2/x>; rel=next', 'https://registry.example/v2/x'],
    ['with blanks and further parameters', '< /v2/x > ; title="a, b" ; rel = "next"', 'https://registry.example/v2/x'],
    ['among others', '</v2/a>; rel="prev", </v2/b>; rel="next"', 'https://registry.example/v2/b'],
    ['of several relations', '</v2/b>; rel="last next"', 'https://registry.example/v2/b'],
    ['with a comma inside', '</v2/x?last=a,b>; rel="next"', 'https://registry.example/v2/x?last=a,b'],
  ])('is found: %s', (_, header, expected) => {
    expect(nextPage(header, base)?.href).toBe(expected);
  });

  it.each([[undefined], [''], ['</v2/x>; rel="prev"'], ['</v2/x>'], ['/v2/x; rel="next"'], ['<http://[>; rel="next"']])(
    'is not there: %s',
    (header) => {
      expect(nextPage(header, base)).toBeUndefined();
    },
  );
});
