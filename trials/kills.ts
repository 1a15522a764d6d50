/**
 * The shipped command, killed (SIGKILL) at random times: `npm run kills`, which takes the bundle in dist/ as it is.
 * Arguments: how many kills on each kind of registry (100), and a seed (1). Ends with 1 if anything was wrong.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit } from '../__tests__/e2e/support/audit.js';
import { diceOf } from '../__tests__/e2e/support/fault.js';
import { digestOf, Reader } from '../__tests__/e2e/support/reader.js';
import { type Registry, startCrane, startTokenDistribution } from '../__tests__/e2e/support/registries.js';
import { bundle } from '../__tests__/e2e/support/runner.js';
import { sdistFile, wheelFile } from '../__tests__/support/builders.js';

/** The first refuses references to nothing, as most do; the second takes a manifest whatever blobs it names. */
const KINDS: readonly (readonly [string, () => Promise<Registry>])[] = [
  ['distribution', startTokenDistribution],
  ['crane', startCrane],
];
const REPOSITORY = 'owner/foo';
/** Milliseconds after which a registry has surely done what it was asked last. */
const AT_REST = 1_000;

interface Fate {
  readonly listed: boolean;
  readonly problems: readonly string[];
}

const [count = 100, seed = 1] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-kills-'));
try {
  const paths = [
    await wheelFile(folder, { tag: 'cp310-none-any' }),
    await wheelFile(folder, {
      tag: 'cp311-none-any',
      files: { 'foo/data.bin': Buffer.alloc(300_000) },
      deflate: false,
    }),
    await sdistFile(folder),
  ];
  const published = new Set(paths.map((path) => digestOf(readFileSync(path))));
  for (const [name, start] of KINDS) await killOn(name, start, paths, published);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function killOn(
  name: string,
  start: () => Promise<Registry>,
  paths: readonly string[],
  published: ReadonlySet<string>,
): Promise<void> {
  const dice = diceOf(seed);
  const fates: Fate[] = [];
  const whole = await onItsOwn(start, (registry) => timed(() => publish(registry, paths)));
  while (fates.length < count) {
    const after = whole * dice();
    const fate = await onItsOwn(start, (registry) => killed(registry, paths, published, after));
    if (fate) fates.push(fate);
  }
  const problems = fates.flatMap((fate) => fate.problems);
  const listed = fates.filter((fate) => fate.listed).length;
  const sound = fates.filter((fate) => fate.problems.length === 0).length;
  process.stdout.write(
    `${name}: ${count} runs killed, ${listed} of them after they had listed the version; ${sound} left every reference whole and were completed by the next run\n`,
  );
  for (const problem of problems) process.stdout.write(`  ${problem}\n`);
  if (problems.length) process.exitCode = 1;
}

/** `undefined` if the run was over before. */
async function killed(
  registry: Registry,
  paths: readonly string[],
  published: ReadonlySet<string>,
  after: number,
): Promise<Fate | undefined> {
  if ((await publish(registry, paths, after)) === 0) return undefined;
  const reader = new Reader(registry);
  const left = await auditAtRest(reader);
  const problems = left.problems.map((problem) => `killed after ${Math.round(after)} ms: ${problem}`);
  const code = await publish(registry, paths);
  const { files, problems: missing } = await audit(reader, REPOSITORY);
  const complete = published.size === files.size && [...files.values()].every((digest) => published.has(digest));
  if (code !== 0 || missing.length || !complete)
    problems.push(`the run after it ended with ${code}, ${missing.join()}`);
  return { listed: left.files.size > 0, problems };
}

/**
 * The registry goes on with the request that it had when the command was killed, and for a moment lists a tag that it
 * cannot serve yet. What counts is what it leaves.
 */
async function auditAtRest(reader: Reader): ReturnType<typeof audit> {
  const found = await audit(reader, REPOSITORY);
  if (found.problems.length === 0) return found;
  await new Promise((resolve) => setTimeout(resolve, AT_REST));
  return audit(reader, REPOSITORY);
}

/** A registry for one run: some hold what one repository has ready for all others, and would hide a gap. */
async function onItsOwn<T>(start: () => Promise<Registry>, work: (registry: Registry) => Promise<T>): Promise<T> {
  const registry = await start();
  try {
    return await work(registry);
  } finally {
    await registry.stop();
  }
}

/** The exit code of the command; `null` if it was killed, so many milliseconds after its start. */
async function publish(registry: Registry, paths: readonly string[], after?: number): Promise<number | null> {
  const { host, credentials } = registry;
  const signIn = credentials ? ['--username', credentials.username, '--password-stdin'] : [];
  const options = ['--registry', host, '--namespace', 'owner', '--coordination', 'off', ...signIn];
  const child = spawn(process.execPath, [bundle('cli/index.js'), ...options, ...paths], {
    env: { PATH: process.env.PATH, DOCKER_CONFIG: '/nonexistent' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.on('error', () => undefined).end(credentials?.password ?? '');
  const timer = after === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), after);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return code;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
