import { PackagesService } from '../../support/packages-service.js';
import { CacheService } from './cache-service.js';
import { Matrix, type Setting } from './matrix.js';
import { startReferring } from './referring-registry.js';
import { type Registry, startTokenDistribution } from './registries.js';

/** One way in which publishers of a version meet, on a registry that has it. */
export interface Mode {
  readonly name: string;
  readonly start: () => Promise<Registry>;
  /** What the log says of it. */
  readonly protection: string;
  /** What the steps are given, once the proxy runs. */
  readonly setting: (matrix: Matrix) => Promise<Setting>;
  readonly close?: () => Promise<void>;
}

const packages = new PackagesService({ runStart: 0 });
const cache = new CacheService();

export const SETTLE: Mode = {
  name: 'settle',
  protection: 'protected by timing: the index held still',
  start: startTokenDistribution,
  setting: async () => ({ inputs: { coordination: 'settle' }, env: {} }),
};
export const REFERRERS: Mode = {
  name: 'referrers',
  protection: "agree through the registry's referrers",
  start: startReferring,
  setting: async () => ({ inputs: { coordination: 'auto' }, env: {} }),
};
export const PACKAGES: Mode = {
  name: 'packages',
  protection: "agree through the package's list of versions",
  start: startTokenDistribution,
  setting: async ({ proxy }) => {
    await packages.start();
    packages.registry = `http://${proxy.host}`;
    proxy.pushed = ({ repository, reference, digest }) => {
      packages.pushed(repository, digest, reference.startsWith('sha256:') ? undefined : reference);
    };
    const env = { GITHUB_SERVER_URL: 'http://127.0.0.1:1', GITHUB_API_URL: packages.url };
    // GitHub's own registry, as the API tells it: one that is named, and not as GitHub names its own, is taken for another.
    return { inputs: { coordination: 'auto', registry: '' }, env };
  },
  close: () => packages.stop(),
};
export const CACHE: Mode = {
  name: 'cache',
  protection: 'the Actions cache told of other jobs',
  start: startTokenDistribution,
  setting: async () => {
    await cache.start();
    return { inputs: { coordination: 'cache' }, env: cache.environment };
  },
  close: () => cache.stop(),
};

/** Runs `work` with processes on a registry of the mode, and looks for damage at the end. */
export async function withMatrix(
  mode: Mode,
  work: (matrix: Matrix, setting: Setting) => Promise<void>,
  size: number,
): Promise<void> {
  const registry = await mode.start();
  const matrix = new Matrix(registry, size);
  await matrix.proxy.start();
  try {
    await work(matrix, await mode.setting(matrix));
    expect(await matrix.problems()).toEqual([]);
  } finally {
    await mode.close?.();
    await matrix.close();
    await registry.stop();
  }
}
