import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aWheel, wheelName } from '../support/builders.js';
import { publicWheels, pythonOf } from './support/clients/environments.js';
import { UsualIndex } from './support/clients/usual-index.js';
import { type CommandResult, runCommand } from './support/command.js';

const OURS = { name: 'acme-app', version: '1.0' };
/** What somebody else has put where everybody looks. */
const FORGED = { name: 'acme-app', version: '99.0' };

describe('another index beside this one, which has a higher version of ours', () => {
  let folder: string;
  let other: UsualIndex;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-others-'));
    const wheel = join(folder, wheelName(OURS));
    writeFileSync(wheel, aWheel(OURS));
    const { code } = await runCommand(['--oci-layout', join(folder, 'oci'), '--namespace', 'me', wheel]);
    expect(code).toBe(0);
  });
  beforeEach(async () => {
    other = await new UsualIndex(publicWheels(), { [wheelName(FORGED)]: aWheel(FORGED) }).start();
  });
  afterEach(() => other.stop());
  afterAll(() => rmSync(folder, { recursive: true }));

  interface Trial {
    readonly env?: Readonly<Record<string, string>>;
    readonly options?: readonly string[];
    readonly files?: Readonly<Record<string, string>>;
  }

  /** One installation in a project of its own. @returns also what was installed */
  async function trial(
    command: (home: string) => readonly string[],
    { env = {}, options = [], files = {} }: Trial,
  ): Promise<CommandResult & { readonly installed: readonly string[] }> {
    const home = mkdtempSync(join(folder, 'home-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text);
    const place = ['--oci-layout', join(folder, 'oci'), '--fallback', other.url];
    const result = await runCommand(
      ['serve', ...place, ...options, '--', ...command(home)],
      '',
      { HOME: home, PIP_CONFIG_FILE: '/dev/null', UV_NO_CACHE: '1', ...env },
      home,
    );
    const names = (place: string) => {
      try {
        return readdirSync(join(home, place)).filter((name) => name.endsWith('.dist-info'));
      } catch {
        return [];
      }
    };
    const libraries = (): string => `.venv/lib/${readdirSync(join(home, '.venv/lib'))[0]}/site-packages`;
    const installed = [...names('site'), ...(readdirSync(home).includes('.venv') ? names(libraries()) : [])];
    return { ...result, installed: installed.map((name) => name.replace('.dist-info', '')) };
  }

  const pip =
    (...args: readonly string[]) =>
    (home: string) => [
      pythonOf('pip'),
      '-m',
      'pip',
      'install',
      '--no-input',
      '--no-cache-dir',
      '--target',
      join(home, 'site'),
      ...args,
    ];
  const uvPip =
    (...args: readonly string[]) =>
    (home: string) => [
      join(pythonOf('uv'), '../uv'),
      'pip',
      'install',
      '--python',
      pythonOf('uv'),
      '--target',
      join(home, 'site'),
      ...args,
    ];
  const wheelhouse = (): string => {
    const links = mkdtempSync(join(folder, 'links-'));
    writeFileSync(join(links, wheelName(FORGED)), aWheel(FORGED));
    return links;
  };

  it.each(['PIP_EXTRA_INDEX_URL', 'PIP_FIND_LINKS', 'UV_INDEX', 'UV_EXTRA_INDEX_URL', 'UV_FIND_LINKS'])(
    'by %s: nothing is served, and the variable is named',
    async (name) => {
      const env = { [name]: name.endsWith('LINKS') ? wheelhouse() : other.url };
      const { code, stderr, installed } = await trial(pip('acme-app'), { env });
      expect([code, installed]).toEqual([2, []]);
      expect(stderr).toBe(
        `error: Cannot serve: the variable ${name} would bring in packages from elsewhere under the names of yours\n` +
          'To fix it: unset it for this command, or set option --extra-indexes to allow if you trust what is there\n',
      );
    },
  );

  it('by find-links of a pip.conf: nothing is served, and the file is named', async () => {
    const conf = join(folder, 'links.conf');
    writeFileSync(conf, `[global]\nfind-links = ${wheelhouse()}\n`);
    const { code, stderr } = await trial(pip('acme-app'), { env: { PIP_CONFIG_FILE: conf } });
    expect(code).toBe(2);
    expect(stderr).toContain(`find-links in ${conf} would bring in packages from elsewhere`);
  });

  it('by extra-index-url of a pip.conf: it is replaced, and never asked for ours', async () => {
    const conf = join(folder, 'extra.conf');
    writeFileSync(conf, `[global]\nextra-index-url = ${other.url}\n`);
    const { code, installed, stderr } = await trial(pip('acme-app'), { env: { PIP_CONFIG_FILE: conf } });
    expect([code, installed, stderr]).toEqual([0, ['acme_app-1.0'], '']);
    expect([...other.asked].filter((name) => name.startsWith('acme'))).toEqual([]);
  });

  it('by PIP_FIND_LINKS, with --extra-indexes allow: pip takes the higher version from there', async () => {
    const given = { env: { PIP_FIND_LINKS: wheelhouse() }, options: ['--extra-indexes', 'allow'] };
    expect(await trial(pip('acme-app'), given)).toMatchObject({ code: 0, installed: ['acme_app-99.0'] });
  });

  it('by a requirements file: pip takes the higher version from there, which nobody can see here', async () => {
    const files = { 'requirements.txt': `--extra-index-url ${other.url}\nacme-app\n` };
    expect(await trial(pip('-r', 'requirements.txt'), { files })).toMatchObject({
      code: 0,
      installed: ['acme_app-99.0'],
    });
  });

  it('by a requirements file with uv pip: it looks there first, and takes what it finds', async () => {
    const files = { 'requirements.txt': `--extra-index-url ${other.url}\nacme-app\n` };
    expect(await trial(uvPip('-r', 'requirements.txt'), { files })).toMatchObject({
      code: 0,
      installed: ['acme_app-99.0'],
    });
  });

  it('by constraints and a requirements file without indexes: ours', async () => {
    const files = { 'requirements.txt': 'acme-app\n', 'constraints.txt': 'acme-app<99\n' };
    expect(await trial(pip('-r', 'requirements.txt', '-c', 'constraints.txt'), { files })).toMatchObject({
      code: 0,
      installed: ['acme_app-1.0'],
    });
  });

  it.each([
    ['before ours', ['other', 'pyoci'], 'acme_app-99.0'],
    ['behind ours', ['pyoci', 'other'], 'acme_app-1.0'],
  ])('by pyproject.toml, %s: uv takes it from the first that has it', async (_, order, expected) => {
    const port = 18_420;
    const urls = { pyoci: `http://127.0.0.1:${port}/layout/owned/`, other: other.url } as const;
    const indexes = order.map(
      (name) => `[[tool.uv.index]]\nname = "${name}"\nurl = "${urls[name as keyof typeof urls]}"\n`,
    );
    const project =
      '[project]\nname = "trial"\nversion = "0"\nrequires-python = ">=3.9"\ndependencies = ["acme-app"]\n';
    const files = { 'pyproject.toml': [project, ...indexes].join('\n') };
    const uv = () => [join(pythonOf('uv'), '../uv'), 'sync', '--python', pythonOf('uv')];
    const { code, installed, stderr } = await trial(uv, { files, options: ['--port', String(port)] });
    if (code !== 0) throw new Error(stderr);
    expect(installed).toContain(expected);
  });
});
