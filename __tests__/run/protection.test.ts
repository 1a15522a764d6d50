import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Env } from '../../src/core/ports.js';
import { githubJob } from '../../src/github/job.js';
import { failuresOf, publishedOf } from '../../src/publish/report/report.js';
import type { OpenStore } from '../../src/run/open-store.js';
import { protectionOf } from '../../src/run/protection.js';
import { publishRun } from '../../src/run/publish-run.js';
import type { PublishInputs } from '../../src/run/settings/inputs.js';
import { readSettings } from '../../src/run/settings/settings.js';
import { wheelFile } from '../support/builders.js';
import { inputs, JOB, type TestFace, testFace } from '../support/face.js';
import { startRegistry, type TestRegistry } from '../support/registry.js';

/** What a runner leaves that knows nothing of the matrix. */
const UNKNOWN = { 'job-index': '', 'job-total': '' };
const TAKEN = 'input job-total is not given: this job is taken for one of a matrix, as with coordination: journal';

describe('a job that is not told how large its matrix is', () => {
  let folder: string;
  let registry: TestRegistry;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journals-'));
    registry = await startRegistry({ auth: 'open', referrers: true });
  });
  afterEach(async () => {
    await registry.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Publishes one wheel, as one of the legs of a run. */
  async function leg(given: Partial<PublishInputs>, { tag = 'py3', env = JOB }: { tag?: string; env?: Env } = {}) {
    const face = testFace([await wheelFile(folder, { filename: `foo-1.0-${tag}-none-any.whl` })], { env });
    const { report } = await publishRun(
      inputs({ ...UNKNOWN, registry: registry.host, namespace: 'me', ...given }),
      face,
    );
    const [version] = publishedOf(report);
    return { face, failures: failuresOf(report), protection: version?.protection };
  }
  const records = () => registry.writes.filter(({ path }) => /\/manifests\/sha256:/.test(path)).length;

  it('finds the others through the journal, and says what it assumes', async () => {
    const tags = ['cp311', 'cp312', 'cp313', 'cp314'];
    const legs = await Promise.all(tags.map((tag) => leg({}, { tag })));
    expect(legs.flatMap(({ failures }) => failures)).toEqual([]);
    for (const { face, protection } of legs) {
      expect(face.log.of('info')).toContain(TAKEN);
      expect(protection).toBe(
        "publishers of this run agree through the registry's referrers; against all others timing protects",
      );
    }
  });

  it.each<[string, Partial<PublishInputs>, Env]>([
    ['it publishes alone', { 'job-total': '1' }, JOB],
    ['coordination is settle', { coordination: 'settle' }, JOB],
    ['coordination is off', { coordination: 'off' }, JOB],
    ['nothing is written', { 'dry-run': 'true' }, JOB],
    ['it is no job but a terminal', {}, { DOCKER_CONFIG: '/nonexistent' }],
  ])('assumes nothing, and leaves no record, where %s', async (_why, given, env) => {
    const { face, failures } = await leg(given, { env });
    expect(failures).toEqual([]);
    expect(face.log.lines.join('\n')).not.toMatch(/job-total|matrix/);
    expect(records()).toBe(given['dry-run'] ? 0 : 1);
  });

  it.each([
    ['has no id', { GITHUB_RUN_ID: '' }],
    ['has the id that act gives to all of its runs', { ACT: 'true', GITHUB_RUN_ID: '1' }],
  ])('relies on timing where the run %s, and says so', async (_what, changes) => {
    const { face, protection } = await leg({}, { env: { ...JOB, ...changes } });
    expect(face.log.of('info').filter((line) => line.includes('job-total'))).toEqual([
      'input job-total is not given: this may be one job of a matrix, but without a GITHUB_RUN_ID of its own it cannot find the others; timing protects',
    ]);
    expect(protection).toMatch(/^protected by timing/);
  });

  it('finds the others in a run of act that has an id of its own', async () => {
    const { face } = await leg({}, { env: { ...JOB, ACT: 'true', GITHUB_RUN_ID: '1767225600' } });
    expect(face.log.of('info')).toContain(TAKEN);
  });

  it("asks GitHub's API for nothing without a token, and says so", async () => {
    const open = async (given: Partial<PublishInputs>): Promise<[opened: boolean, face: TestFace]> => {
      const face = testFace([]);
      const job = githubJob(JOB);
      const settings = readSettings(inputs({ ...UNKNOWN, ...given }), job, face.spelled);
      const target = { onGitHub: async () => true } as unknown as OpenStore;
      const protection = await protectionOf(settings, job, target, '2026-01-02T03:04:05Z', face);
      return [protection.kind === 'settle' && protection.openJournal !== undefined, face];
    };
    const [without, face] = await open({});
    expect({ without, lines: face.log.lines }).toEqual({
      without: false,
      lines: [expect.stringMatching(/^info input job-total is not given: .* without input github-token .*timing/)],
    });
    const [withToken, other] = await open({ 'github-token': 'ghs_token' });
    expect({ withToken, lines: other.log.lines }).toEqual({ withToken: true, lines: [`info ${TAKEN}`] });
  });
});
