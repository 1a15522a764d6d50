/** Which configuration files pip reads here, and what they say. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Env } from '../../core/ports.js';
import { type PipConfig, parsePipConfig } from './pip-config.js';

export interface PipFile {
  readonly path: string;
  readonly config: PipConfig;
}

export interface PipPlaces {
  readonly env: Env;
  readonly home: string | undefined;
  readonly platform: NodeJS.Platform;
}

/**
 * The paths in pip's order: what a later file says counts more.
 * @see https://pip.pypa.io/en/stable/topics/configuration/#location
 */
export function pipPaths({ env, home, platform }: PipPlaces): readonly string[] {
  const own = env.PIP_CONFIG_FILE;
  // The null device is how pip is told to read no file at all.
  if (own === '/dev/null' || own?.toLowerCase() === 'nul') return [];
  const inHome = (...parts: readonly string[]): readonly string[] => (home === undefined ? [] : [join(home, ...parts)]);
  const inEnvironment = env.VIRTUAL_ENV ? [join(env.VIRTUAL_ENV, platform === 'win32' ? 'pip.ini' : 'pip.conf')] : [];
  const last = own ? [own] : [];
  if (platform === 'win32') {
    const [all, mine] = [env.ProgramData, env.APPDATA].map((folder) =>
      folder ? [join(folder, 'pip', 'pip.ini')] : [],
    );
    return [...(all ?? []), ...inHome('pip', 'pip.ini'), ...(mine ?? []), ...inEnvironment, ...last];
  }
  const mac = platform === 'darwin';
  const shared = (env.XDG_CONFIG_DIRS || '/etc/xdg').split(':').map((folder) => join(folder, 'pip', 'pip.conf'));
  const mine = mac
    ? [...inHome('Library', 'Application Support', 'pip', 'pip.conf'), ...inHome('.config', 'pip', 'pip.conf')]
    : env.XDG_CONFIG_HOME
      ? [join(env.XDG_CONFIG_HOME, 'pip', 'pip.conf')]
      : inHome('.config', 'pip', 'pip.conf');
  const everybody = mac ? ['/Library/Application Support/pip/pip.conf'] : [...shared, '/etc/pip.conf'];
  return [...everybody, ...inHome('.pip', 'pip.conf'), ...mine, ...inEnvironment, ...last];
}

/** What the files say that are there and can be read; pip passes over the others as well. */
export async function readPipFiles(places: PipPlaces): Promise<readonly PipFile[]> {
  const files = await Promise.all(
    pipPaths(places).map(async (path) => {
      const text = await readFile(path, 'utf8').catch(() => undefined);
      return text === undefined ? [] : [{ path, config: parsePipConfig(text) }];
    }),
  );
  return files.flat();
}
