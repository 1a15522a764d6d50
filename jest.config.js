/** @type {import('jest').Config} */
export const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  // The sources name their imports as Node will find them (`./x.js`); jest looks for `./x.ts`.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // Types are checked by `npm run types`, once for all files.
  transform: { '^.+\\.ts$': '<rootDir>/scripts/erase-types.mjs' },
  testTimeout: 30_000,
};

/** The suite of `npm test`: needs nothing but Node. */
export default {
  ...common,
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  testPathIgnorePatterns: ['/__tests__/e2e/'],
};
