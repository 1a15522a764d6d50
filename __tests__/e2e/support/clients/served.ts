import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ledger } from '../ledger.js';
import { bundle } from '../runner.js';

/** The shipped index, running. */
export interface Served {
  readonly indexUrl: string;
  readonly ownedUrl: string;
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** What `serve -- COMMAND` would set for its command. */
  readonly environment: Readonly<Record<string, string>>;
  /** What it said on standard error until now. */
  readonly log: () => string;
  stop(): Promise<number | null>;
}

/** Starts `pyoci-publish serve --json`, and waits until it is ready. @throws Error with what it said, if it ends before */
export async function startServe(
  args: readonly string[],
  password?: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Served> {
  const stdin = password === undefined ? [] : ['--password-stdin'];
  const child = spawn(process.execPath, [bundle('cli/index.js'), 'serve', '--json', ...args, ...stdin], {
    env: {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      DOCKER_CONFIG: '/nonexistent',
      XDG_RUNTIME_DIR: '/nonexistent',
      PIP_CONFIG_FILE: '/dev/null',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(password ?? '');
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk;
  });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`serve ended with ${code}\n${log}`);
  });
  ended.catch(() => {});
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  const told = JSON.parse(line) as Pick<Served, 'indexUrl' | 'ownedUrl' | 'url' | 'port'>;
  const own = new URL(told.indexUrl).password;
  return {
    ...told,
    process: child,
    environment: {
      PIP_INDEX_URL: told.indexUrl,
      PIP_EXTRA_INDEX_URL: told.indexUrl,
      PDM_PYPI_URL: told.indexUrl,
      PIPENV_PYPI_MIRROR: told.indexUrl,
      UV_INDEX_PYOCI_USERNAME: 'pyoci',
      UV_INDEX_PYOCI_PASSWORD: own,
      POETRY_HTTP_BASIC_PYOCI_USERNAME: 'pyoci',
      POETRY_HTTP_BASIC_PYOCI_PASSWORD: own,
    },
    log: () => log,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        await gone;
      }
      ledger.keeps('the log of the index', log);
      return child.exitCode;
    },
  };
}
