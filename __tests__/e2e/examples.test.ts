import { calledWorkflow, readWorkflow } from '../support/workflow.js';
import { GitHubStage } from './support/github-stage.js';
import { readIndex } from './support/judgement.js';
import { Reader } from './support/reader.js';
import { rehearse } from './support/rehearsal.js';
import { errorsOf } from './support/stage.js';

interface Expected {
  /** Namespace, and what is listed of `hello_pyoci` there. */
  readonly namespace: string;
  readonly listed: readonly string[];
  /** Whom the token service has seen; the registry with Basic sign-in has none. */
  readonly users: readonly string[];
}

const PURE = ['.tar.gz', 'py3-none-any.whl'];

/** The examples that need a cloud or a container; act plays all others, see `runner.test.ts`. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  acr: { namespace: 'python', listed: PURE, users: ['oauth2accesstoken'] },
  container: { namespace: 'owner', listed: ['py3-none-any.whl'], users: ['octocat'] },
  ecr: { namespace: 'python', listed: PURE, users: [] },
  gar: { namespace: 'my-project/python', listed: PURE, users: ['oauth2accesstoken'] },
};

describe('the examples that need more than a runner', () => {
  let stage: GitHubStage;
  beforeAll(async () => {
    stage = await GitHubStage.open();
  });
  afterAll(() => stage.close());

  it.each(Object.entries(EXPECTED))('%s publishes all that it built', async (example, { namespace, listed, users }) => {
    stage.registry.tokens.requests.length = 0;
    const version = `${Object.keys(EXPECTED).indexOf(example) + 1}.0`;
    const [result, ...more] = await rehearse(stage, readWorkflow(`examples/workflows/${example}.yml`), version);
    expect(more).toEqual([]);
    expect({ code: result?.code, errors: result && errorsOf(result) }).toEqual({ code: 0, errors: [] });
    const registry = example === 'ecr' ? stage.basic : stage.registry;
    const index = await readIndex(new Reader(registry), `${namespace}/hello_pyoci`, version);
    expect(index.manifests.map(({ platform }) => platform?.architecture).sort()).toEqual(listed);
    const seen = stage.registry.tokens.requests.map(({ user }) => user);
    expect([...new Set(seen)].sort()).toEqual(users);
  });

  it('ecr is told that PyOCI cannot sign in there', async () => {
    const [result] = await rehearse(stage, readWorkflow('examples/workflows/ecr.yml'), '9.0');
    expect(result?.annotations.filter(({ kind }) => kind === 'warning')).toEqual([
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
