import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { outputsOf } from '../../src/publish/report/outputs.js';
import { type InputName, inputNames, PUBLISH_INPUTS } from '../../src/run/settings/inputs.js';
import { report } from '../support/outcomes.js';

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}

const ACTION: ActionFile = parse(readFileSync('action.yml', 'utf8'));
const README = readFileSync('README.md', 'utf8');

/** The cells of the table under a heading, its head left out. */
function tableUnder(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = README.split(`\n## ${heading}\n`);
  const rows =
    section
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('|')) ?? [];
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** A default as README writes it: each line in code type. */
function written(value: string): string {
  return value === ''
    ? ''
    : value
        .split('\n')
        .map((line) => `\`${line}\``)
        .join('<br>');
}

const INPUT_NAMES = inputNames(PUBLISH_INPUTS);

/** Defaults that only a runner can fill in; the code has its own for an empty value. */
const FROM_THE_RUNNER: readonly InputName<typeof PUBLISH_INPUTS>[] = [
  'namespace',
  'github-token',
  'job-index',
  'job-total',
];

describe('the inputs', () => {
  it('of action.yml are those the code reads, in one order', () => {
    expect(Object.keys(ACTION.inputs)).toEqual(INPUT_NAMES);
  });

  it.each(INPUT_NAMES.filter((name) => !FROM_THE_RUNNER.includes(name)))(
    'have one default in action.yml and in code: %s',
    (name) => {
      expect(ACTION.inputs[name]?.default).toBe(PUBLISH_INPUTS[name].default);
    },
  );

  it.each(FROM_THE_RUNNER)('take %s from contexts that a default may use', (name) => {
    expect(ACTION.inputs[name]?.default).toMatch(/^\$\{\{ (?:github|strategy)\.[a-z_-]+ \}\}$/);
  });

  it('stand in README with default and description as in action.yml', () => {
    expect(tableUnder('Inputs')).toEqual(
      Object.entries(ACTION.inputs).map(([name, input]) => [`\`${name}\``, written(input.default), input.description]),
    );
  });
});

describe('the outputs', () => {
  it('of action.yml are those the code sets', () => {
    expect(Object.keys(ACTION.outputs)).toEqual([...Object.keys(outputsOf(report())), 'result', 'checksums']);
  });

  it('stand in README with their descriptions', () => {
    expect(tableUnder('Outputs')).toEqual(
      Object.entries(ACTION.outputs).map(([name, output]) => [`\`${name}\``, output.description]),
    );
  });
});

describe('README', () => {
  const workflows = [...README.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text);

  it.each(workflows)('has workflows that are YAML and give the action no input it does not know: %#', (text) => {
    const given: string[] = [];
    const look = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('uses' in value && String(value.uses).startsWith('OWNER/pyoci-publish@') && 'with' in value) {
        given.push(...Object.keys(value.with ?? {}));
      }
      Object.values(value).forEach(look);
    };
    look(parse(text));
    expect(INPUT_NAMES).toEqual(expect.arrayContaining(given));
  });

  it('names the action by one placeholder', () => {
    const uses = README.match(/uses: OWNER\/.*/g) ?? [];
    expect(new Set(uses)).toEqual(new Set(['uses: OWNER/pyoci-publish@v1', 'uses: OWNER/pyoci-publish/index@v1']));
  });

  it('leads to files that are there', () => {
    const links = [...README.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path);
    const files = links.filter((path) => path !== 'docs/decisions' && path !== 'examples');
    expect(files.length).toBeGreaterThan(3);
    for (const path of files) expect(() => readFileSync(path)).not.toThrow();
  });
});
