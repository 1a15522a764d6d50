import { anySignal, unlessAborted } from '../../src/core/cancellation.js';
import { MOST_LISTENERS, watchedSignal } from '../support/watched-signal.js';

const reason = new Error('enough');

describe('waiting for work that others wait for too', () => {
  it('gives what the work gives, or its failure', async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(Promise.resolve(7), signal)).toBe(7);
    await expect(unlessAborted(Promise.reject(reason), signal)).rejects.toBe(reason);
  });

  it('ends with the reason of the signal, and the failure of the work afterwards disturbs nobody', async () => {
    const stop = new AbortController();
    let fail = (_: Error): void => {};
    const work = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const waiting = unlessAborted(work, stop.signal);
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    fail(new Error('too late to matter'));
    await expect(unlessAborted(Promise.reject(new Error('nobody asks')), stop.signal)).rejects.toBe(reason);
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('leaves the signal below what Node takes for a leak, however many wait', async () => {
    const stop = new AbortController();
    const { signal, most } = watchedSignal(stop);
    const waiting = Array.from({ length: 50 }, () => unlessAborted(new Promise(() => {}), signal));
    const derived = Array.from({ length: 50 }, () => anySignal(signal, undefined));
    for (const one of derived) one.addEventListener('abort', () => {});
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort(reason);
    expect((await Promise.allSettled(waiting)).every(({ status }) => status === 'rejected')).toBe(true);
    expect(most()).toBeLessThanOrEqual(MOST_LISTENERS);
  });
});
