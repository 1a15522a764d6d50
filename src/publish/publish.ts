/** The job: plans every version, publishes or mends it, and tells what became of each. */
import { UserError } from '../core/errors.js';
import { isDenied } from '../oci/errors.js';
import { signInOf } from '../oci/store.js';
import { mendVersion } from '../release/merge/mend.js';
import { noteClaims } from './claims.js';
import type { Job, Ports } from './job.js';
import { newFiles, type Survey, surveyVersion } from './plan/survey.js';
import { TagLists } from './plan/tag-lists.js';
import { type Publication, publicationsOf } from './publication.js';
import { planReport, publishVersion, writtenReport } from './publish-version.js';
import { type FailedVersion, identityOf, type Outcome, type VersionOutcome } from './report/outcome.js';
import { inWorkshop, type Workshop } from './workshop.js';

/** A version after what stands under its tag was read, or could not be. */
type Planned =
  | { readonly kind: 'planned'; readonly publication: Publication; readonly survey: Survey }
  | { readonly kind: 'failed'; readonly publication: Publication; readonly error: unknown };

/**
 * The job: plan every version, push what is missing, list it with one write a version, report.
 * A version that fails does not keep the others from being published; it is part of the outcome. So is one that was not
 * published because the signal came first: it failed with the signal's reason.
 */
export async function publish(job: Job, ports: Ports): Promise<Outcome> {
  return inWorkshop(job, ports, async (shop) => {
    const publications = publicationsOf(job);
    noteClaims(job, ports.log);
    // Every file's digest will be wanted, whatever is published: it can be had while the registry is being asked.
    shop.hashing.begin(publications.flatMap(({ files }) => files.map(({ bytes }) => bytes)));
    const planned = await ports.log.group('Read what is published', () => planAll(publications, shop));
    warnOfSignIn(shop);
    const versions = job.dryRun
      ? await Promise.all(planned.map((plan) => dryRun(plan, shop)))
      : await ports.log.group('Publish', () => publishAll(planned, shop));
    return { dryRun: job.dryRun, versions, warnings: shop.warnings.list() };
  });
}

async function planAll(publications: readonly Publication[], shop: Workshop): Promise<readonly Planned[]> {
  const { job, lanes, warnings, ports } = shop;
  const lists = new TagLists(ports, lanes.asking, job.commandPrefix ?? (job.registry ? `${job.registry}/` : ''));
  return Promise.all(
    publications.map(async (publication): Promise<Planned> => {
      try {
        const [survey] = await Promise.all([surveyVersion(publication, shop), lists.study(publication, warnings)]);
        if (survey.obstacle !== undefined) warnings.say(obstacleText(publication, survey.obstacle));
        return { kind: 'planned', publication, survey };
      } catch (error) {
        if (ports.signal.aborted) return { kind: 'failed', publication, error: ports.signal.reason };
        if (!job.dryRun || !isDenied(error)) return { kind: 'failed', publication, error };
        warnings.say(`${publication.image}: new, or not readable with this token`);
        return { kind: 'planned', publication, survey: newFiles(publication) };
      }
    }),
  );
}

async function dryRun(plan: Planned, shop: Workshop): Promise<VersionOutcome> {
  return plan.kind === 'failed' ? failed(plan) : planReport(plan.publication, plan.survey, shop);
}

async function publishAll(planned: readonly Planned[], shop: Workshop): Promise<readonly VersionOutcome[]> {
  const { progress } = shop.ports;
  const files = planned.flatMap((plan) => (plan.kind === 'planned' ? sizesOf(plan.survey) : []));
  if (files.length) {
    progress.start(
      files.length,
      files.reduce((sum, size) => sum + size, 0),
    );
  }
  try {
    return await Promise.all(planned.map((plan) => publishPlanned(plan, shop)));
  } finally {
    if (files.length) progress.end();
  }
}

/** Bytes of each file and attachment that is to be stored. */
function sizesOf({ pushes, attachments }: Survey): readonly number[] {
  return [
    ...pushes.map(({ file }) => file.bytes.size),
    ...attachments.flatMap((plan) => (plan.decision === 'push' ? [plan.attachment.bytes.size] : [])),
  ];
}

/** Publishes one version, or mends it where this attempt has nothing to write to it. Never throws. */
async function publishPlanned(plan: Planned, shop: Workshop): Promise<VersionOutcome> {
  try {
    if (plan.kind === 'planned' && sizesOf(plan.survey).length) {
      return await publishVersion(plan.publication, plan.survey, shop);
    }
    const mended = await mend(plan.publication, shop);
    if (plan.kind === 'failed') return failed(plan);
    const report = await planReport(plan.publication, plan.survey, shop);
    return mended ? { ...report, ...writtenReport(plan.publication, mended) } : report;
  } catch (error) {
    return failed({ publication: plan.publication, error });
  }
}

/** A re-run looks whether its earlier attempt has cost others their files. */
async function mend(publication: Publication, { job: { protection }, writing }: Workshop) {
  if (protection.kind !== 'settle' || !protection.rerun || !protection.openJournal) return undefined;
  return mendVersion(publication, protection.openJournal, writing);
}

function obstacleText({ image }: Publication, obstacle: string): string {
  return `${image}: ${obstacle}, so PyOCI cannot list this package at all; take that entry out of the index, or delete the tag and publish the version again`;
}

/** PyOCI signs in by exchanging Basic credentials at a Bearer realm, for the service that the challenge names. */
function warnOfSignIn({ job: { store }, warnings }: Workshop): void {
  const signIn = signInOf(store);
  if (signIn !== 'basic' && signIn !== 'bearer-without-service') return;
  const found = signIn === 'basic' ? 'Basic' : 'Bearer without a service';
  warnings.say(
    `${store.label} asks for ${found} sign-in, and PyOCI only knows Bearer with a service: pip will not find these packages through PyOCI; other tools can read them`,
  );
}

function failed({ publication, error }: { readonly publication: Publication; readonly error: unknown }): FailedVersion {
  const told =
    error instanceof UserError ? error : new UserError(`Cannot publish to ${publication.image}`, { cause: error });
  const filenames = [...publication.files, ...(publication.attachments ?? [])].map(({ filename }) => filename);
  return { ...identityOf(publication), ok: false, error: told, filenames };
}
