import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A server program of somebody else's, running on a loopback port. */
export interface Server {
  /** Host and port, as a registry is named. */
  readonly host: string;
  readonly stop: () => Promise<void>;
}

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** The command that installs it; told when it is missing. */
  readonly install: string;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('Cannot find a free port: no address');
  return address.port;
}

/** Runs the program and resolves once it answers on the port. @throws Error with what it printed, if it does not */
export async function startServer(program: Program, port: number): Promise<Server> {
  const child = spawn(program.command, program.args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: string[] = [];
  child.stdout.on('data', (text) => printed.push(String(text)));
  child.stderr.on('data', (text) => printed.push(String(text)));
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (cause) => {
      reject(new Error(`Cannot start ${program.command}: run ${program.install}`, { cause }));
    });
    child.once('exit', (code) => {
      reject(new Error(`Cannot start ${program.command}: it ended with ${code}\n${printed.join('')}`));
    });
  });
  const host = `127.0.0.1:${port}`;
  try {
    await Promise.race([answering(host), failed]);
  } catch (error) {
    await end(child);
    throw error;
  }
  failed.catch(() => undefined);
  return { host, stop: () => end(child) };
}

/** Resolves at the first answer, whatever its status. */
async function answering(host: string): Promise<void> {
  let last: unknown;
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      await (await fetch(`http://${host}/v2/`)).arrayBuffer();
      return;
    } catch (error) {
      last = error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`Cannot reach ${host}: no answer within ten seconds`, { cause: last });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
