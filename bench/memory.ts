import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeGiant } from '../__tests__/support/giant.js';
import { ours } from './contenders.js';
import type { FarSide } from './far-side.js';
import { cost } from './measure.js';

const MIB = 1024 ** 2;
/** The second is beyond what ZIP can say without ZIP64. */
const SIZES = [100 * MIB, 4096 * MIB + 5];

export interface Memory {
  /** Bytes of the one wheel that was published. */
  readonly size: number;
  readonly seconds: number;
  /** In MiB. */
  readonly peak: number;
}

/** What publishing one wheel keeps in memory, for a large and for a giant one. */
export async function memory(bundle: string, far: FarSide, folder: string): Promise<readonly Memory[]> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'foo-1.0-py3-none-any.whl');
  const found: Memory[] = [];
  for (const size of SIZES) {
    await writeGiant(path, size);
    const workload = { name: 'memory', files: [{ path, size, sha256: '' }], bytes: size };
    const round = {
      workload,
      registry: far.registry,
      namespace: `bench/memory/${size}`,
      concurrency: 4,
      scratch: folder,
    };
    const { seconds, peak } = await cost([ours(bundle, round)]);
    found.push({ size, seconds, peak });
    far.wipe();
    rmSync(path);
  }
  return found;
}

export function memoryText({ size, seconds, peak }: Memory): string {
  return `One wheel of ${(size / MIB).toFixed(0)} MiB: ${peak.toFixed(0)} MiB at most, ${seconds.toFixed(1)} s`;
}
