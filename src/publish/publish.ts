import { PublishError } from '../core/errors.js';
import { Hasher } from '../core/hashing/hasher.js';
import { Lane } from '../core/lane.js';
import { isDenied } from '../oci/errors.js';
import { signInOf } from '../oci/store.js';
import { mendVersion } from '../release/merge/mend.js';
import type { Pusher } from '../release/push/push.js';
import type { Job, Ports } from './job.js';
import { type Survey, surveyVersion } from './plan/survey.js';
import { TagLists } from './plan/tag-lists.js';
import { targetsOf, type VersionTarget } from './publication.js';
import { identityOf, publishVersion, reportPlans } from './publish-version.js';
import type { FailedVersion, Outcome, VersionOutcome } from './report/outcome.js';
import { Warnings } from './warnings.js';

/** Small requests in flight; they cost a registry next to nothing. */
const ASKING = 16;

/** Files dealt with for each one that may be on the wire: more keep uploads open that wait long for their bytes. */
const AHEAD = 2;

type Planned = { readonly target: VersionTarget; readonly survey: Survey } | FailedVersion;

/**
 * The job: plan every version, push what is missing, list it with one write a version, report.
 * A version that fails does not keep the others from being published; it is part of the outcome. So is one that was not
 * published because the signal came first: it failed with the signal's reason.
 */
export async function publish(job: Job, ports: Ports): Promise<Outcome> {
  const hashing = new Hasher(ports.signal);
  try {
    return await publishWith(hashing, job, ports);
  } finally {
    await hashing.close();
  }
}

async function publishWith(hashing: Hasher, job: Job, ports: Ports): Promise<Outcome> {
  const warnings = new Warnings(ports.log);
  const targets = targetsOf(job, job.versions);
  // Every file's digest will be wanted, whatever is published: it can be had while the registry is being asked.
  hashing.begin(targets.flatMap(({ files }) => files.map(({ bytes }) => bytes)));
  const pusher: Pusher = {
    context: job,
    hashing,
    underway: new Lane(job.concurrency * AHEAD),
    sending: new Lane(job.concurrency),
    asking: new Lane(ASKING),
    ports,
  };
  const planned = await ports.log.group('Read what is published', () => planAll(job, targets, pusher, warnings));
  warnOfSignIn(job, warnings);
  const versions = job.dryRun
    ? await Promise.all(planned.map((plan) => ('ok' in plan ? plan : reportPlans(plan.target, plan.survey, pusher))))
    : await ports.log.group('Publish', () => publishAll(job, planned, pusher, warnings));
  return { dryRun: job.dryRun, versions, warnings: warnings.list() };
}

async function planAll(
  job: Job,
  targets: readonly VersionTarget[],
  { hashing, asking, ports }: Pusher,
  warnings: Warnings,
): Promise<readonly Planned[]> {
  const { signal } = ports;
  const surveyor = { ifExists: job.ifExists, hashing, asking, signal };
  const lists = new TagLists(ports, asking, job.commandPrefix ?? (job.registry ? `${job.registry}/` : ''));
  return Promise.all(
    targets.map(async (target): Promise<Planned> => {
      try {
        const [survey] = await Promise.all([surveyVersion(target, surveyor), lists.study(target, warnings)]);
        if (survey.obstacle !== undefined)
          warnings.say(
            `${target.image}: ${survey.obstacle}, so PyOCI cannot list this package at all; take that entry out of the index, or delete the tag and publish the version again`,
          );
        return { target, survey };
      } catch (error) {
        if (signal.aborted) return failed(target, signal.reason);
        if (!job.dryRun || !isDenied(error)) {
          const { rerun, dryRun, openJournal } = job;
          if (rerun && !dryRun && openJournal)
            await mendVersion({ ...target, openJournal, inTurn: (work) => asking.run(work), ports });
          return failed(target, error);
        }
        warnings.say(`${target.image}: new, or not readable with this token`);
        const plans = target.files.map((file) => ({
          decision: 'push' as const,
          file,
          sha256: undefined,
          replaces: undefined,
        }));
        return { target, survey: { plans, digest: undefined, entries: [] } };
      }
    }),
  );
}

async function publishAll(
  job: Job,
  planned: readonly Planned[],
  pusher: Pusher,
  warnings: Warnings,
): Promise<readonly VersionOutcome[]> {
  const { progress } = pusher.ports;
  const files = planned
    .flatMap((plan) => ('ok' in plan ? [] : plan.survey.plans))
    .filter((plan) => plan.decision === 'push');
  if (files.length)
    progress.start(
      files.length,
      files.reduce((sum, { file }) => sum + file.bytes.size, 0),
    );
  try {
    return await Promise.all(
      planned.map(async (plan): Promise<VersionOutcome> => {
        if ('ok' in plan) return plan;
        const { target, survey } = plan;
        const { coordination } = job;
        try {
          const folder = job.registry === undefined;
          return await publishVersion({
            target,
            survey,
            coordination,
            folder,
            ifExists: job.ifExists,
            openJournal: folder ? undefined : job.openJournal,
            rerun: job.rerun ?? false,
            pusher,
            warnings,
          });
        } catch (error) {
          return failed(target, error);
        }
      }),
    );
  } finally {
    if (files.length) progress.end();
  }
}

/** PyOCI signs in by exchanging Basic credentials at a Bearer realm, for the service that the challenge names. */
function warnOfSignIn(job: Job, warnings: Warnings): void {
  const signIn = signInOf(job.store);
  if (signIn !== 'basic' && signIn !== 'bearer-without-service') return;
  const found = signIn === 'basic' ? 'Basic' : 'Bearer without a service';
  warnings.say(
    `${job.store.label} asks for ${found} sign-in, and PyOCI only knows Bearer with a service: pip will not find these packages through PyOCI; other tools can read them`,
  );
}

function failed(target: VersionTarget, error: unknown): FailedVersion {
  const told =
    error instanceof PublishError ? error : new PublishError(`Cannot publish to ${target.image}`, { cause: error });
  return { ...identityOf(target), ok: false, error: told, filenames: target.files.map((file) => file.filename) };
}
