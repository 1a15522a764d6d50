import { explain } from '../core/errors.js';
import type { Outlet } from '../run/machine/outlet.js';
import type { Terminal } from './terminal.js';

/** 0 done, 1 failed, 2 wrong usage; or whatever a command of the user's ended with. */
export type Status = number;

/** What a verb came to. */
export interface Ended {
  readonly status: Status;
  /** What became of the work, if there was any: the end of a sentence. */
  readonly completion: string | undefined;
  /** Where the result goes. What is told beside it may be lost. */
  readonly way: keyof Outlets;
}

/** The ways out, by the names that people know them under. */
export interface Outlets {
  readonly 'standard output': Outlet;
  readonly 'standard error': Outlet;
}

/**
 * Waits until everything is written. Whoever reads only the status must not take for done what nobody could be told, and
 * whoever sees the error must not take for failed what was done.
 * @returns the exit status: never 0 if a part of the result was lost
 */
export async function delivered(
  { status, completion, way }: Ended,
  outlets: Outlets,
  terminal: Terminal,
): Promise<Status> {
  const trouble = await outlets[way].settled();
  if (trouble !== undefined) {
    const rest = completion === undefined ? '' : `; ${completion}`;
    terminal.error(`Cannot write the result to ${way}: ${explain(trouble)}${rest}`);
  }
  await outlets['standard error'].settled();
  return trouble === undefined ? status : status || 1;
}
