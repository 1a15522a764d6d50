import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { SERVE_INPUTS } from '../../../src/run/settings/inputs.js';

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string; readonly post: string };
}

const ACTION: ActionFile = parse(readFileSync('index/action.yml', 'utf8'));
const PAGE = readFileSync('docs/install.md', 'utf8');

const rows = (head: string): readonly (readonly string[])[] => {
  const [, table = ''] = PAGE.split(`| ${head} |`);
  const lines = table.split('\n\n')[0]?.split('\n').slice(2) ?? [];
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};
const coded = (text: string | undefined): string => (text ? `\`${text}\`` : '');

describe('index/action.yml', () => {
  it('has the inputs that the code reads: all but a folder, which a job has no use for, and which clients are led there', () => {
    const read = Object.keys(SERVE_INPUTS).filter((name) => name !== 'oci-layout');
    expect([...Object.keys(ACTION.inputs)].sort()).toEqual([...read, 'export'].sort());
  });

  it.each(['fallback', 'extra-indexes', 'port'] as const)('has the default of the code: %s', (name) => {
    expect(ACTION.inputs[name]?.default).toBe(SERVE_INPUTS[name].default);
  });

  it('runs one bundle that is there, for both of its steps', () => {
    expect(ACTION.runs).toEqual({
      using: 'node20',
      main: '../dist/index-action/index.js',
      post: '../dist/index-action/index.js',
    });
    expect(existsSync('dist/index-action/index.js')).toBe(true);
  });
});

describe('docs/install.md', () => {
  it('shows the inputs with default and description as in the file', () => {
    expect(rows('Input')).toEqual(
      Object.entries(ACTION.inputs).map(([name, { default: value, description }]) => [
        `\`${name}\``,
        coded(value),
        description,
      ]),
    );
  });

  it('shows the outputs with their descriptions', () => {
    expect(rows('Output')).toEqual(
      Object.entries(ACTION.outputs).map(([name, { description }]) => [`\`${name}\``, description]),
    );
  });

  it('gives the action no input that it does not have', () => {
    const blocks = [PAGE, readFileSync('README.md', 'utf8')].flatMap((page) => [
      ...page.matchAll(/```yaml\n(.*?)```/gs),
    ]);
    const given: string[] = [];
    const look = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('uses' in value && String(value.uses).includes('/index@') && 'with' in value) {
        given.push(...Object.keys(value.with as object));
      }
      Object.values(value).forEach(look);
    };
    for (const [, text = ''] of blocks) look(parse(text));
    expect(given.length).toBeGreaterThan(1);
    expect(Object.keys(ACTION.inputs)).toEqual(expect.arrayContaining(given));
  });
});
