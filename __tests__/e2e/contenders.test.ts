import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Contender, contenders, layoutOf, type Round } from '../../bench/contenders.js';
import { run } from '../../bench/measure.js';
import { buildWorkload, type Workload } from '../../bench/workloads.js';
import { type Registry, startOpenDistribution } from './support/registries.js';

const bundle = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url));
const all = contenders({ bundle, sink: 'none' }).filter(({ leaves }) => leaves !== 'nothing');

/** `npm run bench` compares work that is the same; one that does not run, or does less, is worth no comparison. */
describe('what the bench compares us with', () => {
  let home: string;
  let registry: Registry;
  let workload: Workload;
  let digest: string;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'pyoci-publish-contenders-'));
    registry = await startOpenDistribution();
    workload = buildWorkload('pure pair', home);
    const layout = await layoutOf(bundle, roundOf('layout'));
    const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as { manifests: { digest: string }[] };
    digest = String(index.manifests[0]?.digest);
  });
  afterAll(async () => {
    await registry.stop();
    rmSync(home, { recursive: true, force: true });
  });

  function roundOf(name: string): Round {
    const scratch = join(home, `for-${name}`);
    mkdirSync(scratch);
    return { workload, registry: registry.host, namespace: `bench/${name}`, concurrency: 4, scratch };
  }

  it('is curl, ourselves, skopeo, crane, oras and regctl', () => {
    expect(all.map(({ name }) => name)).toEqual(['curl', 'ours', 'skopeo', 'crane', 'oras', 'regctl']);
  });

  it.each(all.map((contender): [string, Contender] => [contender.name, contender]))(
    '%s leaves at the registry what the folder holds',
    async (name, { prepare, commands, leaves }) => {
      await prepare().catch((cause: unknown) => {
        throw new Error(`Cannot run ${name}: install it as .ci/run does`, { cause });
      });
      const round = roundOf(name);
      for (const { command, args, env } of await commands(round)) await run(command, args, env);
      const at = `http://${registry.host}/v2/${round.namespace}/foo`;
      const sizes = workload.files.map(async ({ sha256 }) => {
        const { status, headers } = await fetch(`${at}/blobs/sha256:${sha256}`, { method: 'HEAD' });
        return [status, Number(headers.get('content-length'))];
      });
      expect(await Promise.all(sizes)).toEqual(workload.files.map(({ size }) => [200, size]));
      if (leaves === 'files') return;
      const accept = 'application/vnd.oci.image.index.v1+json';
      const answer = await fetch(`${at}/manifests/1.0`, { method: 'HEAD', headers: { accept } });
      expect([answer.status, answer.headers.get('docker-content-digest')]).toEqual([200, digest]);
    },
  );
});
