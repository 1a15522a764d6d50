import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, keptFolder } from '../cache-folder.js';

/** What a hosted runner brings along, as far as our workflows use it, and what their build steps install. */
const PYTHON_TOOLS = ['pipx==1.18.4', 'uv==0.13.9', 'maturin==1.16.0'] as const;
/** What the stand-ins of actions run. */
const MODULES = fileURLToPath(new URL('actions/artifacts', import.meta.url));

export interface Tools {
  /** Folders for PATH. */
  readonly path: string;
  /** Variables that let downloads be kept from run to run, and tell stand-ins where their modules are. */
  readonly kept: Readonly<Record<string, string>>;
}

/** Installs what is not kept yet: half a minute the first time. */
export function tools(): Tools {
  const python = execFileSync('python3', ['-c', 'import sys; print(sys.version, sys.base_prefix)'], {
    encoding: 'utf8',
  });
  const name = `act-tools-${hashOf([...PYTHON_TOOLS, python])}`;
  const venv = keptFolder(name, (folder) => {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe' });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PYTHON_TOOLS];
    execFileSync(join(folder, 'bin/python'), pip, { stdio: ['ignore', 'ignore', 'inherit'] });
    moveScripts(join(folder, 'bin'), folder, join(cacheFolder(), name));
  });
  const kept = Object.fromEntries(
    ['PIPX_HOME', 'PIP_CACHE_DIR', 'UV_CACHE_DIR', 'CARGO_HOME'].map((name) => [name, keptFor(name)]),
  );
  return { path: join(venv, 'bin'), kept: { ...kept, STAND_IN_MODULES: MODULES } };
}

function keptFor(name: string): string {
  const folder = join(cacheFolder(), 'act', name.toLowerCase());
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Scripts of a virtual environment name the path of its Python, and the folder is filled under another name. */
function moveScripts(bin: string, from: string, to: string): void {
  for (const script of readdirSync(bin)) {
    const path = join(bin, script);
    if (lstatSync(path).isSymbolicLink()) continue;
    const bytes = readFileSync(path);
    if (!bytes.subarray(0, 2).equals(Buffer.from('#!'))) continue;
    writeFileSync(path, bytes.toString('utf8').replaceAll(from, to));
  }
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
}
