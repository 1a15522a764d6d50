import { partAsked } from '../../src/serve/files/ranges.js';

const ETAG = '"sha256:abc"';
const asked = (range: string | undefined, condition?: string) =>
  partAsked({ range, 'if-range': condition }, 1000, ETAG);

describe('the part that is asked for', () => {
  it.each([
    ['bytes=0-9', { first: 0, last: 9 }],
    ['bytes=990-', { first: 990, last: 999 }],
    ['bytes=990-5000', { first: 990, last: 999 }],
    ['bytes=-16', { first: 984, last: 999 }],
    ['bytes=-5000', { first: 0, last: 999 }],
  ])('%s', (range, part) => {
    expect(asked(range)).toEqual(part);
  });

  it.each([undefined, '', 'bytes', 'bytes=', 'bytes=a-b', 'bytes=9-3', 'lines=0-9', 'bytes=0-9,20-29', 'bytes=0-0,-1'])(
    'is everything for %s',
    (range) => {
      expect(asked(range)).toBe('whole');
    },
  );

  it.each(['bytes=1000-', 'bytes=1000-2000', 'bytes=5000-', 'bytes=-0'])('is beyond the end for %s', (range) => {
    expect(asked(range)).toBe('beyond');
  });

  it('is everything for a client whose part is of something else', () => {
    expect(asked('bytes=0-9', ETAG)).toEqual({ first: 0, last: 9 });
    expect(asked('bytes=0-9', '"other"')).toBe('whole');
    expect(asked('bytes=0-9', 'Thu, 26 Nov 2026 00:00:00 GMT')).toBe('whole');
  });
});
