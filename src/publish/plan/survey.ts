/** Reads what stands under a version's tag and decides what is to be done with each file. Writes nothing. */
import { type Digest, hexOf } from '../../core/digest.js';
import type { ReadOptions, Repository } from '../../oci/store.js';
import { obstacleIn } from '../../pyoci/oddities.js';
import { fileDigestOf, type IndexEntry } from '../../pyoci/version-index.js';
import { standingEntries } from '../../release/merge/standing-entries.js';
import type { Publication } from '../publication.js';
import type { Workshop } from '../workshop.js';
import { conflictError, type FilePlan, type FilePush, planNew, planTaken, type Standing } from './plan.js';

/** What stands under a version's tag, and what is to be done with each of its files. */
export interface Survey {
  readonly plans: readonly FilePlan[];
  /** Those of the plans that store and list a file. */
  readonly pushes: readonly FilePush[];
  /** Of the index as it was read; `undefined` if there is none yet. */
  readonly digest: Digest | undefined;
  readonly entries: readonly IndexEntry[];
  /** Why PyOCI cannot list the package as the index is now: `it holds …`. */
  readonly obstacle: string | undefined;
}

/**
 * Reads the version's index, and compares the files whose names are taken in it. Writes nothing.
 * @throws UserError if the tag is no index of PyOCI's, or a file is published already with other bytes
 */
export async function surveyVersion(publication: Publication, shop: Workshop): Promise<Survey> {
  const { repository, tag, image, files } = publication;
  const { job, hashing, lanes, ports } = shop;
  const { signal } = ports;
  const document = await lanes.asking.run(() => repository.getManifest(tag, { signal }));
  const entries = standingEntries(document, image);
  const taken = new Map(entries.map((entry) => [entry.architecture, entry]));
  const decided = await Promise.all(
    files.map(async (file) => {
      const entry = taken.get(file.architecture);
      if (!entry) return planNew(file);
      const [digest, standing] = await Promise.all([
        hashing.digestOf(file.bytes, signal),
        lanes.asking.run(() => resolve(repository, entry, { signal })),
      ]);
      return planTaken(file, hexOf(digest), standing, job.ifExists);
    }),
  );
  const conflicts = decided.flatMap((plan) => (plan.decision === 'conflict' ? [plan] : []));
  if (conflicts.length) throw conflictError(image, conflicts);
  const plans = decided.filter((plan): plan is FilePlan => plan.decision !== 'conflict');
  const obstacle = document && obstacleIn(document);
  return { plans, pushes: plans.filter(isPush), digest: document?.descriptor.digest, entries, obstacle };
}

/** The survey of a version that cannot be read: every file counts as new. */
export function newFiles({ files }: Publication): Survey {
  const pushes = files.map(planNew);
  return { plans: pushes, pushes, digest: undefined, entries: [], obstacle: undefined };
}

function isPush(plan: FilePlan): plan is FilePush {
  return plan.decision === 'push';
}

/** An index of PyOCI's says the file's digest; for one that does not, the manifest's layer does. */
async function resolve(repository: Repository, entry: IndexEntry, options: ReadOptions): Promise<Standing> {
  const { digest } = entry.descriptor;
  if (entry.sha256 !== undefined) {
    return { entry, sha256: entry.sha256, readable: await repository.hasManifest(digest, options) };
  }
  const manifest = await repository.getManifest(digest, options);
  return { entry, sha256: manifest && fileDigestOf(manifest), readable: manifest !== undefined };
}
