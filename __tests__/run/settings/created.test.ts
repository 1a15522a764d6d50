import { createdAt } from '../../../src/run/settings/created.js';

const NOW = Date.UTC(2026, 10, 21, 3, 4, 5, 678);

describe('the time of creation', () => {
  it.each([
    ['now, in whole seconds, if nothing is set', undefined, '2026-11-21T03:04:05Z'],
    ['now if the variable is empty', '', '2026-11-21T03:04:05Z'],
    ['SOURCE_DATE_EPOCH', '1700000000', '2023-11-14T22:13:20Z'],
    ['the first second there is', '0', '1970-01-01T00:00:00Z'],
    ['the last second RFC 3339 can write', '253402300799', '9999-12-31T23:59:59Z'],
  ])('is %s', (_what, epoch, expected) => {
    expect(createdAt(epoch, NOW)).toBe(expected);
  });

  it.each(['yesterday', '-1', '1.5', '1e9', '253402300800', '0x10'])('refuses SOURCE_DATE_EPOCH=%s', (epoch) => {
    expect(() => createdAt(epoch, NOW)).toThrow(/SOURCE_DATE_EPOCH: found/);
  });
});
