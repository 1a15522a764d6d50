import { randomInt } from 'node:crypto';

/** Seeds that found something once, and the first one. Another one is added to every run. */
const KEPT = [20260801, 1, 2, 4242, 542333876, 284262231, 1611754267];
const { DIFFERENTIAL_SEED, DIFFERENTIAL_RUNS } = process.env;

/** `DIFFERENTIAL_SEED=… npm run e2e -- differential` runs one seed again. */
export const seeds: readonly number[] = DIFFERENTIAL_SEED ? [Number(DIFFERENTIAL_SEED)] : [...KEPT, randomInt(2 ** 31)];

/** How many files of a kind are generated for each seed, which `DIFFERENTIAL_RUNS` sets. */
export const runs = Number(DIFFERENTIAL_RUNS ?? 400);
