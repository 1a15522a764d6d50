import { UsageError } from '../errors.js';

/** How old something is to be. */
export interface Age {
  /** As written. */
  readonly text: string;
  readonly milliseconds: number;
}

const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;
const UNITS: Readonly<Record<string, number>> = {
  s: SECOND,
  m: 60 * SECOND,
  h: 60 * 60 * SECOND,
  d: DAY,
  w: 7 * DAY,
};
/** A hundred years: what is longer is a slip. */
const LONGEST = 36_525 * DAY;

/**
 * A whole number and its unit: seconds, minutes, hours, days of 24 hours, weeks of 7 days.
 * @throws UsageError for anything else, for 0, and for more than a hundred years
 */
export function parseAge(text: string): Age {
  const [, digits = '', unit = ''] = /^([0-9]{1,10})([smhdw])$/.exec(text.trim()) ?? [];
  const milliseconds = Number(digits) * (UNITS[unit] ?? Number.NaN);
  if (milliseconds > 0 && milliseconds <= LONGEST) return { text: text.trim(), milliseconds };
  throw new UsageError(`found "${text}", expected a number and one of s, m, h, d or w, as in 30d or 12h`);
}
