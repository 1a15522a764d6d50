import { formFor, HTML_V1, JSON_V1, PLAIN_HTML } from '../../src/simple/negotiation.js';

describe('the form of a page', () => {
  it.each([
    ['no header', undefined, PLAIN_HTML],
    ['a browser or curl', '*/*', PLAIN_HTML],
    ['pip', `${JSON_V1}, ${HTML_V1}; q=0.1, text/html; q=0.01`, JSON_V1],
    ['uv', `${JSON_V1}, ${HTML_V1};q=0.2, text/html;q=0.01`, JSON_V1],
    ['Poetry', `${JSON_V1}, */*;q=0.1`, JSON_V1],
    ['Dependabot', 'text/html', PLAIN_HTML],
    ['the versioned HTML', HTML_V1, HTML_V1],
    ['the latest JSON', 'application/vnd.pypi.simple.latest+json', JSON_V1],
    ['the latest HTML', 'application/vnd.pypi.simple.latest+html', HTML_V1],
    ['HTML before JSON', `text/html, ${JSON_V1};q=0.5`, PLAIN_HTML],
    ['JSON that is refused', `${JSON_V1};q=0, */*`, PLAIN_HTML],
  ])('for %s', (_, accept, expected) => {
    expect(formFor(accept)).toBe(expected);
  });

  it.each(['application/json', 'image/png', 'application/vnd.pypi.simple.v2+json', 'text/html;q=0'])(
    'is none for %s',
    (accept) => {
      expect(formFor(accept)).toBeUndefined();
    },
  );

  it.each([',,,', ';;;', 'a/b;q=x', 'text', '\u0000', `${'text/html,'.repeat(500)}`])(
    'does not fail on %j',
    (accept) => {
      expect([undefined, PLAIN_HTML]).toContain(formFor(accept));
    },
  );
});
