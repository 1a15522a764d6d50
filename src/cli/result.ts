import { PublishError, UsageError } from '../core/errors.js';
import { type Failure, failureOf, failureText } from '../core/failure.js';
import { jsonText } from '../core/text/json-text.js';
import { printable } from '../core/text/printable.js';
import type { Redactor } from '../core/text/redactor.js';
import type { Ended } from './delivery.js';
import type { Terminal, TextStream } from './terminal.js';

/** What a verb came to, in the words of both of its readers. */
export interface Result {
  /** For people, on standard output. */
  readonly lines: readonly string[];
  /** For programs: members of the JSON document. */
  readonly members: object;
  /** Empty exactly if it succeeded. */
  readonly failures: readonly Failure[];
}

/** Where a verb tells what it came to. */
export interface Telling {
  readonly stdout: TextStream;
  readonly terminal: Terminal;
  readonly redactor: Redactor;
  readonly json: boolean;
  /** What the verb does, if that is more than to tell: `the pull`. */
  readonly deed: string | undefined;
}

/** Runs a verb and tells what came of it. */
export async function tell(work: () => Promise<Result>, telling: Telling): Promise<Ended> {
  const { stdout, terminal, redactor, json, deed } = telling;
  let result: Result;
  let wrongUsage = false;
  try {
    result = await work();
  } catch (error) {
    if (error instanceof Error && !(error instanceof PublishError)) terminal.debug(error.stack ?? error.message);
    wrongUsage = error instanceof UsageError;
    result = { lines: [], members: {}, failures: [failureOf(error)] };
  }
  const { lines, members, failures } = result;
  for (const failure of failures) terminal.error(failureText(failure));
  if (json) {
    const errors = failures.map(({ subject, message, hint }) => ({ subject, message, hint }));
    stdout.write(redactor.redact(jsonText({ ok: failures.length === 0, ...members, errors })));
  } else {
    for (const line of lines) stdout.write(`${printable(redactor.redact(line))}\n`);
  }
  const way = 'standard output';
  if (wrongUsage) return { status: 2, completion: undefined, way };
  const end = failures.length ? 'failed' : 'is complete';
  return { status: failures.length ? 1 : 0, completion: deed && `${deed} itself ${end}`, way };
}
