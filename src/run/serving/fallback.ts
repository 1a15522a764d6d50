/** Where names go that are not ours: to the index that this environment uses already. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UsageError, UserError } from '../../core/errors.js';
import type { Env } from '../../core/ports.js';
import { type NamedIndex, usualIndexes } from './other-indexes.js';
import type { PipFile } from './pip-files.js';

/** Milliseconds that Python has to say which index pip has built in. */
const PATIENCE = 10_000;
const ASK = 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)';
const HINT = 'give it by --fallback URL, or --fallback none to serve your packages alone';

/**
 * The page of a name that is not ours is below this address.
 * @throws UsageError if two different indexes are set, or what is set is no address to redirect to
 * @throws UserError if none is set, and Python does not tell which one pip has built in
 */
export async function usualFallback(env: Env, files: readonly PipFile[]): Promise<URL> {
  const [first, ...others] = usualIndexes(env, files).map((index) => ({ ...index, parsed: fallbackOf(index) }));
  if (!first) return fallbackOf({ where: 'pip', url: await builtIn() });
  const other = others.find(({ parsed }) => parsed.href !== first.parsed.href);
  if (!other) return first.parsed;
  throw new UsageError(
    `Cannot tell which index to leave other names to: ${first.where} says ${first.parsed.href}, ${other.where} says ${other.parsed.href}`,
    { hint: 'unset one of them, or give the one to use by --fallback URL' },
  );
}

/** @throws UsageError if it is no address of http or https, or holds a user or password */
export function fallbackOf({ where, url }: NamedIndex): URL {
  const wrong = (what: string, hint: string): UsageError =>
    new UsageError(`Cannot use the index that ${where} names: ${what}`, { hint });
  if (!URL.canParse(url)) throw wrong(`"${url}" is no URL`, HINT);
  const parsed = new URL(url);
  if (!['http:', 'https:'].includes(parsed.protocol)) throw wrong(`its scheme is ${parsed.protocol}`, HINT);
  if (parsed.username !== '' || parsed.password !== '') {
    throw wrong(
      'it holds a user or a password, which clients drop when they are redirected',
      `take them out of the URL, and put this line into ~/.netrc: machine ${parsed.hostname} login USER password PASSWORD`,
    );
  }
  parsed.hash = '';
  parsed.search = '';
  if (!parsed.pathname.endsWith('/')) parsed.pathname += '/';
  return parsed;
}

async function builtIn(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('python3', ['-I', '-c', ASK], { timeout: PATIENCE });
    return stdout.trim();
  } catch (cause) {
    throw new UserError(
      'Cannot tell which index to leave other names to: none is set, and python3 has no pip that tells its own',
      {
        cause,
        hint: HINT,
      },
    );
  }
}
