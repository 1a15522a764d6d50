import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloads and builds are kept between runs, outside the repository. */
export function cacheFolder(): string {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pyoci-publish');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * The folder of that name in the cache, which `fill` makes once. It is made beside and renamed, so that an interrupted run
 * leaves nothing half done.
 *
 * @param name tells everything that decides what is in the folder
 * @param fill gets the path of an empty folder
 */
export function keptFolder(name: string, fill: (folder: string) => void): string {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  const part = mkdtempSync(`${folder}.`);
  try {
    const made = join(part, 'made');
    mkdirSync(made);
    fill(made);
    renameSync(made, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return folder;
}
