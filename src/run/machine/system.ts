import { setTimeout as wait } from 'node:timers/promises';
import { anySignal } from '../../core/cancellation.js';
import type { Clock, Random } from '../../core/ports.js';

/** The real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    try {
      await wait(milliseconds, undefined, signal ? { signal: anySignal(signal, undefined) } : {});
    } catch (error) {
      // Node wraps the reason in an AbortError of its own; callers are promised the reason.
      throw signal?.aborted ? signal.reason : error;
    }
  },
};

export const systemRandom: Random = () => Math.random();
