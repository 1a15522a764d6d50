import type { Row, Sample } from './compare.js';

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** One line a row, columns aligned, the first line on top. */
export function table(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The rows of one workload at one delay. */
export function comparison(rows: readonly Row[]): string {
  const head = ['', 'wall s', 'from - to', 'x curl', 'cpu s', 'peak MiB', 'requests', 'MB sent'];
  return table([head, ...rows.map(lineOf)]);
}

function lineOf({ contender, state, samples }: Row): readonly string[] {
  const of = (value: (sample: Sample) => number | undefined): readonly number[] =>
    samples.map(value).filter((each) => each !== undefined);
  const seconds = of((sample) => sample.seconds);
  const ratios = of((sample) => sample.toCurl);
  const sent = of((sample) => sample.sent);
  const kinds = samples.at(-1)?.requests ?? {};
  return [
    state === 'all new' ? contender : `${contender}, ${state}`,
    median(seconds).toFixed(2),
    `${Math.min(...seconds).toFixed(2)} - ${Math.max(...seconds).toFixed(2)}`,
    ratios.length ? median(ratios).toFixed(2) : '',
    median(of((sample) => sample.cpu)).toFixed(2),
    Math.max(...of((sample) => sample.peak)).toFixed(0),
    `${Object.values(kinds).reduce((sum, count) => sum + count, 0)} ${kindsText(kinds)}`.trim(),
    sent.length ? (median(sent) / 1e6).toFixed(1) : '',
  ];
}

function kindsText(kinds: Readonly<Record<string, number>>): string {
  const told = Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`);
  return told.length ? `(${told.join(', ')})` : '';
}
