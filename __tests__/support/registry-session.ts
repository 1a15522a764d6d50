import { type ByteSource, memoryBytes } from '../../src/core/bytes.js';
import { digestOf } from '../../src/core/digest.js';
import type { Descriptor } from '../../src/oci/descriptor.js';
import { encode } from '../../src/oci/document.js';
import { OCI_EMPTY, OCI_INDEX, OCI_MANIFEST } from '../../src/oci/media-types.js';
import { parseRepositoryName } from '../../src/oci/reference.js';
import type { RegistryOptions as StoreOptions } from '../../src/oci/registry/registry-store.js';
import { FakeClock } from './clock.js';
import { KeptLog } from './ports.js';
import { type RegistryOptions, startRegistry, type TestRegistry } from './registry.js';
import { type Home, storeOn } from './registry-store.js';

/** Our store with everything around it in the hands of the test. */
export function sessionOn(home: Home, options: Partial<StoreOptions> = {}) {
  const clock = new FakeClock();
  const log = new KeptLog();
  const masked: string[] = [];
  const masker = { mask: (secret: string): void => void masked.push(secret) };
  const store = storeOn(home, { clock, log, masker, random: () => 0.5, ...options });
  return { store, clock, log, masked, repository: store.repository(parseRepositoryName('owner/demo')) };
}

/** The same on a strict registry of its own, whose tokens age by the same clock. */
export async function startSession(
  registryOptions: Partial<RegistryOptions> = {},
  options: Partial<StoreOptions> = {},
) {
  const time: { clock?: FakeClock } = {};
  const registry: TestRegistry = await startRegistry({ now: () => time.clock?.now() ?? 0, ...registryOptions });
  const session = sessionOn(registry, options);
  time.clock = session.clock;
  return {
    ...session,
    registry,
    stop: async (): Promise<void> => {
      session.store.close();
      await registry.stop();
    },
  };
}

export type Session = Awaited<ReturnType<typeof startSession>>;

export function blobOf(size: number, fill = 'x'): { readonly blob: Descriptor; readonly bytes: ByteSource } {
  const bytes = Buffer.alloc(size, fill);
  const blob = { mediaType: 'application/octet-stream', digest: digestOf(bytes), size };
  return { blob, bytes: memoryBytes(bytes) };
}

const EMPTY = Buffer.from('{}');
const CONFIG = { mediaType: OCI_EMPTY, digest: digestOf(EMPTY), size: EMPTY.length };

/** An image manifest of one layer, with what it points at. */
export function anImage(fill = 'x') {
  const layer = blobOf(10, fill);
  const manifest = encode({ schemaVersion: 2, mediaType: OCI_MANIFEST, config: CONFIG, layers: [layer.blob] });
  return {
    manifest,
    blobs: [EMPTY, Buffer.alloc(10, fill)],
    layer,
    config: { blob: CONFIG, bytes: memoryBytes(EMPTY) },
  };
}

/** An index that holds nothing, which every registry takes. */
export const EMPTY_INDEX = encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] });
