import { common } from './jest.config.js';

/** The suite of `npm run e2e`: the built bundle against real registries, which `.ci/run` installs. */
export default {
  ...common,
  testMatch: ['<rootDir>/__tests__/e2e/**/*.test.ts'],
  testTimeout: 300_000,
  maxWorkers: 1,
  setupFilesAfterEnv: ['<rootDir>/__tests__/e2e/support/ledger.setup.ts'],
};
