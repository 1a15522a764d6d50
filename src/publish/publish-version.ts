/** Publishes one version: stores its files, lists them with one write of the tag, and reports. */
import type { Repository } from '../oci/store.js';
import { indexAnnotations } from '../pyoci/annotations.js';
import { doubtText, guardVersion, protectionText } from '../release/merge/protection.js';
import { type Written, writeVersion } from '../release/merge/writer.js';
import { pushContent } from '../release/push/push.js';
import type { FilePush } from './plan/plan.js';
import type { Survey } from './plan/survey.js';
import { type PreparedFile, prepareFile } from './prepare.js';
import type { Publication } from './publication.js';
import {
  type FileOutcome,
  fileOutcome,
  identityOf,
  keptOutcome,
  listedFile,
  type PublishedVersion,
} from './report/outcome.js';
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
  const pushed = await pushAll(publication, survey.pushes, shop);
  const change = {
    claims: pushed.map(({ claim }) => claim),
    annotations: indexAnnotations(publication.files, job.context),
    restore: async () => {
      for (const { content } of pushed) await pushContent(publication.repository, content, lanes, ports);
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
    listed: survey.entries.map((entry) => listedFile(publication, entry)),
    protection: undefined,
  };
}

/** The version as it now stands. */
export function writtenReport(
  publication: Publication,
  { digest, entries }: Written,
): Pick<PublishedVersion, 'digest' | 'listed'> {
  return { digest, listed: entries.map((entry) => listedFile(publication, entry)) };
}

/** The first failure stops the version's other uploads; it is the one that is told. */
async function pushAll(
  { repository }: Publication,
  pushes: readonly FilePush[],
  shop: Workshop,
): Promise<readonly PreparedFile[]> {
  const stop = new AbortController();
  const signal = AbortSignal.any([shop.ports.signal, stop.signal]);
  const results = await Promise.allSettled(
    pushes.map((plan) =>
      pushFile(repository, plan, shop, signal).catch((error: unknown) => {
        stop.abort(error);
        throw error;
      }),
    ),
  );
  shop.ports.signal.throwIfAborted();
  if (stop.signal.aborted) throw stop.signal.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/**
 * Stores one file. Nothing lists it yet.
 * @throws UserError if it cannot be stored; the signal's reason
 */
export async function pushFile(
  repository: Repository,
  plan: FilePush,
  shop: Workshop,
  signal: AbortSignal,
): Promise<PreparedFile> {
  const prepared = await prepareFile(plan, shop, signal);
  try {
    await pushContent(repository, prepared.content, shop.lanes, { ...shop.ports, signal });
    return prepared;
  } catch (error) {
    if (!shop.configs.mayBeRefusedBy(error, prepared.content)) throw error;
    // The same once more with the empty config; whatever it is refused for now was not the config's fault.
    return pushFile(repository, { ...plan, sha256: prepared.sha256 }, shop, signal);
  }
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
