import { complaintText, parseComplaints } from '../../../src/oci/registry/complaints.js';

const text = (body: string): string => complaintText(parseComplaints(body));

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
    ['errors that are none', '{"errors":[null,"x",{}]}', ''],
    ['lines and blanks folded', '{"errors":[{"code":"X","message":"a\\n  b"}]}', 'X: a b'],
  ])('are kept: %s', (_, body, expected) => {
    expect(text(body)).toBe(expected);
  });

  it('cannot draw on a terminal or command a runner', () => {
    const said = text(JSON.stringify({ errors: [{ code: '::error::x', message: '\u001b[2J##[error]hm\u202e' }] }));
    for (const danger of ['::', '##[', '\u001b', '\u202e']) expect(said).not.toContain(danger);
  });

  it('are cut where they are long, and few where they are many', () => {
    const errors = Array.from({ length: 50 }, () => ({ code: 'C'.repeat(5000), message: 'm'.repeat(5000) }));
    expect(text(JSON.stringify({ errors })).length).toBeLessThan(3000);
    expect(text('y'.repeat(100_000)).length).toBeLessThan(500);
  });
});
