/**
 * A signal that aborts with the first of those given. Always a new one: Node takes more than ten listeners on one signal
 * for a leak, and warns.
 */
export function anySignal(first: AbortSignal, second: AbortSignal | undefined): AbortSignal {
  return AbortSignal.any(second ? [first, second] : [first]);
}

/** The outcome of work that others wait for too; the wait, not the work, ends with the signal's reason. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // When the wait is over first, the work may fail with nobody left to hear it, which would end the process.
  work.catch(() => {});
  signal.throwIfAborted();
  const own = anySignal(signal, undefined);
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(own.reason);
    own.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    own.removeEventListener('abort', stop);
  }
}
