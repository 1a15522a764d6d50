/** Reads what stands under a version's tag and decides what is to be done with each file. Writes nothing. */
import { type Digest, hexOf } from '../../core/digest.js';
import { obstacleIn } from '../../pyoci/oddities.js';
import type { IndexEntry } from '../../pyoci/version-index.js';
import { standingEntries } from '../../release/merge/standing-entries.js';
import type { Publication } from '../publication.js';
import type { Workshop } from '../workshop.js';
import type { AttachmentPlan } from './attachment-plan.js';
import { planAttachments } from './attachment-survey.js';
import { conflictError, type FilePlan, type FilePush, planNew, planTaken } from './plan.js';
import { resolve } from './standing.js';

/** What stands under a version's tag, and what is to be done with each of its files. */
export interface Survey {
  readonly plans: readonly FilePlan[];
  /** Those of the plans that store and list a file. */
  readonly pushes: readonly FilePush[];
  /** What is to be done with each of its attachments. */
  readonly attachments: readonly AttachmentPlan[];
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
  const pushes = plans.filter(isPush);
  const attachments = await planAttachments(publication, { plans, entries, document }, shop);
  const obstacle = document && obstacleIn(document);
  return { plans, pushes, attachments, digest: document?.descriptor.digest, entries, obstacle };
}

/** The survey of a version that cannot be read: every file and attachment counts as new. */
export function newFiles({ files, attachments = [] }: Publication): Survey {
  const pushes = files.map(planNew);
  const attached = attachments.map(
    (attachment): AttachmentPlan => ({
      decision: 'push',
      attachment,
      of: attachment.about?.sha256,
      replaces: undefined,
    }),
  );
  return { plans: pushes, pushes, attachments: attached, digest: undefined, entries: [], obstacle: undefined };
}

function isPush(plan: FilePlan): plan is FilePush {
  return plan.decision === 'push';
}
