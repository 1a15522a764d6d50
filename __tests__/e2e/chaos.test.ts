import { Ordeal, type Verdict } from './support/ordeal.js';

/** More of them: `npm run chaos`. */
const SEEDS = Array.from({ length: 32 }, (_, at) => at + 1);
/** One of each kind of schedule, twice. */
const SHIPPED = SEEDS.slice(0, 8);

describe('between us and a registry with token sign-in, faults of any kind', () => {
  let ordeal: Ordeal;
  const verdicts: Verdict[] = [];

  beforeAll(async () => {
    ordeal = await Ordeal.open();
  });
  afterAll(async () => {
    await ordeal.close();
    const count = (outcome: Verdict['outcome']) => verdicts.filter((verdict) => verdict.outcome === outcome).length;
    const faults = verdicts.reduce((sum, { met }) => sum + met.length, 0);
    process.stdout.write(
      `chaos: ${verdicts.length} schedules, ${faults} faults, ${count('success')} successes, ${count('clear failure')} clear failures\n`,
    );
  });

  const judge = (verdict: Verdict): void => {
    verdicts.push(verdict);
    const { wrong, met, said } = verdict;
    expect({ wrong, met, said }).toEqual({ wrong: [], met, said });
  };

  it.each(SEEDS)('end in success or in a clear failure, and list nothing by half: seed %d', async (seed) => {
    judge(await ordeal.run(seed));
  });

  it.each(SHIPPED)('do so for the shipped command, too: seed %d', async (seed) => {
    judge(await ordeal.runShipped(seed));
  });
});
