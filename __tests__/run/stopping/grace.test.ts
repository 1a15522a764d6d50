import { afterGrace, GRACE } from '../../../src/run/stopping/grace.js';
import { HeldClock } from '../../support/held-clock.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what must not be cut at once', () => {
  let clock: HeldClock;
  let stop: AbortController;
  let over: AbortController;
  beforeEach(() => {
    [clock, stop, over] = [new HeldClock(), new AbortController(), new AbortController()];
  });

  it('goes on for a moment after the signal, and not longer', async () => {
    const signal = afterGrace(stop.signal, over.signal, clock);
    stop.abort(new Error('SIGINT'));
    await settled();
    expect([signal.aborted, clock.asleep]).toEqual([false, [GRACE]]);
    clock.wake(GRACE);
    await settled();
    expect(signal.reason).toMatchObject({
      message: 'Cannot finish: no answer within 1.5 s',
      cause: stop.signal.reason,
    });
  });

  it('has its moment even if the signal came before', async () => {
    stop.abort(new Error('SIGINT'));
    const signal = afterGrace(stop.signal, over.signal, clock);
    expect([signal.aborted, clock.asleep]).toEqual([false, [GRACE]]);
  });

  it('ends with the run, and leaves nobody asleep', async () => {
    const signal = afterGrace(stop.signal, over.signal, clock);
    stop.abort(new Error('SIGINT'));
    over.abort(new Error('over'));
    await settled();
    expect([signal.reason, clock.asleep]).toEqual([over.signal.reason, []]);
  });

  it('ends with the run where nobody stopped it', () => {
    const signal = afterGrace(stop.signal, over.signal, clock);
    over.abort(new Error('over'));
    stop.abort(new Error('too late'));
    expect([signal.reason, clock.asleep]).toEqual([over.signal.reason, []]);
  });
});
