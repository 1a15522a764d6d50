import { EventEmitter } from 'node:events';
import { jest } from '@jest/globals';
import { InterruptedError, interruptOf } from '../../../src/run/stopping/interrupt.js';

interface ProcessLike extends EventEmitter {
  exitCode: number | undefined;
  exit: (code: number) => void;
}

describe('an interrupt', () => {
  let exits: number[];
  beforeEach(() => {
    exits = [];
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const processLike = (): NodeJS.Process & ProcessLike =>
    Object.assign(new EventEmitter(), {
      exitCode: undefined,
      exit: (code: number) => exits.push(code),
    }) as unknown as NodeJS.Process & ProcessLike;

  it.each(['SIGINT', 'SIGTERM'] as const)('comes with %s, and its reason names the signal', (name) => {
    const process = processLike();
    const { signal } = interruptOf(process);
    process.emit(name, name);
    expect(signal.reason).toBeInstanceOf(InterruptedError);
    expect(signal.reason).toMatchObject({ message: `Cannot finish: stopped by ${name}` });
  });

  it('is taken once, so that the next signal ends the process as usual', () => {
    const process = processLike();
    interruptOf(process);
    process.emit('SIGINT', 'SIGINT');
    expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual([0, 0]);
  });

  it('leaves nothing behind when the run is over', () => {
    const process = processLike();
    const { signal, release } = interruptOf(process);
    release();
    expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual([0, 0]);
    expect(signal.aborted).toBe(false);
    jest.runAllTimers();
    expect(exits).toEqual([]);
  });

  it.each([
    [undefined, 1],
    [0, 1],
    [2, 2],
  ])('ends a process that does not end by itself, which has not succeeded: %j', (code, expected) => {
    const process = processLike();
    interruptOf(process);
    process.exitCode = code;
    process.emit('SIGTERM', 'SIGTERM');
    expect(exits).toEqual([]);
    jest.advanceTimersByTime(2_000);
    expect(exits).toEqual([expected]);
  });
});
