/** Decides what protects the versions of a run against other writers: a lock, a journal, or timing alone. */
import type { Env } from '../core/ports.js';
import { GitHubApi } from '../github/api.js';
import type { GitHubJob } from '../github/job.js';
import { GitHubPackages } from '../github/packages.js';
import { type Circumstances, chooseJournal, leavesWord, type RunPlace } from '../journals/choose.js';
import type { OpenJournal } from '../release/merge/journal.js';
import type { Protection } from '../release/merge/protection.js';
import type { Face } from './face.js';
import type { OpenStore } from './open-store.js';
import type { Settings } from './settings/settings.js';

/**
 * What protects the versions of this run against other writers, by what the user chose and what the registry offers. The
 * one place where this is decided.
 * @param created RFC 3339, the time that records of this run carry
 */
export async function protectionOf(
  settings: Settings,
  job: GitHubJob | undefined,
  store: OpenStore,
  created: string,
  face: Face,
): Promise<Protection> {
  const { coordination, dryRun, place } = settings;
  if (place.kind === 'layout') return { kind: 'lock' };
  if (coordination === 'off') return { kind: 'read-back' };
  const openJournal = dryRun ? undefined : await openJournals(settings, job, store, created, face);
  return { kind: 'settle', openJournal, rerun: attemptOf(face.env) > 1 };
}

/** Where the publishers of this run meet, as settings and registry have it. */
async function openJournals(
  settings: Settings,
  job: GitHubJob | undefined,
  store: OpenStore,
  created: string,
  face: Face,
): Promise<OpenJournal | undefined> {
  const { coordination, jobTotal } = settings;
  const { clock, log, signal } = face;
  const asking = leavesWord(coordination, jobTotal);
  const onGitHub = job !== undefined && asking && (await store.onGitHub().catch(() => false));
  if (job && coordination === 'auto' && jobTotal === undefined && !assumeMatrix(settings, job, onGitHub, face)) {
    return undefined;
  }
  return chooseJournal({
    coordination,
    run: placeInRun(settings, job, face),
    packages: job && onGitHub ? packagesOf(settings, job, face) : undefined,
    cache: face.cache,
    member: { created, clock, log, signal },
  });
}

/** Says what is assumed of a job that is not told how many there are. @returns whether it can leave word for others */
function assumeMatrix({ login }: Settings, job: GitHubJob, onGitHub: boolean, { env, log, spelled }: Face): boolean {
  const unknown = `${spelled('job-total')} is not given`;
  const tokenless = onGitHub && login.githubToken === undefined;
  const missing = !hasOwnId(job, env) ? 'a GITHUB_RUN_ID of its own' : tokenless ? spelled('github-token') : undefined;
  if (missing === undefined) {
    log.info(`${unknown}: this job is taken for one of a matrix, as with coordination: journal`);
  } else {
    log.info(
      `${unknown}: this may be one job of a matrix, but without ${missing} it cannot find the others; timing protects`,
    );
  }
  return missing === undefined;
}

/** `act` calls each of its runs 1 unless told otherwise: what earlier runs recorded would count for this one. */
function hasOwnId({ run }: GitHubJob, { ACT }: Env): boolean {
  return run !== undefined && !(ACT === 'true' && run.id === '1');
}

function placeInRun(settings: Settings, job: GitHubJob | undefined, { env }: Face): RunPlace | undefined {
  if (!job?.run) return undefined;
  return {
    id: job.run.id,
    attempt: attemptOf(env),
    job: env.GITHUB_JOB || undefined,
    index: settings.jobIndex ?? (settings.jobTotal === 1 ? 0 : undefined),
    total: settings.jobTotal,
  };
}

/** Counted from 1; a run that is started again keeps its event and its id. */
function attemptOf({ GITHUB_RUN_ATTEMPT = '' }: Env): number {
  return Number(/^[1-9]\d{0,8}$/.exec(GITHUB_RUN_ATTEMPT)?.[0] ?? 1);
}

/** The API that lists package versions, on GitHub's own registry. */
function packagesOf({ login }: Settings, { apiUrl, run }: GitHubJob, face: Face): Circumstances['packages'] {
  const api = new GitHubApi({ ...face, apiUrl, token: login.githubToken });
  const name = { project: face.env.GITHUB_REPOSITORY ?? '', id: run?.id ?? '' };
  return (repository) => new GitHubPackages(api, repository, name);
}
