import { Lane } from '../../src/core/lane.js';

describe('a lane', () => {
  it('never runs more than its width, and everything in order', async () => {
    const lane = new Lane(2);
    let running = 0;
    let most = 0;
    const begun: number[] = [];
    await Promise.all(
      [0, 1, 2, 3, 4].map((index) =>
        lane.run(async () => {
          begun.push(index);
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
        }),
      ),
    );
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(2);
  });

  it('goes on after work that fails', async () => {
    const lane = new Lane(1);
    await expect(lane.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await lane.run(async () => 'yes')).toBe('yes');
  });
});
