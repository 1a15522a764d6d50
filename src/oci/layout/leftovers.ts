import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isPart } from './atomic-files.js';
import type { LayoutFolder } from './folder.js';

/** In milliseconds. Long, since a file that is still being written may show no new time for a while on a slow share. */
const STALE = 60 * 60 * 1_000;

/**
 * Removes the parts of files that killed writers have left in a layout. Call it with the folder's lock held and right
 * after `index.json` was written: that file tells the time by the clock that parts are judged by, which on a network
 * share is not ours. A part that was written to within the last hour stays. Should a writer that lives be silent for
 * longer, it fails and loses nothing that stands. Never fails: what cannot be removed is left to the next one.
 */
export async function sweepLeftovers(folder: LayoutFolder): Promise<void> {
  const now = await changedAt(folder.indexPath);
  if (now === undefined) return;
  for (const place of [folder.path, dirname(folder.blobPath('sha256:any'))]) {
    for (const name of (await readdir(place).catch(() => [])).filter((one) => isPart(one))) {
      const path = join(place, name);
      const changed = await changedAt(path);
      if (changed !== undefined && now - changed > STALE) await rm(path, { force: true }).catch(() => {});
    }
  }
}

async function changedAt(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.mtimeMs;
}
