import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ledger } from '../ledger.js';
import { pythonOf } from './environments.js';
import type { Served } from './served.js';

/** What came of an installation. */
export interface Installed {
  readonly code: number | null;
  /** Projects with their versions, as their `.dist-info` folders have them: `acme_app-1.0`. */
  readonly projects: readonly string[];
  readonly output: string;
  /** Lock files that were written, by name. */
  readonly locks: Readonly<Record<string, string>>;
}

interface Step {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Client {
  /** Files of the project that it works in. */
  readonly files?: (requirement: string, served: Served, usual: string) => Readonly<Record<string, string>>;
  readonly steps: (requirement: string, served: Served, home: string) => readonly Step[];
}

const PROJECT = (requirement: string): string =>
  `[project]\nname = "trial"\nversion = "0"\nrequires-python = ">=3.9,<4"\ndependencies = ["${requirement}"]\n`;

const pipInstall = (requirement: string, _served: Served, home: string): readonly Step[] => [
  { args: ['-m', 'pip', 'install', '--no-cache-dir', '--no-input', '--target', join(home, 'site'), requirement] },
];

/** Each as docs/index.md tells its users to do it. */
export const CLIENTS: Readonly<Record<string, Client>> = {
  pip: { steps: pipInstall },
  'pip 23.2': { steps: pipInstall },
  'uv pip': {
    steps: (requirement, { indexUrl }, home) => [
      {
        args: ['-m', 'uv', 'pip', 'install', '--python', 'python3', '--target', join(home, 'site'), requirement],
        env: { UV_DEFAULT_INDEX: indexUrl },
      },
    ],
  },
  'uv project': {
    files: (requirement, { ownedUrl }, usual) => ({
      'pyproject.toml': `${PROJECT(requirement)}
[[tool.uv.index]]
name = "pyoci"
url = "${ownedUrl}"

[[tool.uv.index]]
name = "usual"
url = "${usual}"
default = true
`,
    }),
    steps: () => [{ args: ['-m', 'uv', 'lock'] }, { args: ['-m', 'uv', 'sync', '--locked'] }],
  },
  // One source for everything: of several, Poetry takes the highest version that any of them has.
  Poetry: {
    files: (requirement, { url }) => ({
      'pyproject.toml': `${PROJECT(requirement)}
[[tool.poetry.source]]
name = "pyoci"
url = "${url}"
priority = "primary"
`,
    }),
    steps: () => [{ args: ['-m', 'poetry', 'install', '--no-root', '--no-interaction'] }],
  },
  PDM: {
    files: (requirement) => ({ 'pyproject.toml': PROJECT(requirement) }),
    steps: () => [{ args: ['-m', 'pdm', 'install', '--no-self'] }],
  },
  // Its variable for a mirror takes the place of PyPI's own address alone; and without a Pipfile it would write one, with the
  // address that pip is told, password and all.
  pipenv: {
    files: (requirement) => ({
      Pipfile: `[[source]]
name = "pyoci"
url = "$\{PIP_INDEX_URL}"
verify_ssl = true

[packages]
${requirement} = "*"
`,
    }),
    steps: () => [{ args: ['-m', 'pipenv', 'install'] }],
  },
};

/** With a lock file that was made before. */
const LOCKED: Client = { ...CLIENTS['uv project'], steps: () => [{ args: ['-m', 'uv', 'sync', '--locked'] }] };

const LOCKS = ['uv.lock', 'poetry.lock', 'pdm.lock', 'Pipfile.lock', 'Pipfile'];

/** Installs by a client that has nothing but what the index sets for it, into a project of its own. */
export async function install(
  name: string,
  requirement: string,
  served: Served,
  usual: string,
  locks: Readonly<Record<string, string>> = {},
): Promise<Installed> {
  const client = name === 'uv project, locked' ? LOCKED : CLIENTS[name];
  if (!client) throw new Error(`There is no client ${name}`);
  const home = mkdtempSync(join(tmpdir(), 'pyoci-publish-client-'));
  try {
    const files = { ...client.files?.(requirement, served, usual), ...locks };
    for (const [file, content] of Object.entries(files)) {
      writeFileSync(join(home, file), content);
    }
    const python = pythonOf(name.startsWith('uv') ? 'uv' : (name as Parameters<typeof pythonOf>[0]));
    let code: number | null = 0;
    const output: string[] = [];
    for (const { args, env } of client.steps(requirement, served, home)) {
      const child = spawn(python, args, { cwd: home, env: environment(home, { ...served.environment, ...env }) });
      child.stdin.end();
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
      output.push(stdout, stderr);
      code = child.exitCode;
      if (code !== 0) break;
    }
    const written = LOCKS.filter((file) => existsSync(join(home, file)));
    const result = {
      code,
      projects: installedIn(home),
      output: output.join(''),
      locks: Object.fromEntries(written.map((file) => [file, readFileSync(join(home, file), 'utf8')])),
    };
    ledger.keeps(`what ${name} prints`, result.output);
    for (const [file, content] of Object.entries(result.locks)) ledger.keeps(`${file} of ${name}`, content);
    return result;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function environment(home: string, own: Readonly<Record<string, string>>): Record<string, string | undefined> {
  return {
    PATH: process.env.PATH,
    HOME: home,
    LANG: 'C.UTF-8',
    PIP_CONFIG_FILE: '/dev/null',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    UV_CACHE_DIR: join(home, 'cache'),
    UV_NO_PROGRESS: '1',
    UV_PYTHON_DOWNLOADS: 'never',
    POETRY_CACHE_DIR: join(home, 'cache'),
    POETRY_VIRTUALENVS_IN_PROJECT: 'true',
    PDM_CHECK_UPDATE: '0',
    XDG_CACHE_HOME: join(home, 'cache'),
    PIPENV_VENV_IN_PROJECT: '1',
    PIPENV_IGNORE_VIRTUALENVS: '1',
    PIPENV_NOSPIN: '1',
    CI: '1',
    ...own,
  };
}

/** Where the clients put them: a folder that they are given, or an environment in the project. */
function installedIn(home: string): readonly string[] {
  const lib = join(home, '.venv', 'lib');
  const pythons = existsSync(lib) ? readdirSync(lib).map((python) => join(lib, python, 'site-packages')) : [];
  const sites = [join(home, 'site'), ...pythons].filter((folder) => existsSync(folder));
  const found = sites.flatMap((site) => readdirSync(site)).filter((entry) => entry.endsWith('.dist-info'));
  const names = found.map((entry) => entry.replace(/\.dist-info$/, ''));
  return names.filter((entry) => !/^(?:pip|setuptools|wheel)-/.test(entry)).sort();
}
