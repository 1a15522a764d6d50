import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [, TABLE = ''] = readFileSync('README.md', 'utf8').split('\n## When it fails\n');
const ROWS = [...TABLE.matchAll(/^\| (?!What|:)([^|]+?) +\|/gm)].map(([, cell = '']) => cell);

/** All that the code can say, messages and patterns alike, in lower case. */
const SOURCES = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(join('src', path), 'utf8'))
  .join('\n')
  .toLowerCase();

const HINTS = readFileSync('src/oci/registry/refusal/hints.ts', 'utf8');

describe('the table of what goes wrong, in README', () => {
  it('names errors by words of theirs, or by the status that a registry answers', () => {
    expect(ROWS.length).toBeGreaterThan(15);
    for (const row of ROWS) expect(row).toMatch(/^(?:\d{3}|(?:\d{3}, )?`[^`]+`)$/);
  });

  it.each(ROWS.filter((row) => row.includes('`')))('has words that the code says: %s', (row) => {
    const [, words = ''] = /`([^`]+)`/.exec(row) ?? [];
    expect(SOURCES).toContain(words.toLowerCase());
  });

  it.each(ROWS.filter((row) => !row.includes('`')))('has a status that the code knows a cure for: %s', (status) => {
    expect(HINTS).toMatch(new RegExp(`^ {2}${status}: `, 'm'));
  });
});
