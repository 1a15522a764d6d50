import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { matching, parseSpecifiers } from '../../src/python/specifier.js';
import { parseVersion } from '../../src/python/version.js';
import { installers } from './support/installers/environment.js';

const COUNT = 20_000;
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? Math.floor(Math.random() * 1e9));

it(`specifiers take the versions that pip's library takes (seed ${SEED})`, () => {
  const script = fileURLToPath(new URL('support/specifier_pairs.py', import.meta.url));
  const options = { encoding: 'utf8', maxBuffer: 64 << 20 } as const;
  const printed = execFileSync(installers().python, [script, String(SEED), String(COUNT)], options);
  const pairs = JSON.parse(printed) as readonly (readonly [string, string, boolean])[];
  const differing = pairs.filter(
    ([version, specifier, fits]) =>
      (matching([version], parseSpecifiers(specifier), parseVersion).length === 1) !== fits,
  );
  expect(differing).toEqual([]);
  expect(pairs.filter(([, , fits]) => fits).length).toBeGreaterThan(COUNT / 10);
});
