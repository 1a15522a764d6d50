// Builds dist/ from nothing: tsc checks and emits ES modules to lib/, ncc bundles each entry with its licences.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (tool, ...args) => execFileSync('node', [`node_modules/${tool}`, ...args], { cwd: root, stdio: 'inherit' });

for (const folder of ['lib', 'dist']) rmSync(`${root}/${folder}`, { recursive: true, force: true });
run('typescript/bin/tsc', '-p', 'tsconfig.json');
run('@vercel/ncc/dist/ncc/cli.js', 'build', 'lib/action/publish/index.js', '-o', 'dist', '--license', 'licenses.txt');
run('@vercel/ncc/dist/ncc/cli.js', 'build', 'lib/cli/index.js', '-o', 'dist/cli', '--license', 'licenses.txt');
run(
  '@vercel/ncc/dist/ncc/cli.js',
  'build',
  'lib/action/index/index.js',
  '-o',
  'dist/index-action',
  '--license',
  'licenses.txt',
);
run(
  '@vercel/ncc/dist/ncc/cli.js',
  'build',
  'lib/action/prune/index.js',
  '-o',
  'dist/prune',
  '--license',
  'licenses.txt',
);
