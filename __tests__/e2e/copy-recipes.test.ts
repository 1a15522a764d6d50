import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anSdist, aWheel } from '../support/builders.js';
import { runCommand, runProgram } from './support/command.js';
import { Reader } from './support/reader.js';
import { type Registry, startCrane, startOpenDistribution } from './support/registries.js';
import { bundle } from './support/runner.js';

const PACKAGES = ['my_package', 'my_other'];
const VERSIONS = ['1.0', '1.1', '1.2'];

/** What these lines need here and nowhere else: registries without TLS, and the command as it is built. */
function played(line: string, here: Registry, there: Registry): string {
  const insecure = line
    .replace(/^oras cp --from-oci/, 'oras cp --to-plain-http --from-oci')
    .replace(/^oras cp --to-oci/, 'oras cp --from-plain-http --to-oci')
    .replace(/^skopeo copy/, 'skopeo copy --dest-tls-verify=false');
  const scheme = line.startsWith('pyoci-publish') ? 'http://' : '';
  return insecure
    .replaceAll(/(^|[ /])ghcr\.io\//g, `$1${scheme}${here.host}/`)
    .replaceAll(/(^|[ /])registry\.example\.com\//g, `$1${scheme}${there.host}/`)
    .replace(/^pyoci-publish/, `${process.execPath} ${bundle('cli/index.js')}`);
}

describe('docs/copying.md', () => {
  it('has lines that do what it says, one after the other', async () => {
    const home = mkdtempSync(join(tmpdir(), 'pyoci-publish-copy-recipes-'));
    const [here, there] = [await startOpenDistribution(), await startCrane()];
    try {
      const files = PACKAGES.flatMap((name) =>
        VERSIONS.flatMap((version): (readonly [string, Buffer])[] => [
          [`${name}-${version}-py3-none-any.whl`, aWheel({ name, version })],
          [`${name}-${version}.tar.gz`, anSdist({ name, version })],
        ]),
      );
      for (const [name, bytes] of files) writeFileSync(join(home, name), bytes);
      const to = ['--registry', `http://${here.host}`, '--namespace', 'octo-org/staging', '--coordination', 'off'];
      expect(await runCommand([...to, ...files.map(([name]) => join(home, name))])).toMatchObject({ code: 0 });
      await runProgram('regctl', ['registry', 'set', there.host, '--tls', 'disabled'], { HOME: home });

      const page = readFileSync('docs/copying.md', 'utf8');
      const lines = [...page.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) => block.trimEnd().split('\n'));
      expect(lines).toHaveLength(9);
      for (const line of lines) {
        const result = await runProgram('bash', ['-c', played(line, here, there)], { HOME: home }, '', home);
        expect({ line, code: result.code, text: result.code === 0 ? '' : result.stdout + result.stderr }).toEqual({
          line,
          code: 0,
          text: '',
        });
      }

      const [near, far] = [new Reader(here), new Reader(there)];
      expect(await near.tags('octo-org/release/my_package')).toEqual(['1.2']);
      for (const name of PACKAGES) expect([...(await near.tags(`other-org/${name}`))].sort()).toEqual(VERSIONS);
      expect([...(await far.tags('octo-org/my_package'))].sort()).toEqual(['1.1', '1.2']);
      const { digest } = await near.manifest('octo-org/staging/my_package', '1.2');
      for (const namespace of ['octo-org', 'oras', 'skopeo', 'regctl', 'from-oras']) {
        const copied = await far.manifest(`${namespace}/my_package`, '1.2');
        expect([namespace, copied.digest]).toEqual([namespace, digest]);
      }
    } finally {
      await Promise.all([here.stop(), there.stop()]);
      rmSync(home, { recursive: true, force: true });
    }
  });
});
