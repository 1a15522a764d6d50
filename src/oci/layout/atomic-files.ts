import { rename, rm } from 'node:fs/promises';
import { UserError } from '../../core/errors.js';
import type { Random } from '../../core/ports.js';

const MARK = '.part';

/** Writes files beside their place and renames them, so that a reader sees the whole file or none of it. */
export class AtomicFiles {
  readonly #pid: number;
  readonly #random: Random;
  #count = 0;

  constructor(pid: number, random: Random) {
    this.#pid = pid;
    this.#random = random;
  }

  /**
   * Lets `produce` write a new file, which must not exist yet, and moves it to `path`, or to where `produce` says once
   * it knows. Leaves nothing behind on failure.
   * @throws UserError if the file system refuses; errors of ours that `produce` throws come through as they are
   */
  async write(path: string, produce: (part: string) => Promise<void> | Promise<string>): Promise<void> {
    const part = this.nameBeside(path);
    try {
      const place = await produce(part);
      await rename(part, place ?? path);
    } catch (cause) {
      throw isSystemError(cause) && isOf(path, cause) ? cannotWrite(path, cause) : cause;
    } finally {
      await rm(part, { force: true });
    }
  }

  /** A name in the same folder that no other writer uses: not in this process, on this machine, or on another. */
  nameBeside(path: string): string {
    this.#count += 1;
    const chance = Math.floor(this.#random() * 2 ** 40).toString(36);
    return `${path}.${this.#pid}-${this.#count}-${chance}${MARK}`;
  }
}

/** Whether it was the writing that failed. What is written may come from another file, whose trouble is not ours. */
function isOf(path: string, { syscall, path: at }: NodeJS.ErrnoException): boolean {
  return syscall !== 'read' && (at === undefined || at.startsWith(path));
}

/** Whether a file of this name is what a killed writer of `base` left behind. */
export function isLeftover(name: string, base: string): boolean {
  return name.startsWith(`${base}.`) && name.endsWith(MARK);
}

/** Whether a file of this name was made by one of us to become another; files that merely end alike are not ours. */
export function isPart(name: string): boolean {
  return /.\.[0-9]+-[0-9]+-[0-9a-z]+\.part$/.test(name);
}

/** Whether an error comes from the operating system, with this code if one is given. */
export function isSystemError(error: unknown, code?: string): error is NodeJS.ErrnoException {
  if (!(typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error)) return false;
  return code === undefined || error.code === code;
}

/** `work`, or `undefined` if the file it wants does not exist. */
export async function unlessAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const HINTS: Readonly<Record<string, string>> = {
  EACCES: 'give the user that runs this write access to the folder',
  EPERM: 'give the user that runs this write access to the folder',
  EROFS: 'give a folder on a disk that can be written',
  ENOENT:
    'give a folder on a disk that can be written; one without "/" in front needs a current folder that still exists',
  ENOTDIR: 'a part of this path is a file: give another folder',
  ENOSPC: 'make room on the disk, then run again',
  EDQUOT: 'make room within the quota, then run again',
};

export function cannotWrite(path: string, cause: NodeJS.ErrnoException): UserError {
  return new UserError(`Cannot write ${path}: ${cause.code ?? cause.message}`, {
    cause,
    hint: HINTS[cause.code ?? ''],
  });
}
