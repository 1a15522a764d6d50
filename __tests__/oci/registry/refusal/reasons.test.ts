import { parseReasons, reasonText } from '../../../../src/oci/registry/refusal/reasons.js';

const text = (body: string): string => reasonText(parseReasons(body));

describe("a registry's own words", () => {
  it.each([
    [
      'as the spec has them',
      '{"errors":[{"code":"DENIED","message":"permission_denied: write_package"}]}',
      'DENIED: permission_denied: write_package',
    ],
    ['several', '{"errors":[{"code":"A","message":"one"},{"code":"B","message":"two"}]}', 'A: one; B: two'],
    ['without a message', '{"errors":[{"code":"UNAUTHORIZED"}]}', 'UNAUTHORIZED'],
    ['without a code, as Artifactory has them', '{"errors":[{"status":405,"message":"Not allowed"}]}', 'Not allowed'],
    [
      'with the reason in the detail only',
      '{"errors":[{"code":"UNKNOWN","detail":{"err":"disk full"}}]}',
      'UNKNOWN: {"err":"disk full"}',
    ],
    ['of a token service', '{"error":"invalid_grant","error_description":"expired"}', 'invalid_grant: expired'],
    [
      'of a token service in another way',
      '{"details":"incorrect username or password"}',
      'incorrect username or password',
    ],
    ['as plain text', 'upstream connect error', 'upstream connect error'],
    [
      'as a page of HTML: its title',
      '<html><head><title>502 Bad Gateway</title></head><body>x</body></html>',
      '502 Bad Gateway',
    ],
    ['none', '', ''],
    ['JSON that says nothing', '[]', ''],
    ['errors that are none', '{"errors":[null,{},7,""]}', ''],
    [
      'errors that are texts',
      '{"errors":["the tag is not good","nor is the name"]}',
      'the tag is not good; nor is the name',
    ],
    [
      'with a detail that is text',
      '{"errors":[{"code":"MANIFEST_INVALID","message":"manifest invalid","detail":"unknown media type: application/pyoci.package.v1"}]}',
      'MANIFEST_INVALID: manifest invalid: unknown media type: application/pyoci.package.v1',
    ],
    [
      'with a detail that is an object',
      '{"errors":[{"code":"DENIED","message":"denied","detail":{"reason":"quota","used":7}}]}',
      'DENIED: denied: {"reason":"quota","used":7}',
    ],
    [
      'with a detail that is a list',
      '{"errors":[{"code":"UNAUTHORIZED","message":"no","detail":[{"Name":"owner/demo","Action":"push"}]}]}',
      'UNAUTHORIZED: no: [{"Name":"owner/demo","Action":"push"}]',
    ],
    ['with a detail that is a number', '{"errors":[{"code":"A","message":"b","detail":7}]}', 'A: b: 7'],
    ['with an empty detail', '{"errors":[{"code":"A","message":"b","detail":{}}]}', 'A: b'],
    ['with a detail that repeats the message', '{"errors":[{"code":"A","message":"b c","detail":"b c"}]}', 'A: b c'],
    ['as a message alone', '{"message":"name is wrong"}', 'name is wrong'],
    ['as an error alone', '{"error":"name is wrong"}', 'name is wrong'],
    [
      'as problem details',
      '{"type":"about:blank","title":"Forbidden","status":403,"detail":"it is frozen"}',
      'Forbidden: it is frozen',
    ],
    [
      "as Google's APIs have them",
      '{"error":{"code":403,"message":"Permission denied","status":"PERMISSION_DENIED"}}',
      'Permission denied',
    ],
    ["as Amazon's gateways have them", '{"Message":"User is not authorized"}', 'User is not authorized'],
    ["as Amazon's APIs have them", '{"__type":"AccessDeniedException","message":"no"}', 'AccessDeniedException: no'],
    ['as an error around a code and a message', '{"error":{"code":"locked","message":"no"}}', 'locked: no'],
    ['as a list without a wrapping', '[{"code":"A","message":"b"},"c"]', 'A: b; c'],
    ['as errors that are no list', '{"errors":{"code":"A","message":"b"}}', 'A: b'],
    ['as errors that are one text', '{"errors":"no more"}', 'no more'],
    ['as JSON of a text', '"no more"', 'no more'],
    ['in a form that nobody knows', '{"result":"frozen"}', '{"result":"frozen"}'],
    [
      "as the XML of a storage, without the request's signature",
      '<?xml version="1.0"?><Error><Code>SignatureDoesNotMatch</Code><Message>no match</Message><StringToSign>GET x</StringToSign></Error>',
      'SignatureDoesNotMatch: no match',
    ],
    ['as bytes that are no text', '\u001f\ufffd\u0008\u0000\ufffdVJ-*\ufffd', ''],
    ['lines and blanks folded', '{"errors":[{"code":"X","message":"a\\n  b"}]}', 'X: a b'],
  ])('are kept: %s', (_, body, expected) => {
    expect(text(body)).toBe(expected);
  });

  it('cannot draw on a terminal or command a runner', () => {
    const said = text(JSON.stringify({ errors: [{ code: '::error::x', message: '\u001b[2J##[error]hm\u202e' }] }));
    for (const danger of ['::', '##[', '\u001b', '\u202e']) expect(said).not.toContain(danger);
  });

  it.each([
    ['plain', (secret: string) => `you sent ${secret}`],
    ['in JSON with escapes', (secret: string) => `{"message":"you sent ${secret.replaceAll('/', '\\/')}"}`],
    ['in the detail', (secret: string) => JSON.stringify({ errors: [{ code: 'A', detail: { sent: secret } }] })],
    ['in a page, as entities', (secret: string) => `<html><p>you sent ${secret.replaceAll('/', '&#x2F;')}</p>`],
    ['across the place where it is cut', (secret: string) => `${'x'.repeat(390)} ${secret}`],
  ])('never hold a secret: %s', (_, body) => {
    const secret = 'dXNlcjpwYXNz/d29yZA/';
    const told = parseReasons(body(secret), (said) => said.replaceAll(secret, '***'));
    expect(reasonText(told)).not.toMatch(/dXNlc/);
    expect(told).not.toEqual([]);
  });

  it('have a code only where the spec or a token service has it, since "not there" is decided by codes', () => {
    const codes = (body: string): readonly string[] => parseReasons(body).map(({ code }) => code);
    expect(codes('{"errors":[{"code":"NOT_FOUND"}]}')).toEqual(['NOT_FOUND']);
    for (const body of [
      '{"error":{"code":"NOT_FOUND","message":"no such page"}}',
      '<Error><Code>NOT_FOUND</Code></Error>',
      '[{"code":"NOT_FOUND"}]',
      'NOT_FOUND',
    ])
      expect(codes(body)).toEqual(['']);
  });

  it('are cut where they are long, and few where they are many', () => {
    const errors = Array.from({ length: 50 }, () => ({ code: 'C'.repeat(5000), message: 'm'.repeat(5000) }));
    expect(text(JSON.stringify({ errors })).length).toBeLessThan(3000);
    expect(text('y'.repeat(100_000)).length).toBeLessThan(500);
  });
});
