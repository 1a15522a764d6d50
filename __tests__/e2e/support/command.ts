import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { ledger } from './ledger.js';
import { bundle } from './runner.js';

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the shipped command as from a shell, without a Docker config file. */
export async function runCommand(
  args: readonly string[],
  stdin = '',
  env: Readonly<Record<string, string>> = {},
  cwd?: string,
): Promise<CommandResult> {
  return runProgram(process.execPath, [bundle('cli/index.js'), ...args], env, stdin, cwd);
}

/** Runs any program likewise. */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdin = '',
  cwd?: string,
): Promise<CommandResult> {
  const child = spawn(program, args, {
    cwd,
    env: {
      PATH: process.env.PATH,
      DOCKER_CONFIG: '/nonexistent',
      XDG_CONFIG_HOME: '/nonexistent',
      XDG_RUNTIME_DIR: '/nonexistent',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(stdin);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  ledger.knows(stdin.trim());
  ledger.keeps('standard output', stdout);
  ledger.keeps('standard error', stderr);
  return { code: child.exitCode, stdout, stderr };
}
