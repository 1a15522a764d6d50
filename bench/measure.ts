import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What one or several processes took, one after the other. */
export interface Cost {
  readonly seconds: number;
  /** Processor time, of the user and of the system. */
  readonly cpu: number;
  /** Of the largest process, in MiB. */
  readonly peak: number;
}

const GNU_TIME = '/usr/bin/time';

/** Runs the commands one after the other. @throws Error with what a command printed, if it fails */
export async function cost(commands: readonly Command[]): Promise<Cost> {
  let total: Cost = { seconds: 0, cpu: 0, peak: 0 };
  for (const command of commands) {
    const one = await costOfOne(command);
    total = { seconds: total.seconds + one.seconds, cpu: total.cpu + one.cpu, peak: Math.max(total.peak, one.peak) };
  }
  return total;
}

async function costOfOne({ command, args, env }: Command): Promise<Cost> {
  if (!existsSync(GNU_TIME)) throw new Error(`Cannot measure: run apt-get install time, which brings ${GNU_TIME}`);
  const notes = join(tmpdir(), `pyoci-publish-time-${process.pid}`);
  const began = performance.now();
  await run(GNU_TIME, ['-o', notes, '-f', '%U %S %M', command, ...args], env);
  const seconds = (performance.now() - began) / 1000;
  const [user = 0, system = 0, kib = 0] = readFileSync(notes, 'utf8').trim().split(/\s+/).slice(-3).map(Number);
  rmSync(notes);
  return { seconds, cpu: user + system, peak: kib / 1024 };
}

/** @returns what it printed to stdout */
export function run(command: string, args: readonly string[], env: Command['env'] = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr = (stderr + text).slice(-4_000);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${command} ${args.slice(0, 8).join(' ')} ended with ${code}\n${stderr}`));
    });
  });
}
