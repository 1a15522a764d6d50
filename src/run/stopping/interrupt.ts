import { UserError } from '../../core/errors.js';

/** Somebody asked the process to stop. */
export class InterruptedError extends UserError {
  override readonly name = 'InterruptedError';

  constructor(signal: NodeJS.Signals) {
    super(`Cannot finish: stopped by ${signal}`, {
      hint: 'run again: what is done already is kept, and the rest is completed',
    });
  }
}

/**
 * Milliseconds after the signal at which the process ends, whatever it is still doing. It should be done by then; this is
 * for a helper program or a connection that does not let go.
 */
const LAST = 1_900;

export interface Interrupt {
  /** Aborts with an `InterruptedError` at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Gives the signals back to Node. */
  release(): void;
}

/**
 * Turns SIGINT and SIGTERM into an abort. A runner that cancels sends SIGINT and 7.5 s later SIGTERM; a person presses
 * Ctrl-C twice. Only the first signal is taken, so that the second one ends the process at once; and after a while the
 * process ends even so.
 */
export function interruptOf(process: NodeJS.Process): Interrupt {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    release();
    controller.abort(new InterruptedError(signal));
    setTimeout(() => process.exit(process.exitCode || 1), LAST).unref();
  };
  const release = (): void => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return { signal: controller.signal, release };
}
