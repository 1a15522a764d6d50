import { UsageError } from '../errors.js';

const SECOND = 1_000;
const UNITS = { s: SECOND, m: 60 * SECOND, h: 3_600 * SECOND, d: 86_400 * SECOND, w: 7 * 86_400 * SECOND } as const;
/** Of any unit: a century in weeks. */
const LONGEST = 100 * 366 * UNITS.d;

/**
 * An age as people write it: `90m`, `36h`, `30d`, `8w`.
 * @returns milliseconds
 * @throws UsageError for anything else
 */
export function parseAge(text: string): number {
  const [, digits = '', unit = ''] = /^([0-9]{1,9})([smhdw])$/.exec(text.trim()) ?? [];
  const age = Number(digits) * (UNITS[unit as keyof typeof UNITS] ?? Number.NaN);
  if (age > 0 && age <= LONGEST) return age;
  throw new UsageError(`Cannot use "${text}" as an age`, {
    hint: 'write a number and a unit: s, m, h, d or w for seconds to weeks, as in 30d',
  });
}
