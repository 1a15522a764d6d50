import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { Fault } from '../../src/python/metadata/grammar/fault.js';
import { readRequirement } from '../../src/python/metadata/grammar/requirement.js';
import { specifiersFault } from '../../src/python/metadata/grammar/specifiers.js';
import { withoutSpace } from '../../src/python/metadata/grammar/white-space.js';
import { requirementTexts, specifierTexts } from '../support/hostile/requirements.js';

const { GRAMMAR_SEED, GRAMMAR_RUNS } = process.env;
const seeds = GRAMMAR_SEED ? [Number(GRAMMAR_SEED)] : [20260801, randomInt(2 ** 31)];
const runs = Number(GRAMMAR_RUNS ?? 4_000);
/** What pip reads with since its version 26. */
const CURRENT = 26;
/** What older ones refuse, such as that of pip before 24.1. */
const NEWER = /,[\t ]*(?:[);]|$)|@|===|not {2}in|\n|extras|dependency_groups/;

/** What Python has against each text, and the version of `packaging` that says so. */
function readByPython(field: string, texts: readonly string[]): readonly [version: string, (string | null)[]] {
  const script = fileURLToPath(new URL('support/grammar_reader.py', import.meta.url));
  const input = texts.map((text) => `${JSON.stringify({ field, text })}\n`).join('');
  const answers = execFileSync('python3', ['-I', script], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const [version, ...verdicts] = answers
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as string | null);
  return [String(version), verdicts];
}

describe.each<[string, fc.Arbitrary<string>, (text: string) => Fault | undefined]>([
  ['Requires-Dist', requirementTexts, (text) => readRequirement(text).fault],
  ['Requires-Python', specifierTexts, (text) => specifiersFault(withoutSpace(text))],
])('a generated %s', (field, values, faultOf) => {
  it.each(seeds)('that we take, Python takes, and what we say pip refuses, it refuses (seed %d)', (seed) => {
    const texts = fc.sample(values, { seed, numRuns: runs });
    const [version, verdicts] = readByPython(field, texts);
    expect(verdicts).toHaveLength(texts.length);
    const compared = texts.map((text, at) => ({ text, fault: faultOf(text), said: verdicts[at] }));
    const taken = compared.filter(({ fault }) => !fault);
    expect(taken.length).toBeGreaterThan(runs / 20);
    const current = Number.parseInt(version, 10) >= CURRENT;
    expect(taken.filter(({ text, said }) => said !== null && (current || !NEWER.test(text)))).toEqual([]);
    if (!current) return;
    const refused = compared.filter(({ fault }) => fault?.by === 'pip');
    expect(refused.length).toBeGreaterThan(runs / 20);
    // Python takes nearly anything behind "===", which uv does not: either is a reason.
    expect(refused.filter(({ text, said }) => said === null && !text.includes('==='))).toEqual([]);
  });
});
