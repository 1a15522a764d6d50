import { type Digest, hexOf } from '../../core/digest.js';
import type { Hasher } from '../../core/hashing/hasher.js';
import type { Lane } from '../../core/lane.js';
import type { ReadOptions, Repository } from '../../oci/store.js';
import { obstacleIn } from '../../pyoci/oddities.js';
import { entriesOf, type FileEntry, fileDigestOf } from '../../pyoci/version-index.js';
import type { IfExists } from '../job.js';
import type { VersionTarget } from '../publication.js';
import { conflictError, type FilePlan, planNew, planTaken, type Standing } from './plan.js';

/** What stands under a version's tag, and what is to be done with each of its files. */
export interface Survey {
  readonly plans: readonly FilePlan[];
  /** Of the index as it was read; `undefined` if there is none yet. */
  readonly digest: Digest | undefined;
  readonly entries: readonly FileEntry[];
  /** Why PyOCI cannot list the package as the index is now: `it holds …`. */
  readonly obstacle?: string | undefined;
}

export interface Surveyor {
  readonly ifExists: IfExists;
  readonly hashing: Hasher;
  /** Small requests in flight. */
  readonly asking: Lane;
  readonly signal: AbortSignal;
}

/**
 * Reads the version's index, and compares the files whose names are taken in it. Writes nothing.
 * @throws PublishError if the tag is no index of PyOCI's, or a file is published already with other bytes
 */
export async function surveyVersion(target: VersionTarget, surveyor: Surveyor): Promise<Survey> {
  const { repository, tag, image, files } = target;
  const document = await surveyor.asking.run(() => repository.getManifest(tag, surveyor));
  const entries = document ? entriesOf(document, image) : [];
  const taken = new Map(entries.map((entry) => [entry.architecture, entry]));
  const decided = await Promise.all(
    files.map(async (file) => {
      const entry = taken.get(file.architecture);
      if (!entry) return planNew(file);
      const [digest, standing] = await Promise.all([
        surveyor.hashing.digestOf(file.bytes, surveyor.signal),
        surveyor.asking.run(() => resolve(repository, entry, surveyor)),
      ]);
      return planTaken(file, hexOf(digest), standing, surveyor.ifExists);
    }),
  );
  const conflicts = decided.flatMap((plan) => (plan.decision === 'conflict' ? [plan.message] : []));
  if (conflicts.length) throw conflictError(image, conflicts);
  const plans = decided.filter((plan): plan is FilePlan => plan.decision !== 'conflict');
  return { plans, digest: document?.descriptor.digest, entries, obstacle: document && obstacleIn(document) };
}

/** An index of PyOCI's says the file's digest; for one that does not, the manifest's layer does. */
async function resolve(repository: Repository, entry: FileEntry, options: ReadOptions): Promise<Standing> {
  const { digest } = entry.descriptor;
  if (entry.sha256 !== undefined) {
    return { entry, sha256: entry.sha256, readable: await repository.hasManifest(digest, options) };
  }
  const manifest = await repository.getManifest(digest, options);
  return { entry, sha256: manifest && fileDigestOf(manifest), readable: manifest !== undefined };
}
