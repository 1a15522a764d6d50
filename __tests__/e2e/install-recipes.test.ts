import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aWheel, wheelName } from '../support/builders.js';
import { publicWheels, pythonOf, pythonWith } from './support/clients/environments.js';
import { UsualIndex } from './support/clients/usual-index.js';
import { runCommand } from './support/command.js';
import { ledger } from './support/ledger.js';

const APP = { name: 'acme-app', headers: ['Requires-Dist: six'] };
/** Of our name and a higher version, where everybody looks. */
const FORGED = { name: 'acme-app', version: '99.0' };
const TOLD =
  "import importlib.metadata as m; print('acme-app', m.version('acme-app'), 'six' in m.requires('acme-app')[0])";

describe('recipes beside the clients, each in front of an index that has a higher version of ours', () => {
  let folder: string;
  let usual: UsualIndex;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-recipes-'));
    writeFileSync(join(folder, wheelName(APP)), aWheel(APP));
    const layout = ['--oci-layout', join(folder, 'oci'), '--namespace', 'me'];
    expect(await runCommand([...layout, join(folder, wheelName(APP))])).toMatchObject({ code: 0 });
  });
  beforeEach(async () => {
    usual = await new UsualIndex(publicWheels(), { [wheelName(FORGED)]: aWheel(FORGED) }).start();
  });
  afterEach(async () => {
    expect([...usual.asked].filter((name) => name.startsWith('acme'))).toEqual([]);
    await usual.stop();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs a command in front of the index, in a folder of its own that holds these files. */
  async function serve(
    command: (home: string) => readonly string[],
    files: Readonly<Record<string, string>>,
    {
      env = {},
      fallback = usual.url,
    }: { readonly env?: Readonly<Record<string, string>>; readonly fallback?: string } = {},
  ) {
    const home = mkdtempSync(join(folder, 'home-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text, { mode: 0o600 });
    const options = ['--oci-layout', join(folder, 'oci'), '--fallback', fallback];
    const all = { HOME: home, PIP_CONFIG_FILE: '/dev/null', PIP_NO_CACHE_DIR: '1', NO_COLOR: '1', ...env };
    const result = await runCommand(['serve', ...options, '--', ...command(home)], '', all, home);
    if (result.code !== 0) throw new Error(`${result.stdout}\n${result.stderr}`);
    return `${result.stdout}${result.stderr}`;
  }

  it('tox hands the variables of pip on', async () => {
    const ini = `[tox]\nno_package = true\nenv_list = check\n[testenv]\nskip_install = true\ndeps = acme-app\ncommands = python -c "${TOLD}"\n`;
    const tox = [pythonWith(['tox==4.67.15']), '-m', 'tox'];
    expect(await serve(() => tox, { 'tox.ini': ini })).toContain('acme-app 1.0 True');
  });

  it('nox as well', async () => {
    const file = `import nox\n\n@nox.session\ndef check(session):\n    session.install("acme-app")\n    session.run("python", "-c", """${TOLD}""")\n`;
    const nox = [pythonWith(['nox==2026.10.20']), '-m', 'nox'];
    expect(await serve(() => nox, { 'noxfile.py': file })).toContain('acme-app 1.0 True');
  });

  it.each(['pip', 'uv pip'])(
    '%s signs in to a mirror behind the index by .netrc, and shows it to nobody else',
    async (client) => {
      const secret = 'm1rror-password';
      ledger.knows(secret);
      usual.authorization = `Basic ${Buffer.from(`robin:${secret}`).toString('base64')}`;
      const netrc = `machine 127.0.0.1 login robin password ${secret}\n`;
      const fallback = usual.url.replace('/simple/', '/artifactory/api/pypi/all/simple/');
      const python = client === 'pip' ? pythonOf('pip') : pythonOf('uv');
      const install =
        client === 'pip' ? ['-m', 'pip', 'install', '--no-input'] : ['-m', 'uv', 'pip', 'install', '--python', python];
      const command = (home: string): readonly string[] => [
        python,
        ...install,
        '--target',
        join(home, 'site'),
        'acme-app',
      ];
      const env: Record<string, string> = { UV_NO_CACHE: '1' };
      const output = await serve(
        (home) => [
          'env',
          ...(client === 'pip' ? [] : ['sh', '-c', `UV_DEFAULT_INDEX="$PIP_INDEX_URL" exec "$@"`, 'sh']),
          ...command(home),
        ],
        { '.netrc': netrc },
        { env, fallback },
      );
      expect(output).toMatch(/acme-app(?:-|==)1\.0/);
      expect([...usual.asked]).toContain('six');
    },
  );
});
