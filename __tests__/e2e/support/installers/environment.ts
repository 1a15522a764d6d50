import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.js';

/** The installers that judge. A newer one may judge otherwise: change them here, and look at what changes. */
const INSTALLERS = ['pip==26.3', 'uv==0.13.9'] as const;

export interface Installers {
  /** A Python of their own, with this pip in it. */
  readonly python: string;
  readonly uv: string;
}

/** The installers in a virtual environment in the cache, made if it is not there yet: some seconds. */
export function installers(): Installers {
  const version = execFileSync('python3', ['-c', 'import sys; print(sys.version, sys.base_prefix)'], {
    encoding: 'utf8',
  });
  const key = createHash('sha256')
    .update([...INSTALLERS, version].join('\0'))
    .digest('hex')
    .slice(0, 16);
  const folder = join(cacheFolder(), `installers-${key}`);
  if (!existsSync(folder)) make(folder);
  return { python: join(folder, 'bin/python'), uv: join(folder, 'bin/uv') };
}

/** Made beside and renamed, so that an interrupted run leaves nothing half done. */
function make(folder: string): void {
  const part = mkdtempSync(`${folder}.`);
  try {
    const venv = join(part, 'venv');
    execFileSync('python3', ['-m', 'venv', venv], { stdio: 'pipe' });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...INSTALLERS];
    execFileSync(join(venv, 'bin/python'), pip, { stdio: ['ignore', 'ignore', 'inherit'] });
    renameSync(venv, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}
