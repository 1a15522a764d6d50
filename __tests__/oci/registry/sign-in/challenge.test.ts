import { parseChallenges } from '../../../../src/oci/registry/sign-in/challenge.js';

const bearer = (parameters: Record<string, string>) => ({ scheme: 'bearer', parameters });

describe('WWW-Authenticate', () => {
  it.each([
    [
      'a token service',
      'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:owner/demo:pull"',
      [bearer({ realm: 'https://ghcr.io/token', service: 'ghcr.io', scope: 'repository:owner/demo:pull' })],
    ],
    [
      'commas inside quotes',
      'Bearer realm="https://r/t",scope="repository:a:pull,push",error="insufficient_scope"',
      [bearer({ realm: 'https://r/t', scope: 'repository:a:pull,push', error: 'insufficient_scope' })],
    ],
    [
      'blanks around everything',
      '  Bearer   realm = "https://r/t" ,\t service= s ',
      [bearer({ realm: 'https://r/t', service: 's' })],
    ],
    ['names in any case', 'BEARER Realm="r",SERVICE="s"', [bearer({ realm: 'r', service: 's' })]],
    ['values without quotes', 'Bearer realm=https://r/t?a=b', [bearer({ realm: 'https://r/t?a=b' })]],
    [
      'escaped quotes',
      'Basic realm="the \\"old\\" one \\\\"',
      [{ scheme: 'basic', parameters: { realm: 'the "old" one \\' } }],
    ],
    ['an empty scope', 'Bearer realm="r",scope=""', [bearer({ realm: 'r', scope: '' })]],
    ['a scheme alone', 'Negotiate', [{ scheme: 'negotiate', parameters: {} }]],
    [
      'an opaque token behind a scheme',
      'Negotiate YWJj==, Basic realm="r"',
      [
        { scheme: 'negotiate', parameters: {} },
        { scheme: 'basic', parameters: { realm: 'r' } },
      ],
    ],
    [
      'two challenges in one header',
      'Bearer realm="r",service="s", Basic realm="b"',
      [bearer({ realm: 'r', service: 's' }), { scheme: 'basic', parameters: { realm: 'b' } }],
    ],
    ['empty elements', ', ,Basic realm="b",,', [{ scheme: 'basic', parameters: { realm: 'b' } }]],
    ['the first of two equal parameters', 'Bearer realm="r",realm="evil"', [bearer({ realm: 'r' })]],
    ['nothing', '', []],
    ['what no grammar has, up to there', 'Bearer realm="r" "', [bearer({ realm: 'r' })]],
    ['an unclosed quote, without it', 'Bearer realm="r', [bearer({ realm: '' })]],
    ['a parameter without a scheme: nothing', '="x"', []],
  ])('is read with %s', (_, header, expected) => {
    expect(parseChallenges([header])).toEqual(expected);
  });

  it('may come several times', () => {
    expect(parseChallenges(['Bearer realm="r"', 'Basic realm="b"']).map(({ scheme }) => scheme)).toEqual([
      'bearer',
      'basic',
    ]);
  });

  it('cannot reach the members that every object has', () => {
    const [challenge] = parseChallenges(['Bearer __proto__="x",constructor="y"']);
    expect(challenge?.parameters.realm).toBeUndefined();
    expect(Object.getPrototypeOf({}).x).toBeUndefined();
  });
});
