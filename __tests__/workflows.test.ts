import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import {
  ACTION,
  calledWorkflow,
  isOurAction,
  type Job,
  type Permissions,
  REUSABLE,
  readWorkflow,
  usesIn,
  workflowsIn,
} from './support/workflow.js';

const OURS = workflowsIn('.github/workflows');
const EXAMPLES = workflowsIn('examples/workflows');
/** Callers hand their own permissions to it, so it has none to state. */
const CALLED = '.github/workflows/publish.yml';
const PAGES = ['README.md', ...['reusable-workflow', 'attestations', 'moving-in', 'cleaning-up', 'matrix'].map(page)];

const action = parse(readFileSync('action.yml', 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default: string; readonly description: string }>>;
};
const called = calledWorkflow();

function page(name: string): string {
  return `docs/${name}.md`;
}

/** The YAML that a page shows, block by block. */
function yamlIn(path: string): readonly unknown[] {
  return [...readFileSync(path, 'utf8').matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => parse(text));
}

function usesLines(path: string): readonly string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => /^\s*(?:- )?uses:/.test(line));
}

function isMore(permissions: Permissions | undefined): boolean {
  return Object.values(permissions ?? {}).includes('write');
}

describe.each(OURS)('our workflow %s', (path) => {
  const workflow = readWorkflow(path);

  it('grants no more than reading unless a job asks for it', () => {
    const granted = path === CALLED ? [undefined] : ['{}', '{"contents":"read"}'];
    expect(granted).toContain(JSON.stringify(workflow.permissions));
  });

  it('pins every action of somebody else to a commit, and says which version that is', () => {
    const foreign = usesLines(path).filter((line) => !/uses:\s+\.\//.test(line));
    const pinned = foreign.filter((line) => /uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line));
    expect(pinned).toEqual(foreign);
  });

  it('limits the time of every job that it runs itself', () => {
    expect(workflow.jobs).not.toEqual({});
    const own = Object.values(workflow.jobs).filter((job) => job.uses === undefined);
    expect(own.filter((job) => job['timeout-minutes'] === undefined)).toEqual([]);
  });

  it('leaves no credentials in a checkout', () => {
    const checkouts = usesIn(workflow, (uses) => uses.startsWith('actions/checkout@'));
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });
});

describe('our workflows', () => {
  it('check out, and use actions of others', () => {
    const workflows = OURS.map(readWorkflow);
    expect(usesIn(workflows, (uses) => uses.startsWith('actions/checkout@'))).not.toEqual([]);
    expect(usesIn(workflows, (uses) => !uses.startsWith('./')).length).toBeGreaterThan(3);
  });

  it('have one commit for each version of an action', () => {
    const pins = new Map<string, Set<string>>();
    for (const line of OURS.flatMap(usesLines)) {
      const [, name, rest] = /uses: ([\w./-]+)@(.+)$/.exec(line) ?? [];
      if (name === undefined || rest === undefined) continue;
      pins.set(name, (pins.get(name) ?? new Set()).add(rest));
    }
    expect([...pins].filter(([, versions]) => versions.size > 1)).toEqual([]);
    expect(pins.size).toBeGreaterThan(3);
  });

  it('look for known holes in what is bundled, also when nothing changes', () => {
    const audits = OURS.map(readWorkflow).filter(
      ({ on, jobs }) =>
        Object.keys(on as object).includes('schedule') &&
        Object.values(jobs).some(({ steps }) => steps?.some(({ run }) => run === 'npm audit --omit=dev')),
    );
    expect(audits).toHaveLength(1);
  });

  it('write nothing but where they release, and publish nowhere', () => {
    const jobs = OURS.flatMap((path) =>
      Object.entries(readWorkflow(path).jobs).map(([name, job]) => [`${path}: ${name}`, job] as const),
    );
    expect(jobs.filter(([, job]) => isMore(job.permissions)).map(([name]) => name)).toEqual([
      '.github/workflows/release.yml: release',
    ]);
  });
});

describe('what is installed', () => {
  const { dependencies, devDependencies, overrides } = JSON.parse(readFileSync('package.json', 'utf8')) as Readonly<
    Record<string, Readonly<Record<string, string>>>
  >;

  it('is named by its exact version', () => {
    const pins = Object.entries({ ...dependencies, ...devDependencies, ...overrides });
    expect(pins.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(pins.length).toBeGreaterThan(10);
  });

  it('is locked with the hash of its bytes', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      readonly packages: Readonly<Record<string, { readonly integrity?: string; readonly link?: boolean }>>;
    };
    const installed = Object.entries(packages).filter(([path]) => path.startsWith('node_modules/'));
    expect(installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
    expect(installed.length).toBeGreaterThan(100);
  });

  it('runs no scripts of its own on machines of CI', () => {
    const installs = [...OURS, '.ci/run'].flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => /^ *(?:- run: |step '.*' )?npm (?:ci|install)/.test(line)),
    );
    expect(installs.filter((line) => !line.includes('--ignore-scripts'))).toEqual([]);
    expect(installs.length).toBeGreaterThan(3);
    expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts=true$/m);
  });
});

describe.each(EXAMPLES)('the example %s', (path) => {
  const workflow = readWorkflow(path);
  const jobs = Object.entries(workflow.jobs);
  const runs = (job: Job, test: (uses: string) => boolean): boolean => usesIn([job], test).length > 0;

  it('grants nothing by itself, and to each job what it needs', () => {
    expect(workflow.permissions).toEqual({});
    expect(jobs.filter(([, job]) => job.permissions === undefined)).toEqual([]);
  });

  it.each(jobs)('gives %s no right that no step of it uses', (_name, job) => {
    const { contents, packages, ...identity } = job.permissions as Readonly<Record<string, string>>;
    const cloud = (uses: string) => /^(?:azure|google-github-actions|aws-actions)\//.test(uses);
    const publishes = runs(job, (uses) => isOurAction(uses) || uses === REUSABLE);
    const attests = runs(job, (uses) => uses.startsWith('actions/attest@')) || job.with?.attest === true;
    expect(contents === undefined || contents === 'read').toBe(true);
    const copies = job.steps?.some(({ run }) => run?.includes('dist/cli/index.js copy')) ?? false;
    const installs = runs(job, (uses) => uses === 'OWNER/pyoci-publish/index@v1');
    const writes = (publishes && !runs(job, cloud)) || copies;
    expect(packages).toBe(writes ? 'write' : installs ? 'read' : undefined);
    expect(identity).toEqual({
      ...((attests || runs(job, cloud)) && { 'id-token': 'write' }),
      ...(attests && { attestations: 'write' }),
    });
  });

  it('uses this project by its placeholder and others by their major version', () => {
    expect(usesLines(path)).not.toEqual([]);
    for (const line of usesLines(path)) expect(line).toMatch(/uses: [\w./-]+@v\d+$/);
    expect(usesIn(workflow, (uses) => uses === ACTION || uses === REUSABLE).length).toBeGreaterThan(0);
  });

  it('limits the time of every job that it runs itself', () => {
    expect(jobs.filter(([, job]) => job.steps && job['timeout-minutes'] === undefined)).toEqual([]);
  });
});

describe('whoever gives us inputs', () => {
  const documents = [...OURS, ...EXAMPLES].map((path): readonly [string, unknown] => [path, readWorkflow(path)]);
  const snippets = PAGES.flatMap((path) => yamlIn(path).map((value): readonly [string, unknown] => [path, value]));

  it('is found in files and on pages alike', () => {
    for (const found of [documents, snippets]) expect(usesIn(found, isOurAction)).not.toEqual([]);
  });

  it.each([...documents, ...snippets])('gives those that there are: %s', (_path, document) => {
    const toAction = usesIn(document, isOurAction).flatMap((step) => Object.keys(step.with ?? {}));
    const toWorkflow = usesIn(document, (uses) => /\/publish\.yml(?:@v1)?$/.test(uses));
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(toAction));
    expect(Object.keys(called.inputs)).toEqual(
      expect.arrayContaining(toWorkflow.flatMap((job) => Object.keys(job.with ?? {}))),
    );
    expect(Object.keys(called.secrets)).toEqual(
      expect.arrayContaining(toWorkflow.flatMap((job) => Object.keys(job.secrets ?? {}))),
    );
  });
});

describe('the reusable workflow', () => {
  const [step] = usesIn(called, isOurAction);
  const OWN = ['artifacts', 'environment', 'attest', 'runs-on'];

  it('hands every input on to the action under its own name', () => {
    const handed = Object.entries(step?.with ?? {}).filter(([name]) => name !== 'password');
    const names = Object.keys(called.inputs).filter((name) => !OWN.includes(name));
    expect(names).not.toEqual([]);
    expect(new Set(handed.map(([name]) => name))).toEqual(new Set(names));
    for (const [name, value] of handed) expect(value).toMatch(new RegExp(`^\\$\\{\\{ inputs\\.${name} \\}\\}$`));
  });

  it('attaches the attestation to the very files that it published, and says so once', () => {
    const [publishing, attaching, ...others] = usesIn(called, isOurAction);
    const { 'dry-run': _dry, ...same } = publishing?.with ?? {};
    expect(others).toEqual([]);
    expect(attaching?.with).toEqual({
      ...same,
      attach: `attestation=$\{{ steps.attest.outputs.bundle-path }}`,
      summary: 'false',
    });
  });

  it('has the defaults of the action, where those say anything', () => {
    const told = Object.entries(called.inputs).flatMap(([name, { default: value }]) => {
      const ours = action.inputs[name]?.default ?? '';
      return OWN.includes(name) || ours.startsWith('$') || value === '' ? [] : [{ name, value, ours }];
    });
    expect(told).not.toEqual([]);
    for (const { name, value, ours } of told) expect(`${name}: ${value}`).toBe(`${name}: ${ours}`);
  });

  it('returns what its job returns', () => {
    const outputs = (called.jobs.publish as unknown as { readonly outputs: object }).outputs;
    expect(Object.keys(called.outputs)).toEqual(Object.keys(outputs));
  });

  it('stands in its page with all inputs, secrets and outputs, in order, described as in the file', () => {
    const text = readFileSync(page('reusable-workflow'), 'utf8');
    const rows = [...text.matchAll(/^\| `([\w-]+)`(?: \(secret\))? +\|(?:[^|\n]*\|)* *([^|\n]*?) *\|$/gm)];
    expect(rows.map(([, name, description]) => [name, description])).toEqual(
      [...Object.entries(called.inputs), ...Object.entries(called.secrets), ...Object.entries(called.outputs)].map(
        ([name, described]) => [name, (described as { readonly description: string }).description],
      ),
    );
  });
});
