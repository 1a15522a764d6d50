import { readFileSync } from 'node:fs';
import { workflowsIn } from '../support/workflow.js';
import { type Played, play } from './support/act/act.js';
import { installed } from './support/act/installed.js';
import { OurRepository } from './support/act/ours.js';
import { Project } from './support/act/project.js';
import { cibuildwheel } from './support/act/stand-ins.js';
import { printed, type Row } from './support/act/table.js';
import { GitHubStage } from './support/github-stage.js';
import { readIndex } from './support/judgement.js';
import { Reader } from './support/reader.js';

interface Expected {
  readonly event: 'push' | 'release';
  readonly project: (version: string) => Project;
  /** Architectures that are listed, by repository. */
  readonly listed: Readonly<Record<string, readonly string[]>>;
  readonly attested?: number;
  /** Whether a built wheel is for every machine, so that it can be installed and run on this one. */
  readonly runs?: boolean;
  /** Whether a job installs through the index, beside which no stand-in for a builder may lie. */
  readonly installs?: boolean;
}

const PURE = { 'owner/hello_pyoci': ['.tar.gz', 'py3-none-any.whl'] };
const PLATFORMS = ['macosx_11_0_arm64', 'manylinux_2_17_aarch64', 'manylinux_2_17_x86_64', 'win_amd64'];
const wheels = (platforms: readonly string[]) => platforms.map((platform) => `cp312-cp312-${platform}.whl`);
const compiled = { event: 'release', project: Project.pure } as const;
const pure = { ...compiled, listed: PURE, runs: true } as const;

/** The examples that act can play as they are written. */
const EXAMPLES: Readonly<Record<string, Expected>> = {
  'dry-run': pure,
  ghes: pure,
  'matrix-each': { ...compiled, listed: { 'owner/hello_pyoci': ['.tar.gz', ...wheels(PLATFORMS)] } },
  'matrix-gathered': { ...compiled, listed: { 'owner/hello_pyoci': ['.tar.gz', ...wheels(PLATFORMS)] }, attested: 5 },
  maturin: {
    event: 'push',
    project: Project.rust,
    listed: { 'owner/hello_rust': ['.tar.gz', expect.stringMatching(/^py3-none-.*linux.*\.whl$/)] },
    runs: true,
  },
  promote: {
    ...pure,
    installs: true,
    listed: { 'owner/staging/hello_pyoci': PURE['owner/hello_pyoci'], ...PURE },
  },
  pure,
  reusable: { ...pure, attested: 2 },
  'reusable-matrix': { ...compiled, listed: { 'owner/hello_pyoci': wheels(PLATFORMS).filter((_, at) => at !== 0) } },
  'two-registries': { ...pure, listed: { ...PURE, 'team/python/hello_pyoci': PURE['owner/hello_pyoci'] } },
  'uv-workspace': {
    event: 'push',
    project: Project.workspace,
    listed: { 'owner/one': PURE['owner/hello_pyoci'], 'owner/other': PURE['owner/hello_pyoci'] },
    runs: true,
  },
};

/** Played by the rehearsal in examples.test.ts, and why not here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  acr: 'signs in by the tools of a cloud',
  container: 'runs in a job container, and there is no engine',
  ecr: 'signs in by the tools of a cloud',
  gar: 'signs in by the tools of a cloud',
};

/** One for each, so that none meets what another one published. */
const versionOf = (example: string): string => `${Object.keys(EXAMPLES).indexOf(example) + 1}.0`;

describe('played by act, with builds that run:', () => {
  let stage: GitHubStage;
  const ours = new OurRepository();
  const rows: Row[] = [];
  const projects: Project[] = [];
  const made = (make: Expected['project'], version: string): Project => {
    const project = make(version);
    projects.push(project);
    return project;
  };
  const played = async (name: string, given: Omit<Parameters<typeof play>[0], 'stage'>): Promise<Played> => {
    const result = await play({ stage, ...given });
    rows.push({ name, result });
    if (result.code !== 0) throw new Error(`${name} failed\n${result.raw}`);
    return result;
  };
  const listed = async (repository: string, version: string): Promise<readonly string[]> => {
    const { manifests } = await readIndex(new Reader(stage.registry), repository, version);
    return manifests.map(({ platform }) => platform?.architecture ?? '').sort();
  };
  /** Where the attestation about several files is, if there is one. */
  const BUNDLE = /^\.[0-9a-f]{12}\.sigstore\.json$/;

  beforeAll(async () => {
    stage = await GitHubStage.open();
  });
  afterAll(async () => {
    for (const project of [ours, ...projects]) project.remove();
    await stage.close();
    printed(rows);
  });

  it('every example is played, here or by the rehearsal', () => {
    const names = workflowsIn('examples/workflows').map((path) => path.replace(/^.*\/|\.yml$/g, ''));
    expect([...names].sort()).toEqual([...Object.keys(EXAMPLES), ...Object.keys(ELSEWHERE)].sort());
  });

  it('the quick start of README publishes, and what it published installs', async () => {
    const [, workflow = ''] = /```yaml\n(.*?)```/s.exec(readFileSync('README.md', 'utf8')) ?? [];
    const project = made(Project.pure, '0.9');
    await played('README', { workflow, event: 'release', project: project.path });
    expect(await listed('owner/hello_pyoci', '0.9')).toEqual(PURE['owner/hello_pyoci']);
    expect(await installed(stage, 'owner/hello_pyoci:0.9')).toMatch(/hello/i);
  });

  it.each(Object.entries(EXAMPLES))('%s publishes all that it built', async (name, expected) => {
    const version = versionOf(name);
    const project = made(expected.project, version);
    const { username, password } = stage.elsewhere;
    const { summaries, outputs } = await played(name, {
      workflow: locally(readFileSync(`examples/workflows/${name}.yml`, 'utf8'), stage),
      event: expected.event,
      project: project.path,
      env: expected.installs ? { PIP_FIND_LINKS: '' } : cibuildwheel(),
      vars: { REGISTRY_USER: username },
      secrets: { REGISTRY_PASSWORD: password },
      repositories: { 'OWNER/pyoci-publish@v1': ours.path },
    });
    for (const [repository, architectures] of Object.entries(expected.listed)) {
      const all = await listed(repository, version);
      expect(all.filter((architecture) => !BUNDLE.test(architecture))).toEqual([...architectures]);
      expect(all.filter((architecture) => BUNDLE.test(architecture))).toHaveLength(expected.attested ? 1 : 0);
      if (expected.runs) expect(await installed(stage, `${repository}:${version}`)).toMatch(/hello|one|other/i);
    }
    expect(summaries.length).toBeGreaterThan(0);
    const attested = outputs['attestation-url'] ?? [];
    expect(new Set(attested)).toEqual(
      new Set(expected.attested === undefined ? [] : [`https://github.example.com/attestations/${expected.attested}`]),
    );
  });

  it('uv-workspace leaves everything as it is where no version was raised', async () => {
    const project = made(Project.workspace, '70.0');
    const workflow = readFileSync('examples/workflows/uv-workspace.yml', 'utf8');
    const given = { workflow, event: 'push', project: project.path };
    const [first, again] = [await played('uv-workspace', given), await played('uv-workspace, again', given)];
    expect([first, again].map(({ outputs }) => statuses(outputs))).toEqual([
      Array(4).fill('published'),
      Array(4).fill('unchanged'),
    ]);
    expect(first.outputs.name).toEqual(['one\nother']);
    // What the last step says of each, in two columns.
    expect(first.log).toMatch(/^one\t\S+\/owner\/one:70\.0$/m);
  });

  it('dry-run writes nothing for a pull request, before the release and after it', async () => {
    const workflow = readFileSync('examples/workflows/dry-run.yml', 'utf8');
    const pullRequest = { workflow, event: 'pull_request' };
    const released = made(Project.pure, versionOf('dry-run'));
    const pushes = stage.github.pushes.length;
    const before = await played('dry-run, before', { ...pullRequest, project: made(Project.pure, '77.0').path });
    const after = await played('dry-run, after', { ...pullRequest, project: released.path });
    expect(stage.github.pushes).toHaveLength(pushes);
    expect(statuses(before.outputs)).toEqual(['planned', 'planned']);
    expect(statuses(after.outputs)).not.toContain('planned');
  });
});

/**
 * The one address in an example that stands for a registry of the reader's own; and where a command names GitHub's, that of
 * the stage, which has no TLS.
 */
function locally(workflow: string, stage: GitHubStage): string {
  return workflow
    .replaceAll('registry: registry.example.com', `registry: ${stage.foreign.host}`)
    .replaceAll('"ghcr.io/', `"http://${stage.github.host}/`)
    .replaceAll('copy "$IMAGE"', 'copy "http://$IMAGE"');
}

function statuses(outputs: Played['outputs']): readonly string[] {
  const files = (outputs.files ?? []).flatMap((text) => JSON.parse(text) as readonly { readonly status: string }[]);
  return files.map(({ status }) => status);
}
