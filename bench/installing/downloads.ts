import { run } from '../measure.js';

/** Seconds of each repetition, the two in turns. */
export interface Downloads {
  readonly straight: readonly number[];
  readonly through: readonly number[];
}

/**
 * The same bytes by curl from two places, one after the other so that a busy moment meets both. Each once before, unmeasured.
 * @throws Error if one of them answers anything but 200
 */
export async function downloads(straight: string, through: string, repetitions: number): Promise<Downloads> {
  const found = { straight: [] as number[], through: [] as number[] };
  for (let repetition = -1; repetition < repetitions; repetition += 1) {
    const [one, other] = [await download(straight), await download(through)];
    if (repetition < 0) continue;
    found.straight.push(one);
    found.through.push(other);
  }
  return found;
}

/** One download. @returns seconds, by curl's own clock. @throws Error if it fails */
export async function download(url: string): Promise<number> {
  const args = ['--silent', '--show-error', '--fail', '--output', '/dev/null', '--write-out', '%{time_total}', url];
  return Number(await run('curl', args));
}

/** So many downloads of one file at once, by one curl. @returns seconds for all */
export async function together(url: string, count: number): Promise<number> {
  const each = Array.from({ length: count }, () => ['--output', '/dev/null', url]).flat();
  const began = performance.now();
  await run('curl', [
    '--silent',
    '--show-error',
    '--fail',
    '--parallel',
    '--parallel-immediate',
    '--parallel-max',
    String(count),
    ...each,
  ]);
  return (performance.now() - began) / 1000;
}
