import { getEventListeners } from 'node:events';

/** As many listeners as Node lets one signal have before it warns of a leak. */
export const MOST_LISTENERS = 10;

export interface WatchedSignal {
  readonly signal: AbortSignal;
  /** The most listeners that the signal has had at one time. */
  most(): number;
}

/** A signal that counts who listens to it. The warning itself cannot be heard: jest gives tests a process of its own. */
export function watchedSignal({ signal }: AbortController = new AbortController()): WatchedSignal {
  const add = signal.addEventListener.bind(signal);
  let most = 0;
  signal.addEventListener = (...args: Parameters<typeof add>): void => {
    add(...args);
    most = Math.max(most, getEventListeners(signal, 'abort').length);
  };
  return { signal, most: () => most };
}
