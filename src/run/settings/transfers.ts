import type { InputReader } from './input-reader.js';
import type { READING_INPUTS } from './inputs.js';

/** More transfers than this at once help no registry and cost memory. */
const MOST_TRANSFERS = 64;

/** How many transfers or requests may be in flight; a number that is none is complained of to `input`. */
export function transfersOf(input: InputReader<Pick<typeof READING_INPUTS, 'concurrency'>>): number {
  return input.whole('concurrency', 1, MOST_TRANSFERS);
}
