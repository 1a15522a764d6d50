import { digestOf } from '../../../../src/core/digest.js';
import { redacted } from '../../../../src/oci/registry/transport/redaction.js';

const DIGEST = digestOf(Buffer.from('x'));

describe('an address that is shown', () => {
  it.each([
    ['https://a:b@host.example/x#y', 'https://host.example/x'],
    [`https://host.example/u/7?_state=SECRET&digest=${DIGEST}`, `https://host.example/u/7?_state=***&digest=${DIGEST}`],
    ['https://s.example/b?X-Amz-Signature=SECRET&sig=SECRET', 'https://s.example/b?X-Amz-Signature=***&sig=***'],
    [
      'https://h.example/token?service=h&scope=repository%3Aa%3Apull',
      'https://h.example/token?service=h&scope=repository:a:pull',
    ],
  ])('keeps what was asked for and nothing that opens doors: %s', (url, expected) => {
    expect(redacted(new URL(url))).toBe(expected);
  });
});
