/**
 * A failure the user can act on. `message` says what was attempted and what came back ("Cannot <action>: <state>");
 * `hint` says what to type or click next; `cause` keeps the error beneath.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  readonly hint: string | undefined;

  constructor(message: string, options: ErrorOptions & { readonly hint?: string | undefined } = {}) {
    super(message, options);
    this.hint = options.hint;
  }
}

/** The inputs or options themselves are wrong; the command exits with 2. Lists every wrong one. */
export class UsageError extends UserError {
  override readonly name = 'UsageError';
}

/** One thing that is wrong with one file. A file with an `error` is not published; a `warning` only informs. */
export interface FileProblem {
  readonly severity: 'error' | 'warning';
  /** The path as the user knows it. */
  readonly file: string;
  /** What was found and what was expected, a sentence without the file name. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
}

/** Some files cannot be published. Carries every problem of every file, so that one run shows them all. */
export class FilesError extends UserError {
  override readonly name = 'FilesError';
  readonly problems: readonly FileProblem[];

  constructor(problems: readonly FileProblem[]) {
    const errors = problems.filter((problem) => problem.severity === 'error');
    const files = new Set(errors.map((problem) => problem.file)).size;
    super(`Cannot publish: ${files === 1 ? 'one file' : `${files} files`} failed the checks, nothing was written`, {
      hint: errors.map((p) => `${p.file}: ${p.message}${p.hint ? ` (${p.hint})` : ''}`).join('\n'),
    });
    this.problems = problems;
  }
}

/** The one line of anything thrown, without its causes. Not yet safe to print: see `printable`. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

/** The text of anything thrown, with the causes beneath it, one a line. Not yet safe to print: see `printable`. */
export function explain(error: unknown): string {
  const lines: string[] = [];
  const seen = new Set<unknown>();
  for (let at: unknown = error; at !== undefined && !seen.has(at); at = at instanceof Error ? at.cause : undefined) {
    seen.add(at);
    const text = messageOf(at);
    if (!lines.includes(text)) lines.push(text);
  }
  return lines.join('\n');
}
