/**
 * Every parser of foreign text and bytes, tried for longer than the tests do: `npm run fuzz`. Arguments: seconds for
 * each parser (10), a seed (a new one), and a part of a parser's name, to try only those.
 */

import { randomInt } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import type { Target } from '../__tests__/fuzz/target.js';
import { TARGETS } from '../__tests__/fuzz/targets.js';

const [seconds = '10', seed = String(randomInt(2 ** 31)), part = ''] = process.argv.slice(2);

/** Tries one parser for a while. Resolves to what was found. */
async function tried({
  property,
  long,
}: Target): Promise<{ readonly inputs: number; readonly found: string | undefined }> {
  let inputs = 0;
  try {
    for (const attempt of long?.() ?? []) {
      await attempt();
      inputs += 1;
    }
  } catch (error) {
    return { inputs, found: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  const details = await fc.check(property, {
    seed: Number(seed),
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: Number(seconds) * 1_000,
    endOnFailure: true,
  });
  return {
    inputs: inputs + details.numRuns,
    found: details.failed && details.errorInstance ? fc.defaultReportMessage(details) : undefined,
  };
}

process.stdout.write(`seed ${seed}, ${seconds} s for each parser\n`);
let failures = 0;
for (const target of TARGETS.filter(({ name }) => name.includes(part))) {
  const start = performance.now();
  const { inputs, found } = await tried(target);
  const took = ((performance.now() - start) / 1_000).toFixed(1);
  if (found !== undefined) failures += 1;
  process.stdout.write(
    `${target.name.padEnd(44)} ${String(inputs).padStart(9)} inputs ${took.padStart(7)} s  ${found ?? 'no failure'}\n`,
  );
}
process.exitCode = failures === 0 ? 0 : 1;
