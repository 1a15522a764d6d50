import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, evaluateText, holds } from '../../support/expression.js';
import { type Inputs, isOurAction, type Step, type Workflow } from '../../support/workflow.js';
import type { GitHubStage } from './github-stage.js';
import { GITHUB_TOKEN, REPOSITORY, runAction, type StepResult } from './runner.js';
import { standInFor } from './stand-ins.js';

/** Hosts in examples that stand for the registry of a cloud. */
const FOREIGN = ['myregistry.azurecr.io', 'europe-west1-docker.pkg.dev'];

/** What a repository that publishes to a cloud has set; any value does. */
const CLOUD = {
  AZURE_CLIENT_ID: 'client',
  AZURE_TENANT_ID: 'tenant',
  AZURE_SUBSCRIPTION_ID: 'subscription',
  GOOGLE_IDENTITY_PROVIDER: 'provider',
  GOOGLE_SERVICE_ACCOUNT: 'account',
};

/**
 * Plays a workflow of one job that act cannot play: it runs in a container, or signs in to a cloud. The bundle runs with the
 * very inputs of each step that uses our action; steps of others leave what a stand-in leaves. All other workflows are
 * played by act (`runner.test.ts`).
 *
 * @returns what came of each step of our action
 */
export async function rehearse(
  stage: GitHubStage,
  { jobs }: Workflow,
  version: string,
): Promise<readonly StepResult[]> {
  const [steps, ...more] = Object.values(jobs).map((job) => job.steps);
  if (!steps || more.length) throw new Error('Cannot rehearse a workflow of several jobs: let act play it');
  const workspace = mkdtempSync(join(tmpdir(), 'pyoci-publish-rehearsal-'));
  try {
    return await played(stage, steps, { stage, workspace, version });
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

async function played(
  stage: GitHubStage,
  steps: readonly Step[],
  scene: Parameters<typeof standInFor>[1],
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  const known: Record<string, Context> = {};
  let env = stage.env;
  for (const step of steps) {
    const now = { github: GITHUB, vars: CLOUD, secrets: {}, steps: known };
    if (!holds(step.if, now)) continue;
    let outputs: Readonly<Record<string, string>>;
    if (isOurAction(step.uses ?? '')) {
      const given = evaluated(step.with, now);
      const inputs = FOREIGN.includes(given.registry ?? '') ? { ...given, registry: stage.foreign.host } : given;
      const result = await runAction({ workspace: scene.workspace, inputs, env });
      results.push(result);
      outputs = result.outputs;
    } else {
      const left = standInFor(step, scene);
      env = { ...env, ...left.env };
      outputs = left.outputs ?? {};
    }
    if (step.id !== undefined) known[step.id] = { outputs };
  }
  return results;
}

const GITHUB: Context = {
  token: GITHUB_TOKEN,
  actor: 'octocat',
  repository: REPOSITORY.name,
  repository_owner: REPOSITORY.owner,
  event_name: 'release',
};

function evaluated(values: Inputs | undefined, contexts: Context): Readonly<Record<string, string>> {
  const entries = Object.entries(values ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, evaluateText(String(value), contexts)]));
}
