import { explain, type FileProblem, UserError } from './errors.js';

/** One thing that went wrong, and its cure. Untrusted text. */
export interface Failure {
  /** What it is about: a file's path, or a project and its version; `undefined` for the run as a whole. */
  readonly subject: string | undefined;
  /** The path, if it is about a file. */
  readonly file: string | undefined;
  /** May be several lines: what beneath caused it. */
  readonly message: string;
  readonly hint: string | undefined;
}

/** A failure in one piece: subject, message, and what to do. */
export function failureText({ subject, message, hint }: Failure): string {
  const told = subject === undefined ? message : `${subject}: ${message}`;
  return hint === undefined ? told : `${told}\nTo fix it: ${hint}`;
}

/** Of files that failed their checks: each error of theirs, no warnings. */
export function fileFailures(problems: readonly FileProblem[]): readonly Failure[] {
  const errors = problems.filter(({ severity }) => severity === 'error');
  return errors.map(({ file, message, hint }) => ({ subject: file, file, message, hint }));
}

/** What anything thrown comes to: its message with those of its causes, and the hint nearest to it. */
export function failureOf(error: unknown, subject?: string): Failure {
  return { subject, file: undefined, message: explain(error), hint: hintOf(error) };
}

/** The first hint on the way down to the cause. */
function hintOf(error: unknown): string | undefined {
  const seen = new Set<unknown>();
  for (let at = error; at instanceof Error && !seen.has(at); at = at.cause) {
    seen.add(at);
    if (at instanceof UserError && at.hint !== undefined) return at.hint;
  }
  return undefined;
}
