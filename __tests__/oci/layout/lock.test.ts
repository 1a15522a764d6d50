import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../src/core/ports.js';
import { AtomicFiles } from '../../../src/oci/layout/atomic-files.js';
import { LockFile } from '../../../src/oci/layout/lock.js';

const ME = { pid: 10, host: 'here' };

describe('the lock of a layout', () => {
  let folder: string;
  let path: string;
  let time: number;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lock-'));
    path = join(folder, 'index.json.lock');
    time = 1_000_000;
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Waiting takes no time of ours; `whileAsleep` is what others do meanwhile. No holder holds long enough to beat. */
  const clockWith = (whileAsleep: () => Promise<void> = async () => {}): Clock => ({
    now: () => time,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      if (milliseconds >= 10_000) return untilAborted(signal);
      time += milliseconds;
      await whileAsleep();
    },
  });
  const lockOf = (clock = clockWith(), identity = ME): LockFile =>
    new LockFile(path, { clock, random: Math.random, identity, files: new AtomicFiles(identity.pid, Math.random) });
  const held = (host: string, beat: number): Promise<void> =>
    writeFile(path, JSON.stringify({ pid: 77, host, owner: 'somebody', beat: String(beat).padStart(16, '0') }));

  it('is there while the work is done, names its holder, and is gone afterwards', async () => {
    const said = await lockOf().hold(async () => JSON.parse(await readFile(path, 'utf8')) as unknown);
    expect(said).toMatchObject({ pid: 10, host: 'here' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is gone after work that failed, and the failure comes through', async () => {
    const failing = lockOf().hold(() => Promise.reject(new Error('disk full')));
    await expect(failing).rejects.toThrow('disk full');
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets one in at a time, within a process and between two', async () => {
    const clock: Clock = { now: Date.now, sleep: () => new Promise((resolve) => setTimeout(resolve, 1)) };
    const locks = [lockOf(clock), lockOf(clock, { pid: 11, host: 'here' })];
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inside -= 1;
    };
    await Promise.all([...locks, ...locks, ...locks].map((lock) => lock.hold(work)));
    expect(most).toBe(1);
  });

  it('shows a sign of life while the work goes on', async () => {
    const beatOf = (text: string): number => Number((JSON.parse(text) as { beat: string }).beat);
    const sleep = async (milliseconds: number): Promise<void> => {
      time += milliseconds;
    };
    const clock: Clock = { now: () => time, sleep };
    await lockOf(clock).hold(async () => {
      const first = beatOf(await readFile(path, 'utf8'));
      for (let looks = 0; looks < 1000; looks += 1) {
        if (beatOf(await readFile(path, 'utf8')) > first) return;
      }
      throw new Error('no sign of life');
    });
  });

  it.each([
    ['at once when this machine has had no sign of life for 30 s', 'here', -30_001, 100],
    ['after 30 s of watching when the holder is on another machine, whatever its clock says', 'there', -1e9, 30_200],
  ])('is broken %s', async (_, host, age, longest) => {
    await held(host, time + age);
    const start = time;
    const waited = await lockOf().hold(async () => time - start);
    expect(waited).toBeLessThan(longest);
    expect(waited).toBeGreaterThan(host === 'here' ? -1 : 30_000);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is broken when its holder was killed before it could sign', async () => {
    await writeFile(path, '');
    expect(await lockOf().hold(async () => 'done')).toBe('done');
  });

  it('of a holder that lives is not broken, and after a minute that is an error which says what to do', async () => {
    await held('there', time);
    const clock = clockWith(() => held('there', time));
    const failure = await lockOf(clock)
      .hold(async () => 'done')
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      name: 'UserError',
      message: `Cannot lock ${path}: process 77 on there keeps holding it`,
      hint: expect.stringContaining(`delete ${path}`),
    });
    expect(existsSync(path)).toBe(true);
  });

  it('that can be neither made nor read is not waited for without end', async () => {
    await symlink(join(folder, 'nowhere', 'at all'), path);
    await expect(lockOf().hold(async () => 'done')).rejects.toMatchObject({
      message: `Cannot lock ${path}: another process keeps holding it`,
      hint: expect.stringContaining(`delete ${path}`),
    });
  });

  it('that was lost while the work was done makes it start again, and is not taken from its new holder', async () => {
    let attempts = 0;
    const result = await lockOf().hold(async (confirm) => {
      attempts += 1;
      if (attempts === 1) {
        await rm(path);
        await held('there', time);
      }
      await confirm();
      return attempts;
    });
    expect(result).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is no longer waited for when the signal says so', async () => {
    await held('there', time);
    const stop = new AbortController();
    const reason = new Error('enough');
    const clock = clockWith(async () => stop.abort(reason));
    await expect(lockOf(clock).hold(async () => 'done', stop.signal)).rejects.toBe(reason);
    expect(existsSync(path)).toBe(true);
  });

  it('lets the next in line in after one that failed', async () => {
    const lock = lockOf();
    const first = lock.hold(() => Promise.reject(new Error('first')));
    const second = lock.hold(async () => 'second');
    await expect(first).rejects.toThrow('first');
    expect(await second).toBe('second');
  });
});

function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
}
