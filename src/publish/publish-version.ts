/** Publishes one version: stores its files, lists them with one write of the tag, and reports. */
import { indexAnnotations } from '../pyoci/annotations.js';
import { doubtText, guardVersion, protectionText } from '../release/merge/protection.js';
import { type Written, writeVersion } from '../release/merge/writer.js';
import { pushContent } from '../release/push/push.js';
import { attachedOutcome, plannedAttachment } from './attach.js';
import type { FilePush } from './plan/plan.js';
import type { Survey } from './plan/survey.js';
import { type PreparedFile, prepareFile } from './prepare.js';
import type { Publication } from './publication.js';
import {
  type FileOutcome,
  fileOutcome,
  identityOf,
  keptAttachment,
  keptOutcome,
  listedFiles,
  type PublishedVersion,
} from './report/outcome.js';
import { storeAttachments, storeFiles } from './store-content.js';
import type { Workshop } from './workshop.js';

/**
 * Publishes one version: stores every file that is not there yet, then lists them all with one write of the index.
 * @throws UserError if a file cannot be stored or the index cannot be written; nothing is listed by half then
 */
export async function publishVersion(
  publication: Publication,
  survey: Survey,
  shop: Workshop,
): Promise<PublishedVersion> {
  const { job, lanes, warnings, ports, writing } = shop;
  const pushed = await storeFiles(publication, survey.pushes, shop);
  const attached = await storeAttachments(publication, survey, pushed, shop);
  const change = {
    claims: [...pushed, ...attached].map(({ claim }) => claim),
    annotations: indexAnnotations(publication.files, job.context),
    restore: async () => {
      for (const { content } of [...pushed, ...attached])
        await pushContent(publication.repository, content, lanes, ports);
    },
  };
  const warn = (message: string): void => warnings.say(message);
  const skipTaken = job.ifExists === 'skip';
  const guard = await guardVersion(publication, change.claims, job.protection, skipTaken, writing, warn);
  const written = await writeVersion(publication, change, guard, writing);
  if (written.met > 0) {
    ports.log.info(
      `${publication.image}: others changed the index ${written.met} times meanwhile, ${written.repaired} lost files were put back`,
    );
  }
  const doubt = doubtText(publication.image, written);
  if (doubt !== undefined) warn(doubt);
  return {
    ...identityOf(publication),
    ok: true,
    ...writtenReport(publication, written),
    files: survey.plans.map((plan) =>
      plan.decision === 'push' ? pushedOutcome(plan, pushed, written) : keptOutcome(plan),
    ),
    attachments: survey.attachments.map((plan) =>
      plan.decision === 'push' ? attachedOutcome(plan, attached, written) : keptAttachment(plan),
    ),
    protection: protectionText(job.protection, written),
  };
}

/** What a version comes to when nothing is to be written: a dry run, or all files stand already. */
export async function planReport(publication: Publication, survey: Survey, shop: Workshop): Promise<PublishedVersion> {
  const files = survey.plans.map(async (plan) => {
    if (plan.decision !== 'push') return keptOutcome(plan);
    const { sha256, claim } = await prepareFile(plan, shop, shop.ports.signal);
    return fileOutcome(plan.file, sha256, claim.entry, 'planned');
  });
  return {
    ...identityOf(publication),
    ok: true,
    digest: survey.digest,
    files: await Promise.all(files),
    attachments: survey.attachments.map((plan) =>
      plan.decision === 'push' ? plannedAttachment(plan, shop.job.context.created) : keptAttachment(plan),
    ),
    listed: listedFiles(publication, survey.entries),
    protection: undefined,
  };
}

/** The version as it now stands. */
export function writtenReport(
  publication: Publication,
  { digest, entries }: Written,
): Pick<PublishedVersion, 'digest' | 'listed'> {
  return { digest, listed: listedFiles(publication, entries) };
}

function pushedOutcome(plan: FilePush, pushed: readonly PreparedFile[], { entries, skipped }: Written): FileOutcome {
  const { file, replaces } = plan;
  const mine = pushed.find((prepared) => prepared.file === file);
  const entry = entries.find(({ architecture }) => architecture === file.architecture);
  if (!mine || !entry) throw new Error(`${file.filename} was pushed but is not listed`);
  if (skipped.some((dispute) => dispute.mine === mine.claim)) return fileOutcome(file, mine.sha256, entry, 'skipped');
  // Bytes that were published already, under a manifest that had been deleted, are published again, not replaced.
  const replaced = replaces?.sha256 !== undefined && replaces.sha256 !== mine.sha256;
  return fileOutcome(file, mine.sha256, entry, replaced ? 'replaced' : 'published');
}
