/** How a server is told to stop: first to finish what is under way, then to end at once. */
import { InterruptedError } from './interrupt.js';

export interface Stop {
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP; `signalOf` tells which. */
  readonly asked: AbortSignal;
  /** Aborts at the second. */
  readonly now: AbortSignal;
  /** Gives the signals back to Node. */
  release(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Takes the signals of a process that serves until it is told to stop. */
export function stopOf(process: NodeJS.Process): Stop {
  const [first, second] = [new AbortController(), new AbortController()];
  const stop = (signal: NodeJS.Signals): void => {
    const reason = new InterruptedError(signal);
    if (first.signal.aborted) second.abort(reason);
    else first.abort(Object.assign(reason, { signal }));
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  return {
    asked: first.signal,
    now: second.signal,
    release: () => {
      for (const signal of SIGNALS) process.off(signal, stop);
    },
  };
}

/** The signal that asked to stop. */
export function signalOf({ asked }: Pick<Stop, 'asked'>): NodeJS.Signals {
  const { signal } = asked.reason as { readonly signal?: NodeJS.Signals };
  return signal ?? 'SIGTERM';
}
