/** Starts the server as a process of its own, which outlives the step and dies with the job. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Env } from '../../core/ports.js';
import { type Order, SERVER, type Word } from './server.js';

/**
 * What the server's process has of the environment: where programs, homes and proxies are, and whose job it is. No token and
 * no input, since other steps of the job may read what a process was started with.
 */
const NAMED = [
  'PATH',
  'Path',
  'HOME',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'ProgramData',
  'SystemRoot',
  'TEMP',
  'TMP',
  'TMPDIR',
  'LANG',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  // By which the runner finds what a job has left behind, and ends it.
  'RUNNER_TRACKING_ID',
] as const;

/** @param log descriptor of the file that its words go to. @returns its first word, and its process */
export async function startServer(
  order: Order,
  log: number,
  process: NodeJS.Process,
): Promise<{ readonly word: Word; readonly pid: number }> {
  const child = spawn(process.execPath, [process.argv[1] ?? '', SERVER], {
    detached: true,
    // An inherited stream would hold the step until the job ends.
    stdio: ['ignore', log, log, 'ipc'],
    env: namedOf(order.env),
  });
  child.send({ ...order, env: { ...order.env } });
  const silent = once(child, 'exit').then(([code]): [Word] => [
    { kind: 'failed', message: `Cannot start the package index: its process ended with ${code}`, hint: undefined },
  ]);
  const [word] = (await Promise.race([once(child, 'message'), silent])) as [Word];
  if (child.connected) child.disconnect();
  child.unref();
  return { word, pid: child.pid ?? 0 };
}

function namedOf(env: Env): Record<string, string> {
  return Object.fromEntries(
    NAMED.flatMap((name): [string, string][] => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
