import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BundleOptions {
  readonly args?: readonly string[];
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs what is shipped, `dist/index.js` or `dist/cli/index.js`, with nothing of our environment but the path. */
export async function runBundle(
  entry: string,
  { args = [], nodeArgs = [], env = {}, cwd }: BundleOptions,
): Promise<Ended> {
  const child = spawn(process.execPath, [...nodeArgs, new URL(`../../${entry}`, import.meta.url).pathname, ...args], {
    env: {
      PATH: process.env.PATH ?? '',
      DOCKER_CONFIG: '/nonexistent',
      XDG_CONFIG_HOME: '/nonexistent',
      XDG_RUNTIME_DIR: '/nonexistent',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}
