/** What the Python on the PATH installs: its version and its compatibility tags, as its own packaging library has them. */
import { spawn } from 'node:child_process';
import { codeOf } from '../../core/error-code.js';
import { UserError } from '../../core/errors.js';
import { parseVersion, type Version } from '../../python/version.js';

export interface ThisPython {
  readonly version: Version;
  /** `cp313-cp313-manylinux_2_17_x86_64`, the best first. */
  readonly tags: readonly string[];
}

/** In milliseconds; a Python that starts for the first time compiles its modules. */
const PATIENCE = 30_000;
/** Bytes: some thousand tags of 60 characters. */
const LARGEST_ANSWER = 1024 * 1024;
const WITHOUT_PACKAGING = 3;

const SCRIPT = `import json, platform, sys
try:
    from pip._vendor.packaging.tags import sys_tags
except ImportError:
    try:
        from packaging.tags import sys_tags
    except ImportError:
        sys.exit(${WITHOUT_PACKAGING})
print(json.dumps({"version": platform.python_version(), "tags": [str(tag) for tag in sys_tags()]}))
`;

/** @throws UserError if there is no Python, or none that can tell */
export async function askThisPython(signal: AbortSignal, program = 'python3'): Promise<ThisPython> {
  const { code, stdout } = await output(program, signal);
  if (code === WITHOUT_PACKAGING) {
    throw unable(
      program,
      'it has neither pip nor packaging, which know what it installs',
      'install pip for it, or leave out --for-this-python',
    );
  }
  try {
    const told = JSON.parse(stdout) as { readonly version?: unknown; readonly tags?: unknown };
    // A build of Debian or of somebody else calls itself 3.13.0+.
    const version = typeof told.version === 'string' ? parseVersion(told.version.replace(/\+$/, '')) : undefined;
    const tags = Array.isArray(told.tags) ? told.tags.filter((tag): tag is string => typeof tag === 'string') : [];
    if (code === 0 && version && tags.length) return { version, tags };
  } catch {
    // Told below.
  }
  throw unable(
    program,
    'it did not tell which files it installs',
    `run \`${program} -m pip debug --verbose\` to see what is wrong`,
  );
}

async function output(
  program: string,
  signal: AbortSignal,
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  const child = spawn(program, ['-I', '-c', SCRIPT], {
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
    signal: AbortSignal.any([signal]),
  });
  let stdout = '';
  const stop = (): void => {
    child.kill('SIGKILL');
    // A program that it has started may hold the other end open for as long as it likes.
    child.stdout.destroy();
  };
  const timer = setTimeout(stop, PATIENCE);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (stdout.length > LARGEST_ANSWER) stop();
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    return { code, stdout };
  } catch (cause) {
    signal.throwIfAborted();
    if (codeOf(cause) === undefined) throw cause;
    throw new UserError(`Cannot ask ${program} what it installs: it cannot be started`, {
      cause,
      hint: 'install Python, activate the environment that is meant, or leave out --for-this-python',
    });
  } finally {
    clearTimeout(timer);
  }
}

function unable(program: string, why: string, hint: string): UserError {
  return new UserError(`Cannot ask ${program} what it installs: ${why}`, { hint });
}
