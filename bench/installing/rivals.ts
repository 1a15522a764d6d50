import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePort } from '../../__tests__/e2e/support/server.js';
import { run } from '../measure.js';
import type { PythonTools } from './python-tools.js';
import { ended } from './served.js';

/** Another server of packages, with files from this disk. */
export interface Rival {
  readonly name: string;
  /** Root of its simple API. */
  readonly root: string;
  readonly stop: () => Promise<void>;
}

/** pypiserver over the folder that the files lie in. */
export async function pypiserver({ program }: PythonTools, files: readonly string[]): Promise<Rival> {
  const port = await freePort();
  const folder = dirname(files[0] ?? '');
  const root = `http://127.0.0.1:${port}/simple/`;
  const stop = await started(program('pypi-server'), ['run', '-i', '127.0.0.1', '-p', String(port), folder], root);
  return { name: 'pypiserver', root, stop };
}

/** devpi-server with an index that has the files, uploaded by twine. */
export async function devpi({ program }: PythonTools, files: readonly string[], scratch: string): Promise<Rival> {
  const port = await freePort();
  const home = join(scratch, 'devpi');
  mkdirSync(home, { recursive: true });
  await run(program('devpi-init'), ['--serverdir', home, '--no-root-pypi']);
  const origin = `http://127.0.0.1:${port}`;
  const args = ['--serverdir', home, '--host', '127.0.0.1', '--port', String(port), '--offline-mode'];
  const stop = await started(program('devpi-server'), args, `${origin}/`);
  const root = { 'content-type': 'application/json', 'x-devpi-auth': await login(origin) };
  const made = await fetch(`${origin}/root/bench`, { method: 'PUT', headers: root, body: '{"volatile":true}' });
  if (!made.ok) throw new Error(`Cannot make an index in devpi: ${made.status} ${await made.text()}`);
  const twine = [
    'upload',
    '--disable-progress-bar',
    '--repository-url',
    `${origin}/root/bench/`,
    '-u',
    'root',
    '-p',
    '',
  ];
  await run(program('twine'), [...twine, ...files]);
  return { name: 'devpi', root: `${origin}/root/bench/+simple/`, stop };
}

async function login(origin: string): Promise<string> {
  const body = JSON.stringify({ user: 'root', password: '' });
  const answer = await fetch(`${origin}/+login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const { result } = (await answer.json()) as { readonly result: { readonly password: string } };
  return Buffer.from(`root:${result.password}`).toString('base64');
}

async function started(command: string, args: readonly string[], address: string): Promise<() => Promise<void>> {
  const child = spawn(command, args, { stdio: 'ignore' });
  for (let tries = 0; tries < 400; tries += 1) {
    if (
      await fetch(address).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return () => ended(child);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill();
  throw new Error(`Cannot start ${command}: nothing answers at ${address}`);
}
