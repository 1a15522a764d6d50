import { spawn } from 'node:child_process';
import { UserError } from '../../core/errors.js';
import type { HelperAnswer } from '../../oci/registry/login/credential-helper.js';

/** In milliseconds. */
const PATIENCE = 10_000;
/** In bytes; an answer is a line of JSON. */
const LARGEST_ANSWER = 64 * 1024;

/**
 * Runs a credential helper of Docker as it is found on the PATH, without a shell. What it writes to stderr is dropped:
 * the protocol has its errors on stdout.
 */
export async function runHelper(
  name: string,
  stdin: string,
  patience: number = PATIENCE,
): Promise<HelperAnswer | undefined> {
  const program = `docker-credential-${name}`;
  const child = spawn(program, ['get'], {
    env: process.env,
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  let stdout = '';
  let trouble: string | undefined;
  const stop = (why: string): void => {
    trouble ??= why;
    child.kill('SIGKILL');
    // A grandchild may hold the other end open for as long as it likes.
    child.stdout.destroy();
  };
  const timer = setTimeout(() => stop(`it gave no answer within ${patience / 1000} s`), patience);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (stdout.length > LARGEST_ANSWER) stop(`it printed more than ${LARGEST_ANSWER} bytes`);
  });
  child.stdin.on('error', () => {
    // A helper may end without reading what it was asked; its exit code says the rest.
  });
  child.stdin.end(stdin);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    if (trouble !== undefined) throw failed(program, trouble);
    return { code: code ?? 1, stdout };
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    if (isAbsent(cause)) return undefined;
    throw failed(program, 'it cannot be started', cause);
  } finally {
    clearTimeout(timer);
  }
}

function isAbsent(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

function failed(program: string, state: string, cause?: unknown): UserError {
  return new UserError(`Cannot get credentials from ${program}: ${state}`, {
    cause,
    hint: `try "${program} get" in a terminal, or give user name and password directly`,
  });
}
