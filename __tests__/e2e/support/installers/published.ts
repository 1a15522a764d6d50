import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keptFolder } from '../cache-folder.js';
import { installers } from './environment.js';

/**
 * Paths of the files of PyPI that `published.txt` lists, some 50 MB: of projects old and new, by many build backends, for
 * many platforms. Downloaded where they are not kept yet, from wherever pip is set up to look: half a minute.
 */
export function publishedFiles(): readonly string[] {
  const list = fileURLToPath(new URL('published.txt', import.meta.url));
  const script = fileURLToPath(new URL('published.py', import.meta.url));
  const key = createHash('sha256').update(readFileSync(list)).digest('hex').slice(0, 16);
  const folder = keptFolder(`published-${key}`, (made) => {
    execFileSync(installers().python, ['-B', script, list, made], { stdio: ['ignore', 'ignore', 'inherit'] });
  });
  return readdirSync(folder).map((name) => join(folder, name));
}
