import type { Env } from '../core/ports.js';
import type { Run } from '../pyoci/context.js';

/** The job of GitHub Actions that we run in, as its variables tell. */
export interface GitHubJob {
  /** `https://github.com`, or that of another instance. */
  readonly serverUrl: string;
  readonly apiUrl: string;
  /** Who started the run; registries of GitHub take it as the user of the job's token. */
  readonly actor: string | undefined;
  /** Owner of the repository, in its own case. */
  readonly owner: string | undefined;
  readonly run: Run | undefined;
}

/** `undefined` outside GitHub Actions, even where stray variables of it are set. */
export function githubJob(env: Env): GitHubJob | undefined {
  if (env.GITHUB_ACTIONS !== 'true') return undefined;
  const serverUrl = (env.GITHUB_SERVER_URL || 'https://github.com').replace(/\/+$/, '');
  return {
    serverUrl,
    apiUrl: (env.GITHUB_API_URL || 'https://api.github.com').replace(/\/+$/, ''),
    actor: env.GITHUB_ACTOR || undefined,
    owner: env.GITHUB_REPOSITORY_OWNER || undefined,
    run: runOf(env, serverUrl),
  };
}

export function isGitHubDotCom(job: GitHubJob): boolean {
  return job.serverUrl.toLowerCase() === 'https://github.com';
}

function runOf(env: Env, serverUrl: string): Run | undefined {
  const id = env.GITHUB_RUN_ID;
  const repository = env.GITHUB_REPOSITORY;
  if (!id || !repository) return undefined;
  return { id, repositoryUrl: `${serverUrl}/${repository}`, revision: env.GITHUB_SHA || undefined };
}
