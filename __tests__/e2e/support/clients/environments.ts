import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { keptFolder } from '../cache-folder.js';

/** The clients that install, each in a virtual environment of its own, since they need other versions of the same libraries. */
const REQUIREMENTS = {
  pip: ['pip==26.3'],
  'pip 23.2': ['pip==23.2.1'],
  uv: ['uv==0.13.9'],
  Poetry: ['poetry==2.5.1'],
  // With the newer hishel that pip would pick, `pdm lock` crashes.
  PDM: ['pdm==2.29.4', 'hishel<2'],
  pipenv: ['pipenv==2026.10.3'],
} as const;

export type Installer = keyof typeof REQUIREMENTS;

/** The Python of a client's environment, made if it is not kept yet: a minute for all of them the first time. */
export function pythonOf(installer: Installer): string {
  return pythonWith(REQUIREMENTS[installer]);
}

/** The Python of an environment that holds what these requirements name; kept under their names. */
export function pythonWith(requirements: readonly string[]): string {
  const python = ['-c', 'import sys; print(sys.version, sys.base_prefix)'];
  const key = [...requirements, execFileSync('python3', python, { encoding: 'utf8' })].join('\0');
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 16);
  const folder = keptFolder(`client-${hash}`, (venv) => {
    execFileSync('python3', ['-m', 'venv', venv], { stdio: 'pipe' });
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...requirements];
    execFileSync(join(venv, 'bin/python'), install, { stdio: ['ignore', 'ignore', 'inherit'] });
  });
  return join(folder, 'bin/python');
}

/** Wheels of other people's projects, downloaded once: what the usual index holds. */
export function publicWheels(): string {
  const projects = ['certifi', 'idna', 'six'];
  const hash = createHash('sha256').update(projects.join()).digest('hex').slice(0, 16);
  return keptFolder(`public-wheels-${hash}`, (folder) => {
    const download = [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary',
      ':all:',
      '--dest',
      folder,
      ...projects,
    ];
    execFileSync('python3', download, { stdio: ['ignore', 'ignore', 'inherit'] });
  });
}
