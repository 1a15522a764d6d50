import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../src/core/errors.js';
import { encode } from '../../src/oci/document.js';
import { OCI_INDEX } from '../../src/oci/media-types.js';
import { failuresOf } from '../../src/publish/report/report.js';
import { ARTIFACT_TYPE } from '../../src/pyoci/layout.js';
import type { FileFinder } from '../../src/run/face.js';
import { publishRun } from '../../src/run/publish-run.js';
import { GRACE } from '../../src/run/stopping/grace.js';
import { sdistFile, wheelFile } from '../support/builders.js';
import { inputs, testFace } from '../support/face.js';
import { HeldClock } from '../support/held-clock.js';
import { refusal } from '../support/registry/exchange.js';
import { startRegistry, type TestRegistry } from '../support/registry.js';

const TAG_PUT = /\/manifests\/1\.0$/;
const NOTHING_OF_OURS = encode({
  schemaVersion: 2,
  mediaType: OCI_INDEX,
  artifactType: ARTIFACT_TYPE,
  manifests: [],
});

/** A run of two files of one version, stopped where the test says; nobody on its clock wakes by himself. */
describe('a run that is told to stop', () => {
  let folder: string;
  let registry: TestRegistry;
  let stop: AbortController;
  let clock: HeldClock;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stop-'));
    registry = await startRegistry({ auth: 'bearer', now: () => 0 });
    [stop, clock] = [new AbortController(), new HeldClock()];
  });
  afterEach(async () => {
    await registry.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const abort = (): void => stop.abort(new UserError('Cannot finish: stopped by SIGTERM'));
  const tagWrites = (): number => registry.writes.filter(({ path }) => TAG_PUT.test(path)).length;
  const listed = (): boolean => registry.tagsOf('octo-org/foo').includes('1.0');

  const filesOf = (at: TestRegistry) =>
    at.index('octo-org/foo', '1.0').manifests.map(({ platform }) => platform?.architecture);

  async function run(paths?: readonly string[], finder?: FileFinder) {
    const face = testFace(paths ?? [await wheelFile(folder), await sdistFile(folder)], { signal: stop.signal });
    const given = { registry: registry.host, username: 'robin', password: 'correct horse battery staple' };
    const { report } = await publishRun(inputs(given), { ...face, clock, ...(finder && { files: finder }) });
    return { report, last: failuresOf(report).at(-1)?.message };
  }

  it('before anything is listed says so, and lists nothing', async () => {
    registry.before('PUT', /sha256:/, abort);
    const { last } = await run();
    expect(last).toBe('Cannot finish: stopped by SIGTERM; nothing was published');
    expect([listed(), tagWrites()]).toEqual([false, 0]);
  });

  it('while the index is being written brings the write to its answer, and reads it back', async () => {
    registry.before('PUT', TAG_PUT, abort);
    const { last, report } = await run();
    expect(last).toBe('Cannot finish: stopped by SIGTERM; published: foo 1.0');
    expect([listed(), tagWrites()]).toEqual([true, 1]);
    expect(registry.log.at(-1)).toBe('GET /v2/octo-org/foo/manifests/1.0 200');
    expect(report.outcome?.versions).toMatchObject([
      { ok: true, protection: expect.stringMatching(/^stopped before/) },
    ]);
  });

  it('while the index is being read back reads it once more', async () => {
    registry.after('PUT', TAG_PUT, () => registry.before('GET', TAG_PUT, abort));
    const { last } = await run();
    expect(last).toBe('Cannot finish: stopped by SIGTERM; published: foo 1.0');
    expect(registry.log.slice(-2).map((line) => line.replace(/\d+$|cut$/, ''))).toEqual([
      'GET /v2/octo-org/foo/manifests/1.0 ',
      'GET /v2/octo-org/foo/manifests/1.0 ',
    ]);
  });

  it('while it watches the index leaves at once: the last reading holds', async () => {
    const running = run();
    while (!clock.asleep.length) await new Promise((resolve) => setImmediate(resolve));
    const requests = registry.requests.length;
    abort();
    expect((await running).last).toBe('Cannot finish: stopped by SIGTERM; published: foo 1.0');
    expect(registry.requests).toHaveLength(requests);
    expect(clock.asleep).toEqual([]);
  });

  it('does not begin the write again that was refused', async () => {
    registry.refuse('PUT', TAG_PUT, refusal(503, 'UNAVAILABLE', 'not now'));
    const running = run();
    while (tagWrites() === 0) await new Promise((resolve) => setImmediate(resolve));
    abort();
    const { last } = await running;
    expect(last).toMatch(/^Cannot finish: stopped by SIGTERM; (?:nothing was published|not known: foo 1\.0)$/);
    expect([listed(), tagWrites()]).toEqual([false, 1]);
  });

  it('puts back what another took from the index in that moment', async () => {
    registry.after('PUT', TAG_PUT, () => {
      registry.holding('octo-org/foo', { tags: { '1.0': NOTHING_OF_OURS } });
      abort();
    });
    const { last } = await run();
    expect(last).toBe('Cannot finish: stopped by SIGTERM; published: foo 1.0');
    expect(tagWrites()).toBe(2);
    expect(filesOf(registry)).toEqual(['py3-none-any.whl', '.tar.gz']);
  });

  it('waits a moment for the answer to a write, and then says that nobody knows', async () => {
    registry.stall('PUT', TAG_PUT);
    const running = run();
    while (tagWrites() === 0) await new Promise((resolve) => setImmediate(resolve));
    abort();
    while (!clock.wake(GRACE)) await new Promise((resolve) => setImmediate(resolve));
    const { last, report } = await running;
    expect(last).toBe('Cannot finish: stopped by SIGTERM; not known: foo 1.0');
    expect(failuresOf(report)[0]).toMatchObject({
      subject: 'foo 1.0',
      message: expect.stringMatching(/^Cannot tell what became of .*foo:1\.0: its index was sent/),
      hint: expect.stringMatching(/^run again/),
    });
  });

  it('says of each version what became of it', async () => {
    const paths = [await wheelFile(folder, { name: 'bar' }), await wheelFile(folder)];
    registry.stall('PUT', /octo-org\/bar\/manifests\/sha256/);
    registry.before('PUT', TAG_PUT, abort);
    const { last } = await run(paths);
    expect(last).toBe('Cannot finish: stopped by SIGTERM; published: foo 1.0; not published: bar 1.0');
    expect(registry.tagsOf('octo-org/bar')).toEqual([]);
  });

  it('does not wait for files to be found', async () => {
    const never = { find: () => new Promise<never>(() => {}), attached: async () => [], deeper: async () => [] };
    const running = run([], never);
    abort();
    expect((await running).last).toBe('Cannot finish: stopped by SIGTERM; nothing was published');
    expect(registry.requests).toEqual([]);
  });

  it('at any request leaves all listed or nothing, says which, and is completed by the next run', async () => {
    let number = 1;
    for (let more = true; more; number += 1) more = await stoppedAt(number);
    // Two reads with a sign-in, two blobs and the config, two manifests, the tag and its reading back.
    expect(number).toBeGreaterThan(10);
  });

  /** Stops a run as its request of this number arrives. Tells whether it got so far. */
  async function stoppedAt(number: number): Promise<boolean> {
    const own = await startRegistry({ auth: 'bearer', now: () => 0 });
    const paths = [await wheelFile(folder), await sdistFile(folder)];
    const given = inputs({ registry: own.host, username: 'robin', password: 'correct horse battery staple' });
    const halt = new AbortController();
    const held = new HeldClock();
    const watch = setInterval(() => {
      // Asleep: all is written, and the index is being watched.
      if (own.requests.length >= number || held.asleep.length) halt.abort(new UserError('Cannot finish: stopped'));
    }, 0);
    try {
      const { report } = await publishRun(given, { ...testFace(paths, { signal: halt.signal }), clock: held });
      if (own.requests.length < number) return false;
      const said = failuresOf(report).at(-1)?.message;
      const there = own.tagsOf('octo-org/foo');
      const told = there.length ? 'published: foo 1.0' : 'nothing was published';
      expect({ number, said, there }).toEqual({ number, said: `Cannot finish: stopped; ${told}`, there });
      const again = await publishRun(given, testFace(paths));
      expect(failuresOf(again.report)).toEqual([]);
      expect(filesOf(own)).toEqual(['py3-none-any.whl', '.tar.gz']);
      return true;
    } finally {
      clearInterval(watch);
      await own.stop();
    }
  }
});
