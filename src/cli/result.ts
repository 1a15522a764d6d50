import { UsageError } from '../core/errors.js';
import { type Failure, failureOf, failureText } from '../core/failure.js';
import { jsonText } from '../core/text/json-text.js';
import { printable } from '../core/text/printable.js';
import type { Redactor } from '../core/text/redactor.js';
import type { Ended, Outlets, Status } from './delivery.js';
import type { Terminal, TextStream } from './terminal.js';

/** What a verb came to, in the words of both of its readers. */
export interface Result {
  /** For people. */
  readonly lines: readonly string[];
  /** Where people read them. On standard output they give way to the document, if one is asked for. */
  readonly people: keyof Outlets;
  /** For programs, on standard output if asked for: JSON text. */
  readonly document: string;
  /** Empty exactly if it succeeded. */
  readonly failures: readonly Failure[];
  /** It failed for the arguments or inputs themselves. */
  readonly wrongUsage: boolean;
  /** What became of the work, where the deed of the verb is not what was done: the end of a sentence. */
  readonly completion?: string;
  /** The exit status, where it is that of a command of the user's. */
  readonly status?: Status;
}

/** Where a result is told. */
export interface Telling {
  readonly stdout: TextStream;
  readonly terminal: Terminal;
  readonly redactor: Redactor;
  readonly json: boolean;
  /** What the verb does, if that is more than to tell: `the pull`. */
  readonly deed: string | undefined;
}

/**
 * A result on standard output. @param members of the JSON document; whether all went well and what did not are added
 */
export function resultOf(lines: readonly string[], members: object, failures: readonly Failure[]): Result {
  const errors = failures.map(({ subject, message, hint }) => ({ subject, message, hint }));
  const document = jsonText({ ok: failures.length === 0, ...members, errors });
  return { lines, people: 'standard output', document, failures, wrongUsage: false };
}

/** The result of work that ended with this error. */
export function failedResult(error: unknown): Result {
  return { ...resultOf([], {}, [failureOf(error)]), wrongUsage: error instanceof UsageError };
}

/** Writes a result, as text or as JSON. How every verb ends. */
export function tell(result: Result, { stdout, terminal, redactor, json, deed }: Telling): Ended {
  const { lines, people, document, failures, wrongUsage } = result;
  const asLog = people === 'standard error';
  if (asLog) for (const line of lines) terminal.info(line);
  for (const failure of failures) terminal.error(failureText(failure));
  if (json) stdout.write(redactor.redact(document));
  else if (!asLog) for (const line of lines) stdout.write(`${printable(redactor.redact(line))}\n`);
  const way = json ? 'standard output' : people;
  if (wrongUsage) return { status: 2, completion: undefined, way };
  const end = failures.length ? 'failed' : 'is complete';
  const completion = result.completion ?? (deed === undefined ? undefined : `${deed} itself ${end}`);
  return { status: result.status ?? (failures.length ? 1 : 0), completion, way };
}
