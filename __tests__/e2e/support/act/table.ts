import type { Played } from './act.js';

export interface Row {
  readonly name: string;
  readonly result: Played;
}

/** Says what was played, and how long it took: for whoever looks at the log of the suite. */
export function printed(rows: readonly Row[]): void {
  const lines = rows.map(({ name, result: { seconds, steps, jobs } }) => {
    const ran = steps.filter(({ result }) => result !== 'skipped').length;
    return `  ${name.padEnd(30)} ${seconds.toFixed(1).padStart(6)} s  ${Object.keys(jobs).length} jobs, ${ran} steps`;
  });
  const all = rows.reduce((sum, { result }) => sum + result.seconds, 0);
  process.stderr.write(`Played by act:\n${lines.join('\n')}\n  ${'all'.padEnd(30)} ${all.toFixed(1).padStart(6)} s\n`);
}
