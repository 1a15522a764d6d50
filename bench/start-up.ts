import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { run } from './measure.js';
import { median } from './tables.js';

export interface StartUp {
  readonly node: string;
  /** Milliseconds from the start of the process to the first connection, without what Node takes for nothing. */
  readonly milliseconds: readonly number[];
}

/** How soon the command speaks to the registry, beside `node -e 0`, in turns. */
export async function startUp(node: string, bundle: string, file: string, repetitions: number): Promise<StartUp> {
  const milliseconds: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const began = performance.now();
    await run(node, ['-e', '0']);
    const nothing = performance.now() - began;
    milliseconds.push((await untilConnected(node, bundle, file)) - nothing);
  }
  return { node: (await run(node, ['--version'])).trim(), milliseconds };
}

export function startUpText({ node, milliseconds }: StartUp): string {
  const [least, most] = [Math.min(...milliseconds), Math.max(...milliseconds)];
  return `${node}: ${median(milliseconds).toFixed(0)} ms (${least.toFixed(0)} - ${most.toFixed(0)})`;
}

async function untilConnected(node: string, bundle: string, file: string): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connected = once(server, 'connection');
  const began = performance.now();
  const args = [bundle, '--registry', host, '--namespace', 'bench', file];
  const child = spawn(node, args, { env: { ...process.env, DOCKER_CONFIG: '/nonexistent' }, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const [socket] = await connected;
  const taken = performance.now() - began;
  child.kill('SIGKILL');
  socket.destroy();
  await ended;
  server.close();
  return taken;
}
