import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloads and builds are kept between runs, outside the repository. */
export function cacheFolder(): string {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pyoci-publish');
  mkdirSync(folder, { recursive: true });
  return folder;
}
