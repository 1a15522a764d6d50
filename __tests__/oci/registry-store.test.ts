import { type RegistryOptions, startRegistry } from '../support/registry.js';
import { storeOn } from '../support/registry-store.js';
import { describeStore, type OpenStore } from './store.contract.js';

async function open(options: Partial<RegistryOptions>): Promise<OpenStore> {
  const registry = await startRegistry(options);
  const store = storeOn(registry);
  return {
    store,
    close: async () => {
      store.close();
      await registry.stop();
    },
  };
}

describeStore('an open registry', () => open({}));
describeStore('a registry with Basic sign-in, which takes blobs in a single POST', () =>
  open({ auth: 'basic', singlePost: true, location: 'query' }),
);
describeStore('a registry with Bearer sign-in and tags on pages', () =>
  open({ auth: 'bearer', pageSize: 2, location: 'absolute' }),
);
describeStore('a registry that can do little', () =>
  open({
    auth: 'bearer',
    tokenMember: 'access_token',
    service: false,
    mount: false,
    location: 'query',
    ranges: 'ignored',
  }),
);
