import type { Env } from '../core/ports.js';
import { type Circumstances, chooseJournal, type RunPlace } from '../journals/choose.js';
import { GitHubApi } from '../journals/github-api.js';
import { GitHubPackages } from '../journals/github-packages.js';
import type { OpenJournal } from '../publish/journal.js';
import type { Face } from './face.js';
import type { GitHubJob } from './github-job.js';
import type { Settings } from './settings.js';
import type { Target } from './target.js';

/** Where the publishers of this run meet, as settings and registry have it. */
export async function openJournals(
  settings: Settings,
  job: GitHubJob | undefined,
  target: Target,
  created: string,
  face: Face,
): Promise<OpenJournal | undefined> {
  const { coordination } = settings;
  if (settings.destination.kind === 'layout' || settings.dryRun) return undefined;
  const { clock, log, signal } = face;
  const asking = coordination === 'journal' || (coordination === 'auto' && settings.jobTotal > 1);
  return chooseJournal({
    coordination,
    run: placeOf(settings, job, face),
    packages:
      job && asking && (await target.onGitHub().catch(() => false)) ? packagesOf(settings, job, face) : undefined,
    cache: face.cache,
    member: { created, clock, log, signal },
  });
}

function placeOf(settings: Settings, job: GitHubJob | undefined, { env }: Face): RunPlace | undefined {
  if (!job?.run) return undefined;
  return {
    id: job.run.id,
    attempt: attemptOf(env),
    job: env.GITHUB_JOB || 'job',
    index: settings.jobIndex,
    total: settings.jobTotal,
  };
}

/** Whether the run was started again, from the same event and with the same id. */
export function isRerun(env: Env): boolean {
  return attemptOf(env) > 1;
}

function attemptOf({ GITHUB_RUN_ATTEMPT = '' }: Env): number {
  return Number(/^[1-9]\d{0,8}$/.exec(GITHUB_RUN_ATTEMPT)?.[0] ?? 1);
}

function packagesOf({ login }: Settings, { apiUrl, run }: GitHubJob, face: Face): Circumstances['packages'] {
  const api = new GitHubApi({ ...face, apiUrl, token: login.githubToken });
  const name = { project: face.env.GITHUB_REPOSITORY ?? '', id: run?.id ?? '' };
  return (repository) => new GitHubPackages(api, repository, name);
}
