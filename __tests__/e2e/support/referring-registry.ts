import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache-folder.js';
import type { Registry } from './registries.js';
import { freePort, startServer } from './server.js';

/**
 * go-containerregistry's registry with its Referrers API, whose list is true at every moment. (olareg reads, adds and
 * writes back its list of referrers, and loses some when many are pushed at once.)
 */
export async function startReferring(): Promise<Registry> {
  const source = fileURLToPath(new URL('referring', import.meta.url));
  const command = join(cacheFolder(), 'referring');
  execFileSync('go', ['build', '-o', command, '.'], { cwd: source, stdio: 'pipe' });
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const server = await startServer({ command, args: [address], install: `cd ${source} && go build` }, port);
  return { ...server, credentials: undefined, authorize: () => undefined };
}
