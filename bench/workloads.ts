import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anSdist, aWheel, sdistName, wheelName } from '../__tests__/support/builders.js';

const KB = 1_000;
const MIB = 1024 * 1024;

/** Files as releases have them, of one version of one project. */
export interface Workload {
  readonly name: string;
  readonly files: readonly WorkFile[];
  readonly bytes: number;
}

export interface WorkFile {
  readonly path: string;
  readonly size: number;
  /** 64 hex characters: what a client knows that does not hash. */
  readonly sha256: string;
}

export const WORKLOADS = ['pure pair', '169 x 200 kB', '72 x 12 MiB', '8 x 128 MiB', '1 x 1 GiB'] as const;
export type WorkloadName = (typeof WORKLOADS)[number];

/** Builds the files below `folder`. The same bytes in every run of the bench. */
export function buildWorkload(name: WorkloadName, folder: string): Workload {
  const home = join(folder, name.replaceAll(' ', '-'));
  mkdirSync(home, { recursive: true });
  const files = contentsOf(name).map(([file, bytes]) => {
    const path = join(home, file);
    writeFileSync(path, bytes);
    return { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  return { name, files, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}

/** Many small wheels with members, and sdists, for the speed of reading. */
export function buildReadings(folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const members = (count: number, size: number, seed: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`foo/m${at}.py`, noise(size, seed + at).toString('latin1')]),
    );
  const write = (name: string, bytes: Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const wheels = Array.from({ length: 200 }, (_, at) => {
    const options = { tag: `cp3${at}-cp3${at}-any`, deflate: false, files: members(100, 40 * KB, at) };
    return write(wheelName(options), aWheel(options));
  });
  const sdists = Array.from({ length: 20 }, (_, at) => {
    const options = { version: `1.${at}`, files: members(50, 40 * KB, at) };
    return write(sdistName(options), anSdist(options));
  });
  return [...wheels, ...sdists];
}

function* wheels(count: number, size: number): Generator<readonly [string, Buffer]> {
  for (let at = 0; at < count; at += 1) {
    const tag = `cp3${at}-cp3${at}-manylinux_2_28_x86_64`;
    const options = { tag, deflate: false, files: { 'foo/data.bin': noise(size, at) } };
    yield [wheelName(options), aWheel(options)];
  }
}

function contentsOf(name: WorkloadName): readonly (readonly [string, Buffer])[] {
  switch (name) {
    case 'pure pair': {
      const sdist = { files: { 'data.bin': noise(87 * KB, 1) } };
      return [...wheels(1, 42 * KB), [sdistName(sdist), anSdist(sdist)]];
    }
    case '169 x 200 kB':
      return [...wheels(169, 200 * KB)];
    case '72 x 12 MiB':
      return [...wheels(72, 12 * MIB)];
    case '8 x 128 MiB':
      return [...wheels(8, 128 * MIB)];
    case '1 x 1 GiB':
      return [...wheels(1, 1024 * MIB)];
  }
}

/** Bytes that nothing packs, other ones for every seed. */
function noise(size: number, seed: number): Buffer {
  const block = Buffer.alloc(Math.min(size, MIB));
  let state = seed + 1;
  for (let at = 0; at < block.length; at += 1) {
    state = (state * 48_271) % 2_147_483_647;
    block[at] = state & 0xff;
  }
  return Buffer.alloc(size, block);
}
