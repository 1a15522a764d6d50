import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failuresOf, publishedOf } from '../../src/publish/report/report.js';
import { publishRun } from '../../src/run/publish-run.js';
import { wheelFile } from '../support/builders.js';
import { inputs, testFace } from '../support/face.js';
import { startRegistry, type TestRegistry } from '../support/registry.js';

describe('a registry whose tokens are used up by five requests', () => {
  let registry: TestRegistry;
  let folder: string;
  beforeEach(async () => {
    registry = await startRegistry({ auth: 'bearer', tokenUses: 5 });
    folder = await mkdtemp(join(tmpdir(), 'used-up-'));
  });
  afterEach(async () => {
    await registry.stop();
    await rm(folder, { recursive: true });
  });

  it('takes eight files in one publish, four at a time', async () => {
    const tags = Array.from({ length: 8 }, (_, index) => `cp3${index + 6}-none-any`);
    const paths = await Promise.all(tags.map((tag) => wheelFile(folder, { tag })));
    const login = { username: 'robin', password: 'correct horse battery staple' };
    const given = inputs({ ...login, registry: registry.host, concurrency: '4', coordination: 'off' });
    const { report } = await publishRun(given, testFace(paths));
    expect(failuresOf(report)).toEqual([]);
    const statuses = publishedOf(report).flatMap(({ files }) => files.map(({ status }) => status));
    expect(statuses).toEqual(tags.map(() => 'published'));
    expect(registry.requests.filter(({ path }) => path === '/token').length).toBeGreaterThan(5);
  });
});
