import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aWheel, wheelName } from '../../__tests__/support/builders.js';
import { run } from '../measure.js';

/** Builds `versions` of the project foo with so many wheels each, of some hundred bytes. @returns their paths */
export function manyVersions(folder: string, versions: number, wheels: number): readonly string[] {
  return Array.from({ length: versions * wheels }, (_, at) => {
    const options = { version: `1.${Math.floor(at / wheels)}`, tag: `cp3${at % wheels}-cp3${at % wheels}-any` };
    const path = join(folder, wheelName(options));
    writeFileSync(path, aWheel(options));
    return path;
  });
}

/** Wheel of the project foo of about so many bytes. Its version is above those of {@link manyVersions}. */
export function largeWheel(folder: string, size: number, version: string): string {
  const options = { version, deflate: false, files: { 'foo/data.bin': Buffer.alloc(size, 'not all alike') } };
  const path = join(folder, wheelName(options));
  writeFileSync(path, aWheel(options));
  return path;
}

/** Publishes some files with our command. @param options of the command beside those that say where to */
export async function publish(
  bundle: string,
  registry: string,
  namespace: string,
  paths: readonly string[],
  options: readonly string[] = [],
): Promise<void> {
  const env = { DOCKER_CONFIG: '/nonexistent' };
  await run(
    process.execPath,
    [bundle, '--registry', `http://${registry}`, '--namespace', namespace, ...options, ...paths],
    env,
  );
}

export function remove(paths: readonly string[]): void {
  for (const path of paths) rmSync(path);
}
