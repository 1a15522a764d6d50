import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FilesError, UsageError, UserError } from '../../src/core/errors.js';
import { encode } from '../../src/oci/document.js';
import { OCI_MANIFEST } from '../../src/oci/media-types.js';
import { failuresOf, publishedOf } from '../../src/publish/report/report.js';
import { publishRun } from '../../src/run/publish-run.js';
import { sdistFile, wheelFile } from '../support/builders.js';
import { inputs, JOB, testFace } from '../support/face.js';
import { startRegistry, type TestRegistry } from '../support/registry.js';

describe('a run', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'run-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('publishes into a folder, under the time and namespace of the job', async () => {
    const layout = join(folder, 'oci');
    const face = testFace([await wheelFile(folder), await sdistFile(folder)]);
    const { report } = await publishRun(inputs({ 'oci-layout': layout }), face);
    expect(report.error).toBeUndefined();
    expect(report.address).toMatchObject({ registry: undefined, folder: layout, namespace: 'octo-org' });
    const [version] = publishedOf(report);
    expect(version).toMatchObject({ name: 'foo', version: '1.0', image: 'octo-org/foo:1.0' });
    const index = JSON.parse(await readFile(join(layout, 'blobs', 'sha256', String(version?.digest).slice(7)), 'utf8'));
    expect(index.annotations).toMatchObject({ 'org.opencontainers.image.created': '2023-11-14T22:13:20Z' });
  });

  it('fails with every wrong input, and looks at no file', async () => {
    const face = testFace(['/nonexistent/foo-1.0.tar.gz']);
    const { report, settings } = await publishRun(inputs({ 'if-exists': 'x', concurrency: 'y' }), face);
    expect(settings).toBeUndefined();
    expect(report.error).toBeInstanceOf(UsageError);
    expect(report.error).toMatchObject({ message: expect.stringMatching(/if-exists.*\n.*concurrency/) });
  });

  it('masks the secrets among its inputs before anything else, and no empty one', async () => {
    const face = testFace([]);
    await publishRun(inputs({ password: ' hunter2 ', 'if-exists': 'wrong' }), face);
    expect(face.masked).toEqual(['hunter2']);
  });

  it('says what stopped it, whatever broke in consequence', async () => {
    const stop = new AbortController();
    stop.abort(new UserError('Cannot publish: stopped by SIGTERM'));
    const face = testFace([await wheelFile(folder)], { signal: stop.signal });
    const { report } = await publishRun(inputs({ 'oci-layout': join(folder, 'oci') }), face);
    expect(report.error).toMatchObject({ message: 'Cannot publish: stopped by SIGTERM; nothing was published' });
  });

  describe('on a registry', () => {
    let registry: TestRegistry;
    beforeEach(async () => {
      registry = await startRegistry({ auth: 'bearer' });
    });
    afterEach(() => registry.stop());

    const signedIn = () => ({ registry: registry.host, username: 'robin', password: 'correct horse battery staple' });

    it('publishes, and once more without a single write', async () => {
      const paths = [await wheelFile(folder), await sdistFile(folder)];
      const first = await publishRun(inputs(signedIn()), testFace(paths));
      expect(failuresOf(first.report)).toEqual([]);
      expect(registry.tagsOf('octo-org/foo')).toEqual(['1.0']);
      const before = registry.writes.length;
      const { report } = await publishRun(inputs(signedIn()), testFace(paths));
      expect(publishedOf(report).flatMap(({ files }) => files.map(({ status }) => status))).toEqual([
        'unchanged',
        'unchanged',
      ]);
      expect(registry.writes).toHaveLength(before);
    });

    it('reads no more than it may in a dry run, and writes nothing', async () => {
      const { report } = await publishRun(
        inputs({ ...signedIn(), 'dry-run': 'true' }),
        testFace([await wheelFile(folder)]),
      );
      expect(publishedOf(report)).toMatchObject([{ digest: undefined, files: [{ status: 'planned' }] }]);
      expect(registry.writes).toEqual([]);
      const scopes = registry.requests.filter(({ path }) => path === '/token').map(({ query }) => query.get('scope'));
      expect(scopes.join()).not.toContain('push');
    });

    it('asks the registry for nothing while a file fails its checks', async () => {
      const broken = join(folder, 'bar-1.0-py3-none-any.whl');
      await writeFile(broken, 'no wheel');
      const { report } = await publishRun(inputs(signedIn()), testFace([broken, await wheelFile(folder)]));
      expect(report.error).toBeInstanceOf(FilesError);
      expect(registry.requests).toEqual([]);
    });

    it('says nothing more once it is decided, though a request was still on its way', async () => {
      const image = encode({ schemaVersion: 2, mediaType: OCI_MANIFEST, layers: [] });
      registry.holding('octo-org/foo', { tags: { '1.0': image } });
      const tagsAsked = new Promise<void>((resolve) => {
        registry.before('GET', /\/tags\/list$/, () => {
          resolve();
          return new Promise(() => {});
        });
      });
      // The first one only meets the challenge, and everything else waits for what it learns.
      let met = 0;
      registry.after('GET', /\/manifests\/1\.0$/, () => (met++ === 0 ? undefined : tagsAsked), 2);
      const face = testFace([await wheelFile(folder)]);
      const { report } = await publishRun(inputs(signedIn()), face);
      expect(failuresOf(report)).toHaveLength(1);
      const said = face.log.lines.length;
      // Time enough for a connection that breaks to be noticed and for another try.
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(face.log.lines).toHaveLength(said);
    });

    it("never sends the job's token to a registry that is not GitHub's", async () => {
      const face = testFace([await wheelFile(folder)], { env: JOB });
      const { report } = await publishRun(inputs({ registry: registry.host, 'github-token': 'ghs_token' }), face);
      expect(failuresOf(report)).not.toEqual([]);
      expect(registry.requests.some(({ credential }) => credential === 'basic')).toBe(false);
      expect(registry.tagsOf('octo-org/foo')).toEqual([]);
    });

    it('shows no secret in its log or its report', async () => {
      const face = testFace([await wheelFile(folder)]);
      const { report } = await publishRun(inputs({ ...signedIn(), password: 'wrong-password' }), face);
      expect(failuresOf(report)).not.toEqual([]);
      const basic = Buffer.from('robin:wrong-password').toString('base64');
      expect(JSON.stringify([face.log.lines, failuresOf(report)])).not.toMatch(new RegExp(`wrong-password|${basic}`));
    });
  });
});
