import { describeStore, type Leniency } from '../oci/store.contract.js';
import { storeOn } from '../support/registry-store.js';
import {
  type Registry,
  startBasicDistribution,
  startCrane,
  startOlareg,
  startOpenDistribution,
  startTokenDistribution,
} from './support/registries.js';

/** The contract on real registries. One server runs for all rules; each rule gets a namespace of its own. */
describe.each<[string, () => Promise<Registry>, readonly Leniency[]]>([
  ['distribution, open', startOpenDistribution, []],
  ['distribution with Basic sign-in', startBasicDistribution, []],
  ['distribution with token sign-in', startTokenDistribution, []],
  ["crane's registry", startCrane, ['missing blobs', 'kept tags']],
  ['olareg', startOlareg, []],
])('on %s', (name, start, lenient) => {
  let registry: Registry;
  let rules = 0;
  beforeAll(async () => {
    registry = await start();
  });
  afterAll(() => registry.stop());

  const open = async () => {
    rules += 1;
    const { host, credentials } = registry;
    const login = credentials
      ? { kind: 'basic' as const, ...credentials, source: 'the test' }
      : { kind: 'anonymous' as const };
    const store = storeOn({ host, credentials: login });
    return { store, namespace: `owner/rule-${rules}`, close: async () => store.close() };
  };
  describeStore(name, open, lenient);
});
