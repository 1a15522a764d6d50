import { formsOf, ledger } from './support/ledger.js';

const SECRET = 'p4ss/word+of?nobody=';

/** A search that finds nothing anywhere would find nothing to complain of. */
describe('the search for secrets', () => {
  const encoded: readonly (readonly [string, string])[] = [
    ['as it is', SECRET],
    ...[0, 1, 2, 3].flatMap((before): [string, string][] =>
      [0, 1, 2].map((after) => [
        `in base64 of ${before} bytes before and ${after} after it`,
        Buffer.from(`${'u'.repeat(before)}${SECRET}${'x'.repeat(after)}`).toString('base64'),
      ]),
    ),
    ['in base64url', Buffer.from(`user:${SECRET}`).toString('base64url')],
    ['in hex', Buffer.from(SECRET).toString('hex')],
    ['in capital hex', Buffer.from(SECRET).toString('hex').toUpperCase()],
    ['in a URL', `https://x.example/?a=${encodeURIComponent(SECRET)}`],
    ['in a form', new URLSearchParams({ a: SECRET }).toString()],
    ['in JSON', JSON.stringify({ a: SECRET })],
  ];

  it.each(encoded)('finds one %s', (_, text) => {
    expect(formsOf(SECRET).filter(([, form]) => text.includes(form))).not.toEqual([]);
  });

  it('has nothing to find in this file', () => {
    expect(ledger.leaks()).toEqual([]);
  });
});
