import { UploadProgress } from '../../src/run/upload-progress.js';
import { FakeClock } from '../support/clock.js';

const MiB = 1024 * 1024;

function progressAt(every: number): { progress: UploadProgress; shown: string[]; clock: FakeClock } {
  const clock = new FakeClock();
  const shown: string[] = [];
  const view = { every, show: (text: string) => shown.push(text), end: () => shown.push('end') };
  return { progress: new UploadProgress(clock, view), shown, clock };
}

describe('the progress of uploads', () => {
  it('is told in MiB, share, files and rate, no more often than asked for', () => {
    const { progress, shown, clock } = progressAt(5_000);
    progress.start(2, 40 * MiB);
    progress.sent('a', 10 * MiB);
    clock.pass(4_999);
    progress.sent('a', 19 * MiB);
    clock.pass(1);
    progress.sent('a', 20 * MiB);
    clock.pass(4_999);
    progress.done('a', 20 * MiB);
    clock.pass(1);
    progress.sent('b', 10 * MiB);
    progress.end();
    expect(shown).toEqual([
      '20.0 MiB of 40.0 MiB (50%), 0 of 2 files, 4.0 MiB/s',
      '30.0 MiB of 40.0 MiB (75%), 1 of 2 files, 3.0 MiB/s',
      'end',
    ]);
  });

  it('goes back when an upload starts again, while its bytes stay in the rate', () => {
    const { progress, shown, clock } = progressAt(1_000);
    progress.start(1, 10 * MiB);
    progress.sent('a', 8 * MiB);
    progress.sent('a', 0);
    clock.pass(1_000);
    progress.sent('a', 2 * MiB);
    expect(shown).toEqual(['2.0 MiB of 10.0 MiB (20%), 0 of 1 files, 10.0 MiB/s']);
  });

  it('counts a file that was there already as done, and not into the rate', () => {
    const { progress, shown, clock } = progressAt(1_000);
    progress.start(1, 10 * MiB);
    clock.pass(1_000);
    progress.done('a', 10 * MiB);
    expect(shown).toEqual(['10.0 MiB of 10.0 MiB (100%), 1 of 1 files, 0 B/s']);
  });

  it('has a share even where there is not a byte to send', () => {
    const { progress, shown, clock } = progressAt(0);
    progress.start(1, 0);
    clock.pass(1);
    progress.done('a', 0);
    expect(shown).toEqual(['0 B of 0 B (100%), 1 of 1 files, 0 B/s']);
  });
});
