import { calledWorkflow, readWorkflow, workflowsIn } from '../support/workflow.js';
import { GitHubStage } from './support/github-stage.js';
import { readIndex } from './support/judgement.js';
import { Reader } from './support/reader.js';
import { Rehearsal, type Rehearsed } from './support/rehearsal.js';
import { errorsOf, filesOf } from './support/stage.js';

const EXAMPLES = workflowsIn('examples/workflows').map((path) => path.replace(/^.*\/|\.yml$/g, ''));

interface Expected {
  /** Namespaces, each with what is listed of `hello_pyoci` there. */
  readonly listed: Readonly<Record<string, readonly string[]>>;
  /** Whom the token service has seen; the registry with Basic sign-in has none. */
  readonly users: readonly string[];
  /** How many subjects each attestation has. */
  readonly attested?: readonly number[];
  /** Whether the jobs of the run leave word for each other; else none needs to. */
  readonly agree?: boolean;
}

const PURE = ['py3-none-any.whl', '.tar.gz'];
const SYSTEMS = ['ubuntu_latest', 'ubuntu_24_04_arm', 'windows_latest', 'macos_latest'].map(wheelFor);
const [LINUX = '', , WINDOWS = '', MAC = ''] = SYSTEMS;
const MATURIN = ['ubuntu_latest_x86_64', 'ubuntu_24_04_arm_aarch64', 'windows_latest_x64', 'macos_latest_aarch64'];
const JOB = ['octocat'];
const ELSEWHERE = ['oauth2accesstoken'];

const EXPECTED: Readonly<Record<string, Expected>> = {
  acr: { listed: { python: PURE }, users: ELSEWHERE },
  container: { listed: { owner: ['py3-none-any.whl'] }, users: JOB },
  'dry-run': { listed: { owner: PURE }, users: JOB },
  ecr: { listed: { python: PURE }, users: [] },
  gar: { listed: { 'my-project/python': PURE }, users: ELSEWHERE },
  ghes: { listed: { owner: PURE }, users: JOB },
  'matrix-each': { listed: { owner: [...SYSTEMS, '.tar.gz'] }, users: JOB, agree: true },
  'matrix-gathered': { listed: { owner: [...SYSTEMS, '.tar.gz'] }, users: JOB, attested: [5] },
  maturin: { listed: { owner: [...MATURIN.map(wheelFor), '.tar.gz'] }, users: JOB },
  pure: { listed: { owner: PURE }, users: JOB },
  reusable: { listed: { owner: PURE }, users: JOB, attested: [2] },
  'reusable-matrix': { listed: { owner: [LINUX, WINDOWS, MAC] }, users: JOB, agree: true },
  'two-registries': { listed: { owner: PURE, 'team/python': PURE }, users: [...JOB, ...ELSEWHERE] },
};

function wheelFor(platform: string): string {
  return `cp312-cp312-${platform}.whl`;
}

/** What failed, in the words of the log; a step that fails without a word counts too. */
function failuresOf({ played }: Rehearsed): readonly string[] {
  return played.filter(({ result }) => result.code !== 0).map(({ result }) => errorsOf(result).join('; ') || 'failed');
}

describe('the examples', () => {
  let stage: GitHubStage;
  /** A version for each, so that none meets what another one published. */
  const versionOf = (example: string): string => `${EXAMPLES.indexOf(example) + 1}.0`;
  const rehearse = (example: string, event?: string): Promise<Rehearsed> =>
    new Rehearsal(stage, { version: versionOf(example), ...(event && { event }) }).run(
      readWorkflow(`examples/workflows/${example}.yml`),
    );

  beforeAll(async () => {
    stage = await GitHubStage.open();
  });
  afterAll(() => stage.close());

  it('are all rehearsed here', () => {
    expect(new Set(EXAMPLES)).toEqual(new Set([...Object.keys(EXPECTED), 'uv-workspace']));
  });

  it.each(Object.entries(EXPECTED))(
    '%s publishes all that it built',
    async (example, { listed, users, attested = [], agree = false }) => {
      stage.registry.tokens.requests.length = 0;
      const rehearsed = await rehearse(example);
      expect(failuresOf(rehearsed)).toEqual([]);
      expect(rehearsed.attested.map((subjects) => subjects.length)).toEqual(attested);
      const agreed = rehearsed.played.map(({ result }) =>
        result.raw.includes("agree through the package's list of versions"),
      );
      expect(agreed).toEqual(agreed.map(() => agree));
      for (const [namespace, architectures] of Object.entries(listed)) {
        const registry = example === 'ecr' ? stage.basic : stage.registry;
        const index = await readIndex(new Reader(registry), `${namespace}/hello_pyoci`, versionOf(example));
        expect(index.manifests.map(({ platform }) => platform?.architecture).sort()).toEqual([...architectures].sort());
      }
      const seen = stage.registry.tokens.requests.map(({ user }) => user);
      expect([...new Set(seen)].sort()).toEqual([...users].sort());
    },
  );

  it('uv-workspace publishes every member, and the next time only what is new', async () => {
    const [first, again] = [await rehearse('uv-workspace'), await rehearse('uv-workspace')];
    const statuses = [first, again].map(({ played }) => played.flatMap(({ result }) => filesOf(result)));
    expect(statuses.map((files) => files.map(({ status }) => status))).toEqual([
      Array(4).fill('published'),
      Array(4).fill('unchanged'),
    ]);
    expect(first.played[0]?.result.outputs.name).toBe('one\nother');
  });

  it('dry-run writes nothing for a pull request, and passes before the release and after it', async () => {
    const pushes = stage.github.pushes.length;
    const before = await new Rehearsal(stage, { version: '99.0', event: 'pull_request' }).run(
      readWorkflow('examples/workflows/dry-run.yml'),
    );
    const after = await rehearse('dry-run', 'pull_request');
    expect([...failuresOf(before), ...failuresOf(after)]).toEqual([]);
    expect(before.played.flatMap(({ result }) => filesOf(result)).map(({ status }) => status)).toEqual([
      'planned',
      'planned',
    ]);
    expect(stage.github.pushes.length).toBe(pushes);
  });

  it('ecr is told that PyOCI cannot sign in there', async () => {
    const { played } = await rehearse('ecr');
    expect(played[0]?.result.annotations.filter(({ kind }) => kind === 'warning')).toEqual([
      expect.objectContaining({ message: expect.stringContaining('PyOCI') }),
    ]);
  });
});

describe('the reusable workflow', () => {
  it('stops where its revision is not told, before anything else', () => {
    const [guard] = calledWorkflow().jobs.publish?.steps ?? [];
    expect(guard).toMatchObject({ if: expect.stringContaining("job.workflow_sha == ''") });
    expect(guard?.run).toContain('exit 1');
  });
});
