import type { FileProblem } from '../core/errors.js';

/** One thing that is wrong with something inside a file, by code that does not know the file's name. */
export type Problem = Omit<FileProblem, 'file'>;

/** Takes findings as they come up. */
export type OnProblem = (finding: Problem) => void;

/** What to do about a file that its backend wrote wrongly. */
export const REBUILD = 'build it again with a current build backend: python -m build';
/** The same where its text is in another encoding. */
export const SAVE_AS_UTF8 = 'save the project files as UTF-8 and build again';

/** As many as help; a file made to annoy could have a million. */
const MOST = 20;

export function refusal(message: string, hint: string = REBUILD): Problem {
  return { severity: 'error', message, hint };
}

export function warning(message: string, hint?: string): Problem {
  return { severity: 'warning', message, hint };
}

/** Errors first; at most twenty, and a last one that counts the others. */
export function bounded(findings: readonly Problem[]): readonly Problem[] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const sorted = [...errors, ...findings.filter(({ severity }) => severity === 'warning')];
  if (sorted.length <= MOST) return sorted;
  const severity = errors.length > MOST ? 'error' : 'warning';
  return [...sorted.slice(0, MOST), { severity, message: `and ${sorted.length - MOST} more problems` }];
}
