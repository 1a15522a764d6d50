import fc from 'fast-check';
import {
  delayBeforeRetry,
  isTemporary,
  PATIENCE,
  parseRetryAfter,
} from '../../../../src/oci/registry/transport/retry.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const first = { attempt: 1, waitedForStep: 0, waitedInAll: 0, retryAfter: undefined };

describe('Retry-After', () => {
  it.each([
    ['seconds', '7', 7_000],
    ['at once', '0', 0],
    ['parts of seconds, which are not in the standard and are sent', '0.25', 250],
    ['a date', 'Sat, 21 Nov 2026 10:00:05 GMT', 5_000],
    ['a date in the old form', 'Saturday, 21-Nov-26 10:00:05 GMT', 5_000],
    ['a date that has passed', 'Sat, 21 Nov 2026 09:00:00 GMT', 0],
    ['nothing', undefined, undefined],
    ['an empty value', '', undefined],
    ['words', 'soon', undefined],
    ['a negative number', '-5', undefined],
    ['a duration of Go', '10.305464ms', undefined],
    ['a year and nothing else', '99999999999', undefined],
  ])('is understood: %s', (_, header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected);
  });
});

describe('the wait before another try', () => {
  it('is any from nothing to a bound that doubles, so that those who failed together come back apart', () => {
    const bounds = [1, 2, 3, 4, 5].map((attempt) => delayBeforeRetry({ ...first, attempt }, 1, PATIENCE));
    expect(bounds).toEqual([500, 1000, 2000, 4000, 8000]);
    expect(delayBeforeRetry({ ...first, attempt: 5 }, 0, PATIENCE)).toBe(0);
  });

  it('has a longest bound', () => {
    const patience = { ...PATIENCE, attempts: 50 };
    expect(delayBeforeRetry({ ...first, attempt: 12 }, 1, patience)).toBe(PATIENCE.longestDelay);
  });

  it('is never shorter than the registry asked for', () => {
    expect(delayBeforeRetry({ ...first, retryAfter: 30_000 }, 0, PATIENCE)).toBe(30_000);
    expect(delayBeforeRetry({ ...first, retryAfter: 30_000 }, 0.5, PATIENCE)).toBe(30_250);
  });

  it.each([
    ['the tries are used up', { attempt: PATIENCE.attempts }],
    ['the registry asks for more than we wait', { retryAfter: PATIENCE.longestRetryAfter + 1 }],
    ['the step has waited enough', { waitedForStep: PATIENCE.stepBudget }],
    ['the run has waited enough', { waitedInAll: PATIENCE.totalBudget }],
  ])('ends when %s', (_, change) => {
    expect(delayBeforeRetry({ ...first, ...change }, 0.5, PATIENCE)).toBeUndefined();
  });

  it('never takes a step or a run over its budget, whatever the registry asks', () => {
    const retryAfter = fc.option(fc.nat(PATIENCE.longestRetryAfter * 2), { nil: undefined });
    fc.assert(
      fc.property(fc.array(fc.tuple(retryAfter, fc.double({ min: 0, max: 1, noNaN: true }))), (failures) => {
        let waited = 0;
        for (const [index, [asked, chance]] of failures.entries()) {
          const standing = { attempt: index + 1, waitedForStep: waited, waitedInAll: waited, retryAfter: asked };
          const delay = delayBeforeRetry(standing, chance, PATIENCE);
          if (delay === undefined) break;
          waited += delay;
          expect(delay).toBeGreaterThanOrEqual(asked ?? 0);
        }
        expect(waited).toBeLessThanOrEqual(PATIENCE.stepBudget);
      }),
    );
  });
});

it.each([
  [408, true],
  [429, true],
  [500, true],
  [502, true],
  [503, true],
  [504, true],
  [400, false],
  [401, false],
  [403, false],
  [404, false],
  [413, false],
  [501, false],
])('a status of %i may pass later: %s', (status, temporary) => {
  expect(isTemporary(status)).toBe(temporary);
});
