import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import type { Target } from './target.js';

/** One seed for all runs here, so that a change that breaks nothing fails nothing; `npm run fuzz` takes others. */
const RUNS = { seed: 20260801, numRuns: 250 };
/** Milliseconds for hundreds of inputs of a megabyte, which take seconds; one that is looked at again and again takes hours. */
const LONGEST = 120_000;

/** What is promised of every parser. Two files share them, so that two processors do. */
export function describeParsers(targets: readonly Target[]): void {
  describe.each(targets.map((target) => [target.name, target] as const))(
    'the parser of %s',
    (_name, { property, long }) => {
      it('gives an answer or a UserError, and keeps its promises', () => fc.assert(property, RUNS));

      if (!long) return;
      it(
        'is not kept busy by inputs that go on and on',
        async () => {
          let attempts = 0;
          for (const attempt of long()) {
            await attempt();
            attempts += 1;
            // Lets the time limit of the test strike.
            await setImmediate();
          }
          expect(attempts).toBeGreaterThan(0);
        },
        LONGEST,
      );
    },
  );
}
