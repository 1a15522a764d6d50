import { readdir } from 'node:fs/promises';
import { posix, sep } from 'node:path';
import { byText } from '../../core/order.js';

/** A folder that somebody points at by mistake may be a whole disk: look a little, not everywhere. */
const DEEPEST = 4;
const MOST = 10_000;

/**
 * Files up to four folders below `folder`, which may not exist, at most ten thousand entries of it; `/` between the
 * parts of a path, `folder` in front. Links are not followed.
 */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  let looked = 0;
  const look = async (at: string, depth: number): Promise<void> => {
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      looked += 1;
      if (looked > MOST) return;
      const path = posix.join(at.split(sep).join('/'), entry.name);
      if (entry.isFile()) files.push(path);
      else if (entry.isDirectory() && depth < DEEPEST && entry.name !== 'node_modules') await look(path, depth + 1);
    }
  };
  await look(folder, 1);
  return files.sort(byText);
}
