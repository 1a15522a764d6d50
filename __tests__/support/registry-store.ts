import type { Credentials } from '../../src/oci/registry/login/credentials.js';
import { type RegistryOptions, RegistryStore } from '../../src/oci/registry/registry-store.js';
import { systemClock, systemRandom } from '../../src/run/machine/system.js';

/** Where a store goes: a registry of this folder, or a real one. */
export interface Home {
  readonly host: string;
  readonly credentials: Credentials;
}

/** Our store on a registry, for tests that are about something else than its options. */
export function storeOn({ host, credentials }: Home, options: Partial<RegistryOptions> = {}): RegistryStore {
  const quiet = (): void => {};
  return new RegistryStore({
    host,
    scheme: 'http',
    credentials,
    readOnly: false,
    log: {
      debug: quiet,
      info: quiet,
      notice: quiet,
      warning: quiet,
      error: quiet,
      group: (_, work) => work(),
    },
    clock: systemClock,
    random: systemRandom,
    masker: { mask: quiet },
    env: {},
    userAgent: 'pyoci-publish/test',
    signal: new AbortController().signal,
    ...options,
  });
}
