import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { GitHubStage } from '../github-stage.js';
import { ledger } from '../ledger.js';
import { GITHUB_TOKEN } from '../runner.js';
import { freePort } from '../server.js';
import { ACTIONS } from './stand-ins.js';
import { type Tools, tools } from './tools.js';

/** A workflow to play, and the repository that it lies in. */
export interface Play {
  readonly stage: Pick<GitHubStage, 'env'>;
  /** The text of the workflow. */
  readonly workflow: string;
  readonly event: string;
  /** A git repository: what a checkout gives. */
  readonly project: string;
  readonly vars?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** For every step, beside what tells which GitHub this is. */
  readonly env?: Readonly<Record<string, string>>;
  /** These legs of its matrices alone, as in `platform:win_amd64`: what running failed jobs again does. */
  readonly only?: readonly string[];
  /** Folders in place of repositories, as `OWNER/NAME@REF`, beside our own action and the stand-ins. */
  readonly repositories?: Readonly<Record<string, string>>;
}

export interface PlayedStep {
  readonly job: string;
  /** Values of its matrix. */
  readonly leg: Readonly<Record<string, unknown>>;
  /** Its name, or what it runs. */
  readonly step: string;
  readonly result: string;
}

export interface Played {
  readonly code: number | null;
  /** By job, as it ended; all legs of a matrix share one. */
  readonly jobs: Readonly<Record<string, string>>;
  readonly steps: readonly PlayedStep[];
  /** Outputs by name, of every step that set them, in order. */
  readonly outputs: Readonly<Record<string, readonly string[]>>;
  readonly summaries: readonly string[];
  /** What the steps printed. */
  readonly log: string;
  /** Everything that act said, for a test that fails. */
  readonly raw: string;
  readonly seconds: number;
}

/** Every label in our files. There is no machine but this one. */
const LABELS = ['ubuntu-latest', 'ubuntu-24.04-arm', 'windows-latest', 'macos-latest', 'self-hosted', 'linux'];
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const PAYLOAD = { action: 'published', release: { tag_name: 'v1.0' }, repository: { default_branch: 'main' } };

let runs = 0;

/** Plays a workflow by nektos/act, on this machine and without a container. */
export async function play(given: Play): Promise<Played> {
  const home = mkdtempSync(join(tmpdir(), 'pyoci-publish-act-'));
  const started = performance.now();
  try {
    const child = spawn('act', await argumentsOf(given, home), {
      cwd: given.project,
      env: environment(tools(), home),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const missing = once(child, 'error').then(([cause]) => {
      throw new Error('Cannot run act: go install github.com/nektos/act@v0.2.89', { cause });
    });
    const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    const [stdout, stderr] = await Promise.race([ended, missing]);
    return told(stdout, stderr, child.exitCode, (performance.now() - started) / 1000);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function argumentsOf(given: Play, home: string): Promise<readonly string[]> {
  const { stage, event, workflow, vars = {}, secrets = {}, env = {}, repositories = {} } = given;
  const file = join(home, 'workflow.yml');
  const payload = join(home, 'event.json');
  writeFileSync(file, workflow);
  writeFileSync(payload, JSON.stringify(PAYLOAD));
  runs += 1;
  const around = {
    ...stage.env,
    ...env,
    GITHUB_RUN_ID: String(1000 + runs),
    STAND_IN_PROJECT: given.project,
    STAND_IN_OURS: ROOT,
  };
  const folders = { 'OWNER/pyoci-publish@v1': ROOT, ...ACTIONS, ...repositories };
  const each = (option: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).flatMap(([name, value]) => [option, `${name}=${value}`]);
  return [
    event,
    ...['--workflows', file, '--eventpath', payload, '--actor', 'octocat', '--json', '--no-skip-checkout'],
    ...['--container-daemon-socket', '-'],
    ...LABELS.flatMap((label) => ['--platform', `${label}=-self-hosted`]),
    ...['--artifact-server-path', join(home, 'artifacts'), '--artifact-server-addr', '127.0.0.1'],
    ...['--artifact-server-port', String(await freePort())],
    ...['--cache-server-path', join(home, 'cache'), '--cache-server-addr', '127.0.0.1'],
    ...(given.only ?? []).flatMap((leg) => ['--matrix', leg]),
    ...each('--local-repository', folders),
    ...each('--env', around),
    ...each('--var', vars),
    ...each('--secret', { GITHUB_TOKEN, ...secrets }),
  ];
}

/** Of a machine with Python tools and nothing else; what pip and uv are told of proxies and mirrors stays. */
function environment({ path, kept }: Tools, home: string): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) =>
    /^(?:PIP_|UV_|SSL_|CARGO_|RUSTUP_|https?_proxy|no_proxy)/i.test(name),
  );
  mkdirSync(join(home, 'home'));
  return {
    ...Object.fromEntries(own),
    ...kept,
    PATH: [path, process.env.PATH].join(':'),
    HOME: join(home, 'home'),
    XDG_CACHE_HOME: join(home, 'runner'),
    TMPDIR: tmpdir(),
    RUSTUP_HOME: process.env.RUSTUP_HOME ?? join(homedir(), '.rustup'),
    LANG: 'C.UTF-8',
  };
}

interface Line {
  readonly msg?: string;
  readonly jobID?: string;
  readonly jobResult?: string;
  readonly matrix?: Readonly<Record<string, unknown>>;
  readonly step?: string;
  readonly stage?: string;
  readonly stepResult?: string;
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly content?: string;
  readonly raw_output?: boolean;
}

function told(stdout: string, stderr: string, code: number | null, seconds: number): Played {
  const lines = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
  const outputs: Record<string, string[]> = {};
  for (const { command, name, arg } of lines) {
    if (command === 'set-output' && name !== undefined) outputs[name] = [...(outputs[name] ?? []), arg ?? ''];
  }
  const log = lines.flatMap(({ raw_output, msg }) => (raw_output ? [msg ?? ''] : [])).join('');
  ledger.knows(GITHUB_TOKEN);
  ledger.keeps('the log of a workflow', log);
  return {
    code,
    jobs: Object.fromEntries(lines.flatMap(({ jobID = '', jobResult }) => (jobResult ? [[jobID, jobResult]] : []))),
    steps: lines.flatMap(({ jobID: job = '', matrix: leg = {}, step = '', stage, stepResult: result }) =>
      result && stage === 'Main' ? [{ job, leg, step, result }] : [],
    ),
    outputs,
    summaries: lines.flatMap(({ command, content }) => (command === 'summary' ? [content ?? ''] : [])),
    log,
    raw: `${lines.map(({ jobID, msg = '' }) => `${jobID ?? 'act'}: ${msg.trimEnd()}`).join('\n')}\n${stderr}`,
    seconds,
  };
}
