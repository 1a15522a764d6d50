import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputVariables } from './action-inputs.js';
import { readOutputs } from './file-commands.js';
import { ledger } from './ledger.js';
import { type ReadLog, readLog } from './workflow-commands.js';

export interface Step {
  /** `with:` of the step. */
  readonly inputs: Readonly<Record<string, string>>;
  /** GITHUB_WORKSPACE, and the working directory. */
  readonly workspace: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Path of the Node to run on; the one of the tests unless given. */
  readonly node?: string;
  readonly strategy?: { readonly 'job-index': number; readonly 'job-total': number };
  /** Called with the process as soon as it runs. */
  readonly started?: (child: ChildProcess) => void;
}

export interface StepResult extends ReadLog {
  /** `null` if a signal ended it. */
  readonly code: number | null;
  /** Both streams as they came. */
  readonly raw: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** What was written for the environment of later steps: nothing, as it should be. */
  readonly exported: string;
  /** Content of each file that an output names: `result` and `checksums`. */
  readonly files: Readonly<Record<string, string>>;
}

export const GITHUB_TOKEN = 'ghs_e2e_0123456789_token.of-the_job';
export const REPOSITORY = {
  owner: 'Owner',
  name: 'Owner/Project',
  revision: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
};

const FILES = { GITHUB_OUTPUT: 'output', GITHUB_STEP_SUMMARY: 'summary', GITHUB_STATE: 'state', GITHUB_ENV: 'env' };

/** Runs the committed bundle as a runner runs a step that uses the action, on the nearest thing to a hosted machine. */
export async function runAction(step: Step): Promise<StepResult> {
  const temp = mkdtempSync(join(tmpdir(), 'pyoci-publish-runner-'));
  try {
    for (const name of ['home', 'tmp', ...Object.values(FILES)]) make(temp, name);
    const child = spawn(step.node ?? process.execPath, [bundle('index.js')], {
      cwd: step.workspace,
      env: environment(step, temp),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    step.started?.(child);
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => chunks.push(text));
    }
    const [code] = (await once(child, 'close')) as [number | null];
    const raw = chunks.join('');
    const outputs = readOutputs(readFileSync(join(temp, FILES.GITHUB_OUTPUT), 'utf8'));
    const result = {
      ...readLog(raw),
      code,
      raw,
      outputs,
      summary: readFileSync(join(temp, FILES.GITHUB_STEP_SUMMARY), 'utf8'),
      exported: readFileSync(join(temp, FILES.GITHUB_ENV), 'utf8'),
      files: named(outputs),
    };
    keep(step, result);
    return result;
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

/** Absolute path of a file of the bundle, seen from the root of the repository. @throws Error if it was not built */
export function bundle(name: string): string {
  const path = join(process.cwd(), 'dist', name);
  if (!existsSync(path)) throw new Error(`Cannot find ${path}: run npm run build`);
  return path;
}

/** The log without its masks: secrets must not be printed even where a mask would cover them. */
function keep({ inputs }: Step, { unmasked, summary, outputs, exported, files }: StepResult): void {
  const { username = 'octocat', password = '' } = inputs;
  ledger.knowsLogin(username, password);
  for (const token of [GITHUB_TOKEN, inputs['github-token'] ?? '']) ledger.knowsLogin('octocat', token);
  const left = { log: unmasked, summary, outputs: JSON.stringify(outputs), exported, files: JSON.stringify(files) };
  for (const [where, text] of Object.entries(left)) ledger.keeps(where, text);
}

function make(temp: string, name: string): void {
  if (name === 'home' || name === 'tmp') mkdirSync(join(temp, name));
  else writeFileSync(join(temp, name), '');
}

function environment(step: Step, temp: string): NodeJS.ProcessEnv {
  const contexts = {
    github: { token: GITHUB_TOKEN, actor: 'octocat', repository_owner: REPOSITORY.owner, repository: REPOSITORY.name },
    strategy: step.strategy ?? { 'job-index': 0, 'job-total': 1 },
  };
  return {
    PATH: process.env.PATH,
    HOME: join(temp, 'home'),
    CI: 'true',
    ...Object.fromEntries(Object.entries(FILES).map(([variable, name]) => [variable, join(temp, name)])),
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: contexts.github.actor,
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_JOB: 'publish',
    GITHUB_REF: 'refs/tags/v1',
    GITHUB_REPOSITORY: REPOSITORY.name,
    GITHUB_REPOSITORY_OWNER: REPOSITORY.owner,
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '4711',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: REPOSITORY.revision,
    GITHUB_WORKSPACE: step.workspace,
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: join(temp, 'tmp'),
    ...inputVariables(step.inputs, contexts),
    ...step.env,
  };
}

function named(outputs: Readonly<Record<string, string>>): Record<string, string> {
  const paths = ['result', 'checksums'].map((name) => [name, outputs[name]] as const);
  return Object.fromEntries(paths.flatMap(([name, path]) => (path ? [[name, readFileSync(path, 'utf8')]] : [])));
}
