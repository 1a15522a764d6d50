import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../core/folder.js';
import { Lane } from '../../core/lane.js';
import type { CacheEntries } from '../../journals/cache-journal.js';

/** An entry must hold something. The cache tells entries apart by their paths as written, so every leg writes this. */
const CONTENT = '~/.cache/pyoci-publish/announcement';

/**
 * The Actions cache of this run. The library is loaded when it is first asked, and prints lines of its own. It cannot be
 * interrupted, and answers "no" to a miss and to an outage alike.
 * @param home the user's home folder, where the library too looks for it
 */
export function actionsCache(home: string): CacheEntries {
  const saving = new Lane(1);
  return {
    save: (key) =>
      saving.run(async () => {
        const { saveCache } = await import('@actions/cache');
        const path = join(home, CONTENT.slice(2));
        await makeFolder(dirname(path));
        await writeFile(path, 'The name of this entry is its content.\n');
        await saveCache([CONTENT], key, undefined, true);
      }),
    find: async (prefix) => {
      const { restoreCache } = await import('@actions/cache');
      return restoreCache([CONTENT], prefix, [], { lookupOnly: true }, true);
    },
  };
}
