import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failureText } from '../../src/core/failure.js';
import { failuresOf, publishedOf } from '../../src/publish/report/report.js';
import { publishRun } from '../../src/run/publish-run.js';
import type { PublishInputs } from '../../src/run/settings/inputs.js';
import { wheelFile } from '../support/builders.js';
import { inputs, JOB, testFace } from '../support/face.js';
import { startRegistry, type TestRegistry } from '../support/registry.js';

const PASSWORD = 'correct horse battery staple';
const DENIED = { status: 403, body: { errors: [{ code: 'DENIED', message: 'denied' }] } };

/** Who we are may be wrong, or what we ask may not be ours to know: a dry run fails for the first and passes for the second. */
describe('a dry run', () => {
  let folder: string;
  let registry: TestRegistry;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dry-'));
  });
  afterEach(async () => {
    await registry.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(given: Partial<PublishInputs>, keep?: object) {
    if (keep) await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [registry.host]: keep } }));
    const env = { ...JOB, DOCKER_CONFIG: folder };
    const face = testFace([await wheelFile(folder)], { env });
    const { report } = await publishRun(inputs({ registry: registry.host, 'dry-run': 'true', ...given }), face);
    const planned = publishedOf(report).flatMap(({ files }) => files.map(({ status }) => status));
    return { planned, failures: failuresOf(report).map(failureText), warnings: face.log.of('warning') };
  }

  const given = { username: 'robin', password: 'wrong' };
  const kept = { auth: Buffer.from('robin:wrong').toString('base64') };

  describe.each<['basic' | 'bearer']>([['basic'], ['bearer']])('on a registry with %s sign-in', (auth) => {
    it.each<[string, Partial<PublishInputs>, object | undefined, RegExp]>([
      ['were given', given, undefined, /input username and input password/],
      ['are kept by docker login', {}, kept, /the Docker config file /],
    ])('fails where credentials that %s are refused, and says whose they are', async (_, login, keep, source) => {
      registry = await startRegistry({ auth });
      const { planned, failures, warnings } = await run(login, keep);
      expect(planned).toEqual([]);
      expect(failures).toEqual([expect.stringMatching(/was answered 401 .*does not accept the credentials from/s)]);
      expect(failures[0]).toMatch(source);
      expect(warnings.join()).not.toMatch(/new, or not readable/);
    });

    it('passes with a warning where the credentials are good and may not read', async () => {
      registry = await startRegistry({ auth, may: () => false });
      const { planned, failures, warnings } = await run({ ...given, password: PASSWORD });
      expect([planned, failures]).toEqual([['planned'], []]);
      expect(warnings.join()).toContain('foo:1.0: new, or not readable with this token');
    });

    it('passes with a warning where there are no credentials', async () => {
      registry = await startRegistry({ auth });
      const { planned, failures, warnings } = await run({});
      expect([planned, failures]).toEqual([['planned'], []]);
      expect(warnings.join()).toContain('foo:1.0: new, or not readable with this token');
    });
  });

  it.each([
    ['fails where the token service answers 403 to credentials, as GitHub does', given, [], 1],
    ['passes where the token service answers 403 to nobody', {}, ['planned'], 0],
  ])('%s', async (_, login, statuses, count) => {
    registry = await startRegistry({ auth: 'bearer' });
    registry.refuse('GET', /^\/token$/, DENIED);
    const { planned, failures } = await run(login);
    expect(planned).toEqual(statuses);
    expect(failures).toHaveLength(count);
    for (const failure of failures) expect(failure).toMatch(/does not accept the credentials from input username/);
  });

  it('passes where the registry answers 403 to a token that it handed out for the credentials', async () => {
    registry = await startRegistry({ auth: 'bearer' });
    const nowhere = { status: 403, body: { errors: [{ code: 'DENIED', message: 'permission_denied: read_package' }] } };
    registry.alter('GET', /\/manifests\/1\.0$/, (answer) => (answer.status === 401 ? answer : nowhere), 2);
    const { planned, failures, warnings } = await run({ ...given, password: PASSWORD });
    expect([planned, failures]).toEqual([['planned'], []]);
    expect(warnings.join()).toContain('new, or not readable with this token');
  });

  it('fails where an identity token is refused', async () => {
    registry = await startRegistry({ auth: 'bearer', identityToken: 'good' });
    const { planned, failures } = await run({}, { identitytoken: 'stale' });
    expect(planned).toEqual([]);
    expect(failures).toEqual([expect.stringMatching(/does not accept the credentials from the Docker config file/)]);
  });
});
