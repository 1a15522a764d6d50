import { UsageError } from '../../core/errors.js';

/** The last second of the year 9999, which is as far as RFC 3339 reaches. */
const LAST_SECOND = 253_402_300_799;

/**
 * The time of creation that all documents of a run carry: RFC 3339, whole seconds, `Z`.
 * @param epoch `SOURCE_DATE_EPOCH`, seconds since 1970; empty or `undefined` = not set
 * @param now milliseconds since 1970
 * @throws UsageError if `epoch` is no such number
 * @see https://reproducible-builds.org/specs/source-date-epoch/
 */
export function createdAt(epoch: string | undefined, now: number): string {
  const text = epoch?.trim() ?? '';
  if (text === '') return seconds(Math.floor(now / 1_000));
  const given = Number(text);
  if (!/^[0-9]{1,12}$/.test(text) || given > LAST_SECOND) {
    throw new UsageError(`Cannot use SOURCE_DATE_EPOCH: found "${text}", expected whole seconds since 1970`, {
      hint: 'set it to what `git log -1 --format=%ct` prints, or unset it to use the time of the run',
    });
  }
  return seconds(given);
}

function seconds(since1970: number): string {
  return new Date(since1970 * 1_000).toISOString().replace('.000Z', 'Z');
}
