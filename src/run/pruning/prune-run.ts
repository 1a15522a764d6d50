/** One prune from written inputs to what became of each package: settings, an open store, the work. */
import { UsageError, UserError } from '../../core/errors.js';
import { type Failure, failureOf } from '../../core/failure.js';
import { type GitHubJob, githubJob } from '../../github/job.js';
import type { Pruned } from '../../prune/work/job.js';
import { prune } from '../../prune/work/prune.js';
import { type OpenStore, openStore } from '../open-store.js';
import { type ImageName, imageText } from '../settings/image-name.js';
import type { PruneInputs } from '../settings/inputs.js';
import { maskLogin } from '../settings/login.js';
import type { World } from '../world.js';
import { type PruneSettings, readPruneSettings } from './prune-settings.js';
import { type CountedShelf, gitHubShelf, plainShelf } from './shelves.js';

export interface PruneWorld extends World {
  readonly spelled: (name: string) => string;
}

/** What became of all packages. */
export interface PruneOutcome {
  readonly settings: PruneSettings;
  readonly packages: readonly Pruned[];
  /** Of packages that could not be looked at, and of what could not be deleted. */
  readonly failures: readonly Failure[];
  /** Requests to GitHub's API. */
  readonly calls: number;
}

/** What outside of any job is GitHub's registry, and its API. */
const GHCR = 'ghcr.io';
const API = 'https://api.github.com';

/**
 * Prunes one package after the other. What goes wrong with one does not keep the others.
 * @throws UsageError for wrong inputs
 */
export async function pruneRun(raw: PruneInputs, world: PruneWorld): Promise<PruneOutcome> {
  maskLogin(raw, world.masker);
  const job = githubJob(world.env);
  const settings = readPruneSettings(raw, job, world.spelled);
  const packages: Pruned[] = [];
  const failures: Failure[] = [];
  let calls = 0;
  for (const name of settings.packages) {
    try {
      const { pruned, counted } = await pruneOne(name, settings, job, world);
      packages.push(pruned);
      failures.push(...pruned.failures);
      calls += counted.calls();
    } catch (error) {
      // What was done by now is to be told.
      if (error instanceof UsageError && !packages.length) throw error;
      failures.push(failureOf(error, imageText(name, name.origin?.host)));
    }
    if (world.signal.aborted) break;
  }
  return { settings, packages, failures, calls };
}

async function pruneOne(
  name: ImageName,
  settings: PruneSettings,
  job: GitHubJob | undefined,
  around: PruneWorld,
): Promise<{ readonly pruned: Pruned; readonly counted: CountedShelf }> {
  const { folder, login, apply, rules, concurrency } = settings;
  // What is still on its way when one thing fails ends with it.
  const over = new AbortController();
  const world = { ...around, signal: AbortSignal.any([around.signal, over.signal]) };
  const place =
    folder === undefined
      ? { kind: 'registry' as const, origin: name.origin, within: name.repository }
      : { kind: 'layout' as const, folder };
  const open = await openStore(place, { login, readOnly: !apply, deletes: apply }, job, world);
  try {
    const image = imageText(name, open.origin?.host);
    const github = await isOnGitHub(open, job);
    if (!github) checkAges(settings, image, world);
    const repository = open.store.repository(name.repository);
    const apiUrl = job?.apiUrl ?? (world.env.GITHUB_API_URL || API);
    const token = open.secret ?? login.githubToken;
    const counted = github ? gitHubShelf(repository, { apiUrl, token }, world) : plainShelf(repository);
    const spelled = world.spelled;
    const pruned = await prune(counted.shelf, { image, rules, apply, concurrency, spelled }, world);
    if (github) world.log.info(`${image}: ${counted.calls()} requests to the API of GitHub`);
    return { pruned, counted };
  } finally {
    over.abort(new UserError('the run is over'));
    open.close();
  }
}

async function isOnGitHub({ origin, onGitHub }: OpenStore, job: GitHubJob | undefined): Promise<boolean> {
  return job ? onGitHub() : origin?.host === GHCR;
}

/** Where only publishers say how old a version is, a wrong clock must not take all of them. */
function checkAges({ rules }: PruneSettings, image: string, { spelled }: PruneWorld): void {
  if (!rules.olderThan || rules.keepLast !== undefined || rules.trustCreated) return;
  throw new UsageError(
    `Cannot prune ${image} by age alone: here only the publisher says when a version was made, and SOURCE_DATE_EPOCH may say anything`,
    { hint: `give ${spelled('keep-last')} as well, or ${spelled('trust-created')} to believe those times` },
  );
}
