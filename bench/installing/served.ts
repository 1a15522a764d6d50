import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { freePort } from '../../__tests__/e2e/support/server.js';

/** Our index over one namespace of a registry, a process of its own as users have it. */
export interface Served {
  /** Of the root `simple/`, with its credentials. */
  readonly indexUrl: string;
  /** From the start of the process to its word that it listens. */
  readonly milliseconds: number;
  /** The most memory it had until now, in MiB. Linux only. */
  readonly peak: () => number;
  readonly stop: () => Promise<void>;
}

export async function serve(bundle: string, registry: string, namespace: string): Promise<Served> {
  const port = await freePort();
  const place = ['--registry', `http://${registry}`, '--namespace', namespace, '--packages', 'foo'];
  const ways = ['--fallback', 'none', '--extra-indexes', 'allow', '--port', String(port), '--json', '--quiet'];
  const began = performance.now();
  const child = spawn(process.execPath, [bundle, 'serve', ...place, ...ways], {
    env: { ...process.env, DOCKER_CONFIG: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const milliseconds = performance.now() - began;
  const { indexUrl } = JSON.parse(line) as { readonly indexUrl: string };
  return {
    indexUrl,
    milliseconds,
    peak: () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    stop: () => ended(child),
  };
}

export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, 'exit');
  child.kill();
  await end;
}
