import { systemClock } from '../../../src/run/machine/system.js';
import { MOST_LISTENERS, watchedSignal } from '../../support/watched-signal.js';

describe('the real clock', () => {
  it('wakes a sleeper with the reason of its signal', async () => {
    const reason = new Error('enough');
    const stop = new AbortController();
    const sleep = systemClock.sleep(60_000, stop.signal);
    stop.abort(reason);
    await expect(sleep).rejects.toBe(reason);
    await expect(systemClock.sleep(60_000, stop.signal)).rejects.toBe(reason);
  });

  it('lets any number sleep under one signal, which stays below what Node takes for a leak', async () => {
    const stop = new AbortController();
    const { signal, most } = watchedSignal(stop);
    const sleeps = Array.from({ length: 50 }, () => systemClock.sleep(60_000, signal));
    stop.abort(new Error('enough'));
    expect((await Promise.allSettled(sleeps)).every(({ status }) => status === 'rejected')).toBe(true);
    expect(most()).toBeLessThanOrEqual(MOST_LISTENERS);
  });
});
