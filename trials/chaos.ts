/**
 * Seeded faults between us and a real registry: `npm run chaos`. Arguments: how many schedules in this process (1000), how
 * many with the shipped command (20), and the first seed (1). Ends with 1 if anything was wrong.
 */
import { Ordeal, type Verdict } from '../__tests__/e2e/support/ordeal.js';

const [inside = 1_000, shipped = 20, first = 1] = process.argv.slice(2).map(Number);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const verdicts: Verdict[] = [];
let strayed = 0;

const ordeal = await Ordeal.open();
try {
  for (let seed = first; seed < first + inside; seed += 1) await take(seed, () => ordeal.run(seed));
  for (let seed = first; seed < first + shipped; seed += 1) await take(seed, () => ordeal.runShipped(seed));
} finally {
  await ordeal.close();
}

const count = (outcome: Verdict['outcome']): number => verdicts.filter((verdict) => verdict.outcome === outcome).length;
const wrong = verdicts.filter((verdict) => verdict.wrong.length);
const longest = (time: (verdict: Verdict) => number): string => {
  const [most] = [...verdicts].sort((a, b) => time(b) - time(a));
  return most ? `${(time(most) / 1000).toFixed(1)} s (seed ${most.seed})` : 'none';
};
print(`${verdicts.length} schedules, ${verdicts.reduce((sum, { met }) => sum + met.length, 0)} faults met`);
print(`${count('success')} successes, ${count('clear failure')} clear failures, ${count('hang')} hangs`);
print(`${wrong.length} wrong outcomes${wrong.length ? `: seeds ${wrong.map(({ seed }) => seed).join(', ')}` : ''}`);
print(`${strayed} requests were led elsewhere`);
print(`longest run ${longest(({ real }) => real)}; by its own clock ${longest(({ seen }) => seen)}`);
if (wrong.length) process.exitCode = 1;

async function take(seed: number, run: () => Promise<Verdict>): Promise<void> {
  const verdict = await run();
  verdicts.push(verdict);
  strayed += ordeal.strayed;
  if (verdict.wrong.length)
    print(`seed ${seed}: ${verdict.wrong.join('; ')}\n  ${verdict.met.join('\n  ')}\n  said: ${verdict.said}`);
  else if (verdicts.length % 100 === 0) print(`${verdicts.length} runs, up to seed ${seed}`);
}
