import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { distributions, ofProject } from './support/distributions.js';
import { nodeOf } from './support/node.js';
import { bundle } from './support/runner.js';
import { errorsOf, Stage } from './support/stage.js';

const files = ofProject(distributions().published, 'demo-uv');
const WARNING = /\(node:\d+\)|deprecat/i;

describe.each([20, 24] as const)('the bundle on Node %d', (major) => {
  let stage: Stage;
  const node = nodeOf(major);

  beforeAll(async () => {
    stage = await Stage.open();
    stage.workspace.hold(files);
  });
  beforeEach(() => stage.recorder.reset());
  afterAll(() => stage.close());

  it('publishes without a warning from Node', async () => {
    const started = Date.now();
    let first = 0;
    stage.recorder.gate = (at) => {
      if (at === 1) first = Date.now() - started;
      return true;
    };
    const result = await stage.publish({ namespace: `owner/node-${major}` }, { node });
    expect(result.code).toBe(0);
    expect(result.raw).not.toMatch(WARNING);
    const size = Math.round(statSync(bundle('index.js')).size / 1024);
    process.stdout.write(`Node ${major}: dist/index.js ${size} KiB, first request ${first} ms after the start\n`);
  });

  it('fails with a text of its own where there is nothing to publish', async () => {
    stage.workspace.hold([]);
    const result = await stage.publish({}, { node });
    stage.workspace.hold(files);
    expect(result.code).toBe(1);
    expect(errorsOf(result)[0]).toMatch(/^Cannot /);
    expect(result.raw).not.toMatch(WARNING);
    expect(stage.recorder.requests).toEqual([]);
  });

  it('fails with a text of its own where no input is set at all', () => {
    const env = { PATH: process.env.PATH, TMPDIR: stage.workspace.path };
    const { status, stdout, stderr } = spawnSync(node, [bundle('index.js')], { encoding: 'utf8', env });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error.*::Cannot /m);
    expect(stdout + stderr).not.toMatch(WARNING);
  });

  it('runs as a command: help on request, wrong usage with 2', () => {
    const help = spawnSync(node, [bundle('cli/index.js'), '--help'], { encoding: 'utf8' });
    expect({ code: help.status, warned: WARNING.test(help.stderr) }).toEqual({ code: 0, warned: false });
    const usage = spawnSync(node, [bundle('cli/index.js'), '--no-such-option'], { encoding: 'utf8' });
    expect({ code: usage.status, out: usage.stdout }).toEqual({ code: 2, out: '' });
    expect(usage.stderr).toContain('--no-such-option');
  });
});

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-layout-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('publishes into a folder that skopeo reads', () => {
    const layout = join(folder, 'oci');
    const paths = files.map(({ path }) => path);
    const args = [bundle('cli/index.js'), '--oci-layout', layout, '--namespace', 'example', '--json', ...paths];
    const cwd = fileURLToPath(new URL('../..', import.meta.url));
    JSON.parse(execFileSync(process.execPath, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
    const name = `oci:${layout}:example/demo_uv:1.0-cu12.local.7`;
    const raw = execFileSync('skopeo', ['inspect', '--raw', name], { encoding: 'utf8' });
    expect(JSON.parse(raw)).toMatchObject({
      artifactType: 'application/pyoci.package.v1',
      manifests: [
        { platform: { architecture: 'py3-none-any.whl', os: 'any' } },
        { platform: { architecture: '.tar.gz', os: 'any' } },
      ],
    });
  });
});
