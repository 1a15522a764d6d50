import { anySignal, unlessAborted } from '../../src/core/cancellation.js';

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
    await expect(unlessAborted(work, stop.signal)).rejects.toBe(reason);
    fail(new Error('too late to matter'));
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('is nothing that Node warns of, however many wait', async () => {
    const warnings: Error[] = [];
    const warned = (warning: Error): void => void warnings.push(warning);
    process.on('warning', warned);
    const stop = new AbortController();
    const waiting = Array.from({ length: 50 }, () => unlessAborted(new Promise(() => {}), stop.signal));
    const derived = Array.from({ length: 50 }, () => anySignal(stop.signal, undefined));
    for (const signal of derived) signal.addEventListener('abort', () => {});
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort(reason);
    expect((await Promise.allSettled(waiting)).every(({ status }) => status === 'rejected')).toBe(true);
    process.off('warning', warned);
    expect(warnings).toEqual([]);
  });
});
