import { distributions, ofProject } from './support/distributions.js';
import { expectListable } from './support/judgement.js';
import { Reader } from './support/reader.js';
import {
  type Registry,
  startBasicDistribution,
  startCrane,
  startOlareg,
  startOpenDistribution,
} from './support/registries.js';
import { runAction } from './support/runner.js';
import { expectSilence, secretsOf } from './support/secrecy.js';
import { errorsOf, Stage, statusesOf } from './support/stage.js';
import { Workspace } from './support/workspace.js';

const files = ofProject(distributions().published, 'demo-setuptools');
const allWith = (status: string) => Object.fromEntries(files.map(({ file }) => [file, status]));

const KINDS: readonly (readonly [name: string, start: () => Promise<Registry>])[] = [
  ['distribution without sign-in', startOpenDistribution],
  ['distribution with htpasswd', startBasicDistribution],
  ['crane', startCrane],
  ['olareg', startOlareg],
];

describe.each(KINDS)('publishing to %s', (_name, start) => {
  let registry: Registry;
  const workspace = new Workspace().hold(files);

  beforeAll(async () => {
    registry = await start();
  });
  afterAll(async () => {
    await registry.stop();
    workspace.remove();
  });

  it('publishes, and finds all unchanged the second time', async () => {
    const inputs = { registry: registry.host, ...registry.credentials };
    const first = await runAction({ workspace: workspace.path, inputs });
    expect({ code: first.code, statuses: statusesOf(first) }).toEqual({ code: 0, statuses: allWith('published') });
    await expectListable(new Reader(registry), 'owner/demo_setuptools');
    const second = await runAction({ workspace: workspace.path, inputs });
    expect({ code: second.code, statuses: statusesOf(second) }).toEqual({ code: 0, statuses: allWith('unchanged') });
    if (registry.credentials) expectSilence(first, secretsOf(registry.credentials));
  });
});

describe('signing in with what does not suffice', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
    stage.workspace.hold(files);
  });
  beforeEach(() => stage.recorder.reset());
  afterAll(() => stage.close());

  it.each([
    ['a wrong password', { password: 'no password of anybody' }],
    ['a user who may only pull', { username: 'reader' }],
    ['a namespace that is not theirs', { namespace: 'somebody-else' }],
  ])('fails on %s with one error annotation, and writes nothing', async (_what, inputs) => {
    const result = await stage.publish(inputs);
    expect(result.code).toBe(1);
    expect(errorsOf(result).length).toBeGreaterThan(0);
    expect(errorsOf(result).join('\n')).toMatch(/denied|unauthorized|401|403/i);
    expect(stage.recorder.requests.filter(({ method, status }) => method !== 'GET' && status && status < 400)).toEqual(
      [],
    );
    expectSilence(result, secretsOf(stage.registry.credentials, stage.registry.tokens.issued));
  });

  it('names both inputs when a password comes without a user', async () => {
    const result = await stage.publish({ username: '' });
    expect(result.code).toBe(1);
    expect(errorsOf(result).join('\n')).toMatch(/username/);
    expect(stage.recorder.requests).toEqual([]);
  });

  it('tells an unset secret from no credentials at all', async () => {
    const result = await stage.publish({ password: '' });
    expect(result.code).toBe(1);
    expect(errorsOf(result).join('\n')).toMatch(/password/);
    expect(stage.recorder.requests).toEqual([]);
  });
});

describe('a dry run', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
    stage.workspace.hold(files);
  });
  afterAll(() => stage.close());

  it('asks for the right to pull only, writes nothing, and calls every file planned', async () => {
    const result = await stage.publish({ 'dry-run': 'true', username: 'reader' });
    expect({ code: result.code, statuses: statusesOf(result) }).toEqual({ code: 0, statuses: allWith('planned') });
    expect(stage.recorder.writes).toEqual([]);
    const actions = stage.registry.tokens.requests.flatMap(({ url }) =>
      new URL(url, stage.registry.tokens.realm).searchParams.getAll('scope').map((scope) => scope.split(':')[2]),
    );
    expect(new Set(actions)).toEqual(new Set(['pull']));
    expect(await stage.reader.tags('owner/demo_setuptools')).toEqual([]);
  });
});
