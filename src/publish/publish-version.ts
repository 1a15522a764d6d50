import type { Digest } from '../core/digest.js';
import type { InTurn } from '../oci/store.js';
import { indexAnnotations } from '../pyoci/annotations.js';
import { servedName } from '../pyoci/names.js';
import type { FileEntry } from '../pyoci/version-index.js';
import type { Distribution } from '../python/distribution.js';
import type { Claim, Journal, OpenJournal } from '../release/merge/journal.js';
import { mendVersion } from '../release/merge/mend.js';
import { type MergeRules, SETTLE } from '../release/merge/merge.js';
import { BOUNDS, type Merged, writeVersion } from '../release/merge/writer.js';
import { type PreparedFile, type Pusher, prepareFile, pushContent, pushFile } from '../release/push/push.js';
import type { Coordination, IfExists } from './job.js';
import type { KeepPlan, PushPlan } from './plan/plan.js';
import type { Survey } from './plan/survey.js';
import type { VersionTarget } from './publication.js';
import type { FileOutcome, FileStatus, ListedFile, PublishedVersion, VersionIdentity } from './report/outcome.js';
import type { Warnings } from './warnings.js';

export interface VersionJob {
  readonly target: VersionTarget;
  readonly survey: Survey;
  readonly coordination: Coordination;
  readonly ifExists: IfExists;
  /** Its index.json changes under a lock, and it is published into by one job at a time: one read-back is enough. */
  readonly folder: boolean;
  readonly openJournal: OpenJournal | undefined;
  /** A later attempt of a job whose first one may have died half way. */
  readonly rerun: boolean;
  readonly pusher: Pusher;
  readonly warnings: Warnings;
}

/** What a version comes to when nothing is to be written: a dry run, or all files stand already. */
export async function reportPlans(target: VersionTarget, survey: Survey, pusher: Pusher): Promise<PublishedVersion> {
  const files = survey.plans.map(async (plan) => {
    if (plan.decision !== 'push') return kept(plan);
    const { sha256, claim } = await prepareFile(plan, pusher);
    return fileOutcome(plan.file, sha256, claim.entry, 'planned');
  });
  return {
    ...identityOf(target),
    ok: true,
    digest: survey.digest,
    files: await Promise.all(files),
    listed: survey.entries.map((entry) => listedFile(target, entry)),
    protection: undefined,
  };
}

/**
 * Publishes one version: stores every file that is not there yet, then lists them all with one write of the index.
 * @throws PublishError if a file cannot be stored or the index cannot be written; nothing is listed by half then
 */
export async function publishVersion(job: VersionJob): Promise<PublishedVersion> {
  const { target, survey, pusher } = job;
  const { ports } = pusher;
  const inTurn: InTurn = (work) => pusher.asking.run(work);
  const plans = survey.plans.filter((plan): plan is PushPlan => plan.decision === 'push');
  if (plans.length === 0) return reportMended(job, await reportPlans(target, survey, pusher));

  const pushed = await pushAll(job, plans);
  const claims = pushed.map((file) => file.claim);
  const journal = await joinJournal(job, claims);
  const merged = await writeVersion(
    {
      ...target,
      annotations: indexAnnotations(target.files, pusher.context),
      journal,
      rules: rulesOf(job, journal),
      isStored: rememberedAnswers((manifest) => inTurn(() => target.repository.hasManifest(manifest, ports))),
      inTurn,
      restore: async () => {
        for (const file of pushed) await pushContent(target.repository, file, pusher);
      },
      ports,
    },
    claims,
  );
  if (merged.state.met > 0) {
    ports.log.info(
      `${target.image}: others changed the index ${merged.state.met} times meanwhile, ${merged.state.repaired} lost files were put back`,
    );
  }
  // What began with a journal may have lost it on the way.
  const kept = merged.state.rules.journaled ? journal : undefined;
  if (merged.state.doubtful) job.warnings.say(doubt(target.image, kept?.complete === true));
  return { ...outcomeOf(job, pushed, merged), protection: merged.hurried ? UNWATCHED : protectionOf(job, kept) };
}

/** Nothing to publish; a re-run still looks whether its earlier attempt has cost others their files. */
async function reportMended(
  { rerun, openJournal, target, pusher }: VersionJob,
  report: PublishedVersion,
): Promise<PublishedVersion> {
  const mended =
    rerun && openJournal
      ? await mendVersion({ ...target, openJournal, inTurn: (work) => pusher.asking.run(work), ports: pusher.ports })
      : undefined;
  if (!mended) return report;
  const listed = mended.entries.map((entry) => listedFile(target, entry));
  return { ...report, digest: mended.document.descriptor.digest, listed };
}

/** The first failure stops the version's other uploads; it is the one that is told. */
async function pushAll({ target, pusher }: VersionJob, plans: readonly PushPlan[]): Promise<readonly PreparedFile[]> {
  const stop = new AbortController();
  const signal = AbortSignal.any([pusher.ports.signal, stop.signal]);
  const mine = { ...pusher, ports: { ...pusher.ports, signal } };
  const results = await Promise.allSettled(
    plans.map((plan) =>
      pushFile(target.repository, plan, mine).catch((error: unknown) => {
        stop.abort(error);
        throw error;
      }),
    ),
  );
  pusher.ports.signal.throwIfAborted();
  if (stop.signal.aborted) throw stop.signal.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** My record goes in before the tag is read to be written. A journal that fails me is left, and that is said. */
async function joinJournal(job: VersionJob, claims: readonly Claim[]): Promise<Journal | undefined> {
  const { pusher, target } = job;
  try {
    return await pusher.asking.run(async () => {
      const journal = await job.openJournal?.(target.repository, target.tag);
      await journal?.append(claims);
      return journal;
    });
  } catch (error) {
    pusher.ports.signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    job.warnings.say(`${target.image}: this version is protected by timing only, its journal failed: ${why}`);
    return undefined;
  }
}

function rememberedAnswers(ask: (digest: Digest) => Promise<boolean>): (digest: Digest) => Promise<boolean> {
  const answers = new Map<Digest, Promise<boolean>>();
  return (digest) => {
    const answer = answers.get(digest) ?? ask(digest);
    answers.set(digest, answer);
    return answer;
  };
}

function rulesOf({ coordination, ifExists, folder, pusher }: VersionJob, journal: Journal | undefined): MergeRules {
  const settles = coordination !== 'off' && !folder;
  return {
    hold: settles ? SETTLE * (1 + pusher.ports.random() / 2) : 0,
    journaled: journal !== undefined,
    skipTaken: ifExists === 'skip',
    ...BOUNDS,
  };
}

function outcomeOf({ target, survey }: VersionJob, pushed: readonly PreparedFile[], merged: Merged): PublishedVersion {
  const standing = new Map(merged.entries.map((entry) => [entry.architecture, entry]));
  const files = survey.plans.map((plan) => {
    if (plan.decision !== 'push') return kept(plan);
    const mine = pushed.find(({ file }) => file === plan.file);
    const entry = standing.get(plan.file.architecture);
    if (!mine || !entry) throw new Error(`${plan.file.filename} was pushed but is not listed`);
    const skipped = merged.skipped.some((dispute) => dispute.mine === mine.claim);
    return fileOutcome(plan.file, mine.sha256, entry, skipped ? 'skipped' : pushedStatus(plan, mine.sha256));
  });
  return {
    ...identityOf(target),
    ok: true,
    digest: merged.document.descriptor.digest,
    files,
    listed: merged.entries.map((entry) => listedFile(target, entry)),
    protection: undefined,
  };
}

/** Of a publisher that was told to stop as soon as its files stood in the index. */
const UNWATCHED =
  'stopped before the index had held still; if others published this version at that moment, run again to see that all is there';

/** One sentence for the log and the summary. */
function protectionOf({ coordination, folder }: VersionJob, journal: Journal | undefined): string {
  if (folder) return 'the folder was read back once: let one job at a time publish into it';
  if (coordination === 'off') return 'the index was read back once; publishers at the same moment were not waited for';
  const still = 'protected by timing: the index held still for two seconds after the last change';
  if (!journal) return still;
  return journal.complete
    ? `publishers of this run agree through ${journal.label}; against all others timing protects`
    : `${still}; ${journal.label} told of other jobs as far as it could`;
}

function doubt(image: string, journaled: boolean): string {
  const others = journaled ? 'a publisher outside this run' : 'another publisher';
  return `${image}: writing the index took longer than publishers wait for each other, or got no answer; if ${others} added files at that moment they may be gone: compare the list in the summary, and run that publisher again if one is missing`;
}

export function identityOf(target: VersionTarget): VersionIdentity {
  const { project, version, repository, tag, image } = target;
  return { name: project, version: version.spelled, repository: repository.name, tag, image };
}

function kept({ decision, file, sha256, entry }: KeepPlan): FileOutcome {
  return fileOutcome(file, sha256, entry, decision === 'skip' ? 'skipped' : 'unchanged');
}

/** Bytes that were published already, under a manifest that had been deleted, are published again, not replaced. */
function pushedStatus({ replaces }: PushPlan, sha256: string): FileStatus {
  return replaces && replaces.sha256 !== undefined && replaces.sha256 !== sha256 ? 'replaced' : 'published';
}

function fileOutcome(file: Distribution, sha256: string, entry: FileEntry, status: FileStatus): FileOutcome {
  const manifest = entry.descriptor.digest;
  return { file: file.filename, path: file.path, size: file.bytes.size, sha256, manifest, status };
}

function listedFile({ project, tag }: VersionTarget, entry: FileEntry): ListedFile {
  const { architecture, sha256, descriptor } = entry;
  return { architecture, file: servedName(project, tag, architecture), sha256, manifest: descriptor.digest };
}
