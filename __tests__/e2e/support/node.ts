import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.js';

const VERSIONS = { 20: '20.20.2', 24: '24.21.0' } as const;

export type Major = keyof typeof VERSIONS;

/** Path of a Node of this line: the one that runs the tests if it fits, else one from the package registry. */
export function nodeOf(major: Major): string {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(cacheFolder(), `node-${VERSIONS[major]}`);
  const node = join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(node)) {
    const options = ['--prefix', folder, '--no-save', '--no-audit', '--ignore-scripts'];
    execFileSync('npm', ['install', ...options, `${name}@${VERSIONS[major]}`], { stdio: 'pipe' });
  }
  return node;
}
