import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('./', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');
const numbersIn = (text: string, pattern: RegExp): readonly number[] =>
  [...text.matchAll(pattern)].map(([, number]) => Number(number));

const ROWS = numbersIn(read('cases.md'), /^\| (\d+) \|/gm);
const TESTED = readdirSync(FOLDER)
  .filter((name) => /^cases.*\.test\.ts$/.test(name))
  .flatMap((name) => numbersIn(read(name), /['`]case (\d+)\b/g));

describe('the table of cases', () => {
  it('is numbered without a gap', () => {
    expect(ROWS.length).toBeGreaterThan(60);
    expect(ROWS).toEqual(ROWS.map((_, at) => at + 1));
  });

  it('has a test for every row, and a row for every test', () => {
    expect([...new Set(TESTED)].sort((a, b) => a - b)).toEqual(ROWS);
  });
});
