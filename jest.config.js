/** @type {import('jest').Config} */
export const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  // The sources name their imports as Node will find them (`./x.js`); jest looks for `./x.ts`.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // Types are checked by `npm run types`, once for all files.
  transform: { '^.+\\.ts$': '<rootDir>/scripts/erase-types.mjs' },
};

/** The suite of `npm test`: needs nothing but Node. */
export default {
  ...common,
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  testPathIgnorePatterns: ['/__tests__/e2e/'],
  // For what hangs. Nothing takes more than a few seconds on a machine that has nothing else to do.
  testTimeout: 60_000,
  // All processors: the process that hands out the files has next to nothing to do.
  maxWorkers: '100%',
  // Node 20 keeps the modules of every file that a worker has run, and what it keeps slows down all later ones.
  workerIdleMemoryLimit: '200MB',
};
