/** The command that an index is served for: it has the terminal, and its exit status is ours. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { codeOf } from '../../core/error-code.js';
import { UserError } from '../../core/errors.js';
import type { Env } from '../../core/ports.js';
import { type Stop, signalOf } from '../../run/stopping/serving.js';

/** As shells have them. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
const BY_SIGNAL = 128;

export interface Ended {
  readonly status: number;
  /** Why it could not be started. */
  readonly error?: UserError;
}

/**
 * Runs a command to its end.
 *
 * Told to stop, it waits for the command to do so: a SIGINT goes to everybody at a terminal, so it is not sent again; SIGTERM
 * and SIGHUP are handed on. The second time the command is killed.
 */
export async function runChild([command = '', ...args]: readonly string[], env: Env, stop: Stop): Promise<Ended> {
  const child = spawn(command, args, { stdio: 'inherit', env });
  const hand = (): void => {
    if (signalOf(stop) !== 'SIGINT') child.kill(signalOf(stop));
  };
  const kill = (): void => void child.kill('SIGKILL');
  stop.asked.addEventListener('abort', hand, { once: true });
  stop.now.addEventListener('abort', kill, { once: true });
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return { status: code ?? BY_SIGNAL + (signal ? constants.signals[signal] : 0) };
  } catch (cause) {
    const missing = codeOf(cause) === 'ENOENT';
    const why = missing ? 'there is no such program' : 'it cannot be executed';
    const error = new UserError(`Cannot run ${command}: ${why}`);
    return { status: missing ? NOT_FOUND : NOT_EXECUTABLE, error };
  } finally {
    stop.asked.removeEventListener('abort', hand);
    stop.now.removeEventListener('abort', kill);
  }
}
