import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { EOL, tmpdir } from 'node:os';
import { join } from 'node:path';
import { subjectsOf } from '../../support/attest-subjects.js';
import { type Context, evaluateText, holds, type Value } from '../../support/expression.js';
import {
  calledWorkflow,
  type Inputs,
  isOurAction,
  type Job,
  type Leg,
  legsOf,
  REUSABLE,
  type Step,
  type Workflow,
} from '../../support/workflow.js';
import { Artifacts } from './artifacts.js';
import type { GitHubStage } from './github-stage.js';
import { GITHUB_TOKEN, REPOSITORY, type Step as RunnerStep, runAction, type StepResult } from './runner.js';
import { standInFor } from './stand-ins.js';

/** One step of our action, as it was run. */
export interface Played {
  readonly job: string;
  /** `with:` as it was evaluated; the registry may have become a local one. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly result: StepResult;
}

export interface Rehearsed {
  readonly played: readonly Played[];
  /** The subjects that each step attested, as `sha256 name`. */
  readonly attested: readonly (readonly string[])[];
}

/** Hosts in examples that stand for the registry of somebody else. */
const FOREIGN = ['registry.example.com', 'myregistry.azurecr.io', 'europe-west1-docker.pkg.dev'];

/**
 * Plays a workflow: jobs after those they need, all legs at once, artifacts from job to job, the bundle with the very
 * inputs of each step that uses our action. Steps of others leave what a stand-in leaves.
 */
export class Rehearsal {
  readonly #stage: GitHubStage;
  readonly #version: string;
  readonly #github: Context;
  readonly #artifacts = new Artifacts();
  readonly #played: Played[] = [];
  readonly #attested: (readonly string[])[] = [];

  constructor(stage: GitHubStage, options: { readonly version: string; readonly event?: string }) {
    this.#stage = stage;
    this.#version = options.version;
    this.#github = {
      token: GITHUB_TOKEN,
      actor: 'octocat',
      repository: REPOSITORY.name,
      repository_owner: REPOSITORY.owner,
      event_name: options.event ?? 'release',
    };
  }

  async run({ jobs }: Workflow): Promise<Rehearsed> {
    const waiting = new Map(Object.entries(jobs));
    while (waiting.size) {
      const ready = [...waiting].filter(([, job]) => [job.needs ?? []].flat().every((name) => !waiting.has(name)));
      await Promise.all(ready.map(([name, job]) => this.#job(name, job)));
      for (const [name] of ready) waiting.delete(name);
    }
    return { played: this.#played, attested: this.#attested };
  }

  async #job(name: string, job: Job): Promise<void> {
    const legs = legsOf(job.strategy?.matrix);
    const alone = { 'job-index': 0, 'job-total': 1 };
    await Promise.all(
      legs.map(async (matrix, index) => {
        const strategy = job.strategy ? { 'job-index': index, 'job-total': legs.length } : alone;
        const contexts = { ...this.#contexts(), matrix, strategy };
        if (job.uses === undefined) await this.#steps(name, job.steps ?? [], contexts, matrix);
        else await this.#call(name, job, contexts, alone);
      }),
    );
  }

  /** A called workflow sees the run of its caller, its own inputs, and a matrix of its own. */
  async #call(name: string, job: Job, caller: Context, strategy: Strategy): Promise<void> {
    if (job.uses !== REUSABLE) throw new Error(`Cannot rehearse a call of ${job.uses}`);
    const called = calledWorkflow();
    const defaults = Object.entries(called.inputs).map(([input, { default: value }]) => [input, value ?? '']);
    const inputs = { ...Object.fromEntries(defaults), ...evaluated(job.with, caller) };
    const types = Object.entries(called.inputs).map(([input, { type }]) => [input, typed(inputs[input], type)]);
    const secrets = { password: '', ...evaluated(job.secrets === 'inherit' ? {} : job.secrets, caller) };
    const revision = { workflow_repository: 'OWNER/pyoci-publish', workflow_sha: REPOSITORY.revision };
    const contexts = { ...this.#contexts(), secrets, strategy, inputs: Object.fromEntries(types), job: revision };
    for (const { steps } of Object.values(called.jobs)) await this.#steps(name, steps ?? [], contexts, {});
  }

  async #steps(job: string, steps: readonly Step[], contexts: JobContexts, leg: Leg): Promise<void> {
    const workspace = mkdtempSync(join(tmpdir(), 'pyoci-publish-rehearsal-'));
    const scene = { stage: this.#stage, workspace, leg, version: this.#version };
    const results: Record<string, Context> = {};
    let env = this.#stage.env;
    try {
      for (const step of steps) {
        const now = { ...contexts, steps: results };
        if (!holds(step.if, now)) continue;
        const given = evaluated(step.with, now);
        const uses = step.uses ?? '';
        let outputs: Given = {};
        if (isOurAction(uses)) {
          outputs = await this.#publish(job, given, { workspace, env, strategy: contexts.strategy });
        } else if (uses.startsWith('actions/upload-artifact@')) {
          this.#artifacts.upload(workspace, { name: given.name ?? 'artifact', path: given.path ?? '' });
        } else if (uses.startsWith('actions/download-artifact@')) {
          const { pattern = '*', path = '.', 'merge-multiple': merge } = given;
          this.#artifacts.download(workspace, { pattern, path, merge: merge === 'true' });
        } else if (uses.startsWith('actions/attest@')) {
          const subjects = subjectsOf(given['subject-checksums'] ?? '', EOL);
          if (!subjects.length) throw new Error('Cannot attest: there are no subjects');
          this.#attested.push(subjects);
          outputs = { 'attestation-url': 'https://github.example.com/attestations/1' };
        } else {
          const left = standInFor(step, scene);
          env = { ...env, ...left.env };
          outputs = left.outputs ?? {};
        }
        if (step.id !== undefined) results[step.id] = { outputs };
      }
    } finally {
      rmSync(workspace, { recursive: true, force: true });
    }
  }

  async #publish(job: string, given: Given, { workspace, env, strategy }: Around): Promise<Given> {
    const foreign = FOREIGN.includes(given.registry ?? '');
    const inputs = foreign ? { ...given, registry: this.#stage.foreign.host } : given;
    const result = await runAction({ workspace, inputs, env, strategy });
    this.#played.push({ job, inputs, result });
    if (result.files.checksums) {
      // Throws unless every line is that of a file of this job, byte for byte.
      execFileSync('sha256sum', ['--check', '--strict', '--quiet'], {
        cwd: join(workspace, 'dist'),
        input: result.files.checksums,
      });
    }
    return { ...result.outputs, checksums: result.files.checksums ?? '' };
  }

  #contexts(): Context {
    const { username, password } = this.#stage.elsewhere;
    return {
      github: this.#github,
      vars: { REGISTRY_USER: username, ...CLOUD },
      secrets: { REGISTRY_PASSWORD: password },
    };
  }
}

type Given = Readonly<Record<string, string>>;
type Strategy = NonNullable<RunnerStep['strategy']>;
type JobContexts = Context & { readonly strategy: Strategy };

interface Around {
  readonly workspace: string;
  readonly env: Given;
  readonly strategy: Strategy;
}

/** What a repository that publishes to a cloud has set; any value does. */
const CLOUD = {
  AZURE_CLIENT_ID: 'client',
  AZURE_TENANT_ID: 'tenant',
  AZURE_SUBSCRIPTION_ID: 'subscription',
  GOOGLE_IDENTITY_PROVIDER: 'provider',
  GOOGLE_SERVICE_ACCOUNT: 'account',
};

function evaluated(values: Inputs | undefined, contexts: Context): Given {
  const entries = Object.entries(values ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, evaluateText(String(value), contexts)]));
}

/** An input of a called workflow has the type that it declares. @throws Error where GitHub would refuse the call */
function typed(value: string | number | boolean | undefined, type: string): Value {
  const text = String(value);
  if (type === 'boolean' && ['true', 'false'].includes(text)) return text === 'true';
  if (type === 'number' && /^\d+$/.test(text)) return Number(text);
  if (type === 'string') return text;
  throw new Error(`Cannot call the workflow: found "${text}" for an input of type ${type}`);
}
