import { codeOf } from '../core/error-code.js';
import { type FileProblem, UserError } from '../core/errors.js';

const SAID_BY_SYSTEM = new Map([
  ['ENOENT', 'it does not exist'],
  ['ENOTDIR', 'it does not exist'],
  ['EACCES', 'this user may not read it'],
  ['EPERM', 'this user may not read it'],
]);

/** Why a file cannot be taken. @throws what is neither the file's fault nor the file system's */
export function refusalOf(path: string, error: unknown): FileProblem {
  if (error instanceof UserError) return { severity: 'error', file: path, message: error.message, hint: error.hint };
  const code = codeOf(error);
  if (code === undefined || code.startsWith('ERR_')) throw error;
  const message = `Cannot read the file: ${SAID_BY_SYSTEM.get(code) ?? `the system says ${code}`}`;
  return { severity: 'error', file: path, message, hint: 'check its path, and who may read it' };
}
