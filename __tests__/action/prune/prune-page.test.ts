import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { PRUNE_INPUTS } from '../../../src/run/settings/inputs.js';

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}

const ACTION: ActionFile = parse(readFileSync('prune/action.yml', 'utf8'));
const PAGE = readFileSync('docs/cleaning-up.md', 'utf8');
const NAMES = Object.keys(PRUNE_INPUTS).filter((name) => name !== 'oci-layout');

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

/** The steps of a page that use the action, with the job each stands in. */
function recipes(): readonly { readonly job: Record<string, unknown>; readonly given: Record<string, unknown> }[] {
  const blocks = [...PAGE.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => parse(text) as Workflow);
  return blocks.flatMap(({ jobs = {} }) =>
    Object.values(jobs).flatMap((job) =>
      (job.steps ?? []).flatMap(({ uses, with: given = {} }) =>
        uses === 'OWNER/pyoci-publish/prune@v1' ? [{ job, given }] : [],
      ),
    ),
  );
}

interface Workflow {
  readonly jobs?: Readonly<Record<string, Job>>;
}

interface Job extends Record<string, unknown> {
  readonly steps?: readonly { readonly uses?: string; readonly with?: Record<string, unknown> }[];
}

describe('prune/action.yml', () => {
  it('has the inputs that the code reads, in one order: all but a folder, which a job has no use for', () => {
    expect(Object.keys(ACTION.inputs)).toEqual(NAMES);
  });

  it.each(NAMES.filter((name) => !['packages', 'github-token'].includes(name)))(
    'has the default of the code: %s',
    (name) => {
      expect(ACTION.inputs[name]?.default).toBe(PRUNE_INPUTS[name as keyof typeof PRUNE_INPUTS].default);
    },
  );

  it('deletes nothing unless it is told to', () => {
    expect(ACTION.inputs.apply?.default).toBe('false');
  });

  it('runs a bundle that is built', () => {
    expect(ACTION.runs).toEqual({ using: 'node20', main: '../dist/prune/index.js' });
    expect(readFileSync('scripts/build.mjs', 'utf8')).toContain("'dist/prune'");
  });
});

describe('docs/cleaning-up.md', () => {
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

  it('has workflows that give the action what it knows, and grant what it needs', () => {
    const all = recipes();
    expect(all.length).toBeGreaterThan(0);
    for (const { job, given } of all) {
      expect(NAMES).toEqual(expect.arrayContaining(Object.keys(given)));
      expect(given).toHaveProperty('packages');
      expect(job.permissions).toEqual({ packages: 'write' });
    }
  });
});
