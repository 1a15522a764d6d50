/** What an entry of the index stands for, once somebody has looked. */
import type { ReadOptions, Repository } from '../../oci/store.js';
import { fileDigestOf, type IndexEntry } from '../../pyoci/version-index.js';
import type { Standing } from './plan.js';

/** An index of PyOCI's says the file's digest; for one that does not, the manifest's layer does. */
export async function resolve(repository: Repository, entry: IndexEntry, options: ReadOptions): Promise<Standing> {
  const { digest } = entry.descriptor;
  if (entry.sha256 !== undefined) {
    return { entry, sha256: entry.sha256, readable: await repository.hasManifest(digest, options) };
  }
  const manifest = await repository.getManifest(digest, options);
  return { entry, sha256: manifest && fileDigestOf(manifest), readable: manifest !== undefined };
}
