/**
 * A copy beside those of others, within one registry and to another one: `npm run bench:copy`. Requests are counted by a proxy in front, seconds are of one run and compare only there.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Recorder } from '../__tests__/e2e/support/recorder.js';
import { startOpenDistribution } from '../__tests__/e2e/support/registries.js';
import { aWheel, wheelName } from '../__tests__/support/builders.js';

const VERSIONS = Array.from({ length: 20 }, (_, at) => `1.${at}`);
const TAGS = ['py3-none-any', 'cp311-cp311-manylinux_2_17_x86_64', 'cp312-cp312-manylinux_2_17_x86_64'];
const COMMAND = [process.execPath, resolve('dist/cli/index.js')] as const;

const run = promisify(execFile);
const home = mkdtempSync(join(tmpdir(), 'pyoci-publish-bench-copy-'));
const [near, far] = [await startOpenDistribution(), await startOpenDistribution()];
const [here, there] = [new Recorder(near.host), new Recorder(far.host)];
await Promise.all([here.start(), there.start()]);

const env = { ...process.env, HOME: home };
const paths = VERSIONS.flatMap((version) =>
  TAGS.map((tag) => {
    const options = {
      name: 'copied',
      version,
      tag,
      files: { 'copied/data.bin': Buffer.alloc(200_000, version + tag) },
    };
    const path = join(home, wheelName(options));
    writeFileSync(path, aWheel({ ...options, deflate: false }));
    return path;
  }),
);
const [node, bundle] = COMMAND;
const place = ['--registry', `http://${near.host}`, '--namespace', 'octo/staging', '--coordination', 'off'];
await run(node, [bundle, ...place, ...paths], { env });
for (const { host } of [here, there]) await run('regctl', ['registry', 'set', host, '--tls', 'disabled'], { env });

/** The lines that copy 20 versions from here to a repository, each tool as it is meant to be used. */
function linesOf(tool: string, to: string): readonly (readonly [string, ...string[]])[] {
  const from = `${here.host}/octo/staging/copied`;
  if (tool === 'pyoci-publish')
    return [[node, bundle, 'copy', `http://${from}`, `http://${to.replace(/copied$/, '')}`]];
  return VERSIONS.map((tag): [string, ...string[]] => {
    const [source, target] = [`${from}:${tag}`, `${to}:${tag}`];
    switch (tool) {
      case 'oras':
        return ['oras', 'cp', '--from-plain-http', '--to-plain-http', source, target];
      case 'crane':
        return ['crane', 'copy', '--insecure', source, target];
      case 'regctl':
        return ['regctl', 'image', 'copy', source, target];
      default:
        return [
          'skopeo',
          'copy',
          '--all',
          '--src-tls-verify=false',
          '--dest-tls-verify=false',
          `docker://${source}`,
          `docker://${target}`,
        ];
    }
  });
}

process.stdout.write('20 versions of 60 wheels of 200 kB, one run\n');
for (const [what, host] of [
  ['within one registry', here.host],
  ['to another registry', there.host],
] as const) {
  for (const tool of ['pyoci-publish', 'oras', 'crane', 'regctl', 'skopeo']) {
    for (const time of ['first', 'again']) {
      here.reset();
      there.reset();
      const began = performance.now();
      for (const [program, ...args] of linesOf(tool, `${host}/${tool}/copied`)) await run(program, args, { env });
      const seconds = ((performance.now() - began) / 1_000).toFixed(1);
      const asked = [...here.requests, ...(host === there.host ? there.requests : [])];
      const sent = asked.filter(({ path }) => path.includes('/blobs/')).reduce((sum, one) => sum + one.sent, 0);
      process.stdout.write(`${what}, ${tool}, ${time}: ${asked.length} requests, ${sent} bytes sent, ${seconds} s\n`);
    }
  }
}
await Promise.all([here.stop(), there.stop()]);
await Promise.all([near.stop(), far.stop()]);
rmSync(home, { recursive: true });
