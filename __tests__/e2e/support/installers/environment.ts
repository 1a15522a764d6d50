import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { keptFolder } from '../cache-folder.js';

/** The installers that judge. Another one may judge otherwise: change them here, and look at what changes. */
const INSTALLERS = ['pip==26.3', 'uv==0.13.9'] as const;

export interface Installers {
  /** A Python of their own, with this pip in it. */
  readonly python: string;
  readonly uv: string;
}

/** The installers in a virtual environment in the cache, made if it is not there yet: some seconds. */
export function installers(): Installers {
  const python = ['-c', 'import sys; print(sys.version, sys.base_prefix)'];
  const key = [...INSTALLERS, execFileSync('python3', python, { encoding: 'utf8' })].join('\0');
  const folder = keptFolder(`installers-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`, (venv) => {
    execFileSync('python3', ['-m', 'venv', venv], { stdio: 'pipe' });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...INSTALLERS];
    execFileSync(join(venv, 'bin/python'), pip, { stdio: ['ignore', 'ignore', 'inherit'] });
  });
  return { python: join(folder, 'bin/python'), uv: join(folder, 'bin/uv') };
}
