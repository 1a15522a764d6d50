import { type FileHandle, link, open, readFile, rename, rm } from 'node:fs/promises';
import { UserError } from '../../core/errors.js';
import type { Clock, Random } from '../../core/ports.js';
import { isObject } from '../descriptor.js';
import { type AtomicFiles, cannotWrite, isSystemError, unlessAbsent } from './atomic-files.js';

/** Who holds a lock: enough for a person to find the process. */
export interface Identity {
  readonly pid: number;
  readonly host: string;
}

/** In milliseconds. A holder shows a sign of life every BEAT, and is given up after SILENCE without one. */
const BEAT = 10_000;
const SILENCE = 30_000;
const PATIENCE = 60_000;

/** The lock was taken from its holder, who had been silent for too long. */
class LockLostError extends Error {
  override readonly name = 'LockLostError';
}

export interface LockParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly identity: Identity;
  readonly files: AtomicFiles;
}

/**
 * A lock file with its holder and heartbeat in it. Writers of this process wait in line, other processes by looking
 * again. A lock is broken when its holder has been silent for 30 s: by the heartbeat's own time on the same machine,
 * else by watching it that long, because clocks of two machines differ.
 */
export class LockFile {
  readonly #path: string;
  readonly #parts: LockParts;
  #line: Promise<unknown> = Promise.resolve();

  constructor(path: string, parts: LockParts) {
    this.#path = path;
    this.#parts = parts;
  }

  /**
   * Runs `work` while holding the lock. `work` calls `confirm` right before it makes its change visible; if the lock
   * was lost by then, it starts again from the beginning.
   * @throws UserError if another process goes on holding the lock for a minute
   */
  async hold<T>(work: (confirm: () => Promise<void>) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const turn = this.#line.then(() => this.#holdInTurn(work, signal));
    this.#line = turn.catch(() => {});
    return turn;
  }

  async #holdInTurn<T>(work: (confirm: () => Promise<void>) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const deadline = this.#parts.clock.now() + PATIENCE;
    for (;;) {
      const held = await this.#acquire(deadline, signal);
      try {
        return await work(() => this.#confirm(held.owner));
      } catch (error) {
        if (!(error instanceof LockLostError)) throw error;
      } finally {
        await this.#release(held);
      }
    }
  }

  async #acquire(deadline: number, signal: AbortSignal | undefined): Promise<Held> {
    const { clock, random } = this.#parts;
    let watched: { readonly text: string; readonly since: number } | undefined;
    for (;;) {
      signal?.throwIfAborted();
      const held = await this.#tryAcquire();
      if (held) return held;
      const text = await unlessAbsent(readFile(this.#path, 'utf8'));
      if (text !== undefined) {
        if (text !== watched?.text) watched = { text, since: clock.now() };
        if (this.#isSilent(text, watched.since)) await this.#break(text);
      }
      // Without a text, too: what cannot be made and is not there may stay so, as a link to nothing does.
      if (clock.now() > deadline) throw this.#busy(text ?? '');
      await clock.sleep(25 + 50 * random(), signal);
    }
  }

  async #tryAcquire(): Promise<Held | undefined> {
    const owner = this.#parts.files.nameBeside('');
    let handle: FileHandle;
    try {
      handle = await open(this.#path, 'wx');
    } catch (error) {
      // EPERM and EBUSY: Windows, while a lock that was just removed is still open somewhere.
      if (['EEXIST', 'EPERM', 'EBUSY'].some((code) => isSystemError(error, code))) return undefined;
      throw isSystemError(error) ? cannotWrite(this.#path, error) : error;
    }
    const stop = new AbortController();
    try {
      await this.#sign(handle, owner);
    } catch (error) {
      await handle.close();
      await rm(this.#path, { force: true });
      throw isSystemError(error) ? cannotWrite(this.#path, error) : error;
    }
    return { owner, handle, stop, beating: this.#beat(handle, owner, stop.signal) };
  }

  /** Through the open handle: should the lock be broken, this writes into a file that nobody finds any more. */
  async #sign(handle: FileHandle, owner: string): Promise<void> {
    const { clock, identity } = this.#parts;
    const beat = String(clock.now()).padStart(16, '0');
    await handle.write(JSON.stringify({ pid: identity.pid, host: identity.host, owner, beat }), 0);
  }

  async #beat(handle: FileHandle, owner: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#parts.clock.sleep(BEAT, signal);
        if (!signal.aborted) await this.#sign(handle, owner);
      } catch {
        // The work is done, or the beat is missed; a lock lost for that is noticed by `confirm`.
      }
    }
  }

  async #confirm(owner: string): Promise<void> {
    const text = await unlessAbsent(readFile(this.#path, 'utf8'));
    if (text === undefined || holderIn(text).owner !== owner) throw new LockLostError();
  }

  async #release({ owner, handle, stop, beating }: Held): Promise<void> {
    stop.abort();
    await beating;
    await handle.close();
    const text = await unlessAbsent(readFile(this.#path, 'utf8'));
    if (text !== undefined && holderIn(text).owner === owner) await rm(this.#path, { force: true });
  }

  #isSilent(text: string, since: number): boolean {
    const now = this.#parts.clock.now();
    const { host, beat } = holderIn(text);
    return now - since > SILENCE || (host === this.#parts.identity.host && now - (beat ?? now) > SILENCE);
  }

  /** Moves the lock aside and looks at what was moved: another waiter may have broken it first and hold it by now. */
  async #break(text: string): Promise<void> {
    const aside = this.#parts.files.nameBeside(this.#path);
    try {
      await rename(this.#path, aside);
      const moved = await readFile(aside, 'utf8');
      if (moved !== text) await link(aside, this.#path);
    } catch {
      // Another waiter was faster, or the next one holds it already; then the one it was taken from starts again.
    } finally {
      await rm(aside, { force: true });
    }
  }

  #busy(text: string): UserError {
    const { pid, host } = holderIn(text);
    const who = pid === undefined ? 'another process' : `process ${pid} on ${host}`;
    return new UserError(`Cannot lock ${this.#path}: ${who} keeps holding it`, {
      hint: `wait for the other job that writes into this folder; if there is none, delete ${this.#path}`,
    });
  }
}

interface Held {
  readonly owner: string;
  readonly handle: FileHandle;
  readonly stop: AbortController;
  readonly beating: Promise<void>;
}

interface Holder {
  readonly pid?: number;
  readonly host?: string;
  readonly owner?: string;
  /** Milliseconds since the epoch, by the holder's clock. */
  readonly beat?: number;
}

/** What a lock file says; nothing of it, if its holder was killed while writing it. */
function holderIn(text: string): Holder {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  if (!isObject(value)) return {};
  return {
    ...(typeof value.pid === 'number' ? { pid: value.pid } : {}),
    ...(typeof value.host === 'string' ? { host: value.host } : {}),
    ...(typeof value.owner === 'string' ? { owner: value.owner } : {}),
    ...(typeof value.beat === 'string' ? { beat: Number(value.beat) } : {}),
  };
}
