import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { TARGETS } from './targets.js';

/** One seed for all runs here, so that a change that breaks nothing fails nothing; `npm run fuzz` takes others. */
const RUNS = { seed: 20260801, numRuns: 250 };

describe.each(TARGETS.map((target) => [target.name, target] as const))(
  'the parser of %s',
  (_name, { property, long }) => {
    it('gives an answer or a PublishError, and keeps its promises', () => fc.assert(property, RUNS));

    it('is not kept busy by inputs that go on and on', async () => {
      for (const attempt of long()) {
        await attempt();
        // Lets the time limit of the test strike.
        await setImmediate();
      }
    });
  },
);
