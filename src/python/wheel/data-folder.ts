import { quoted } from '../archive/archive-error.js';
import { type OnProblem, refusal } from '../problem.js';
import { isReserved } from './scripts/script-name.js';
import type { ZipMember } from './zip/zip-directory.js';

/** Where the folders of `.data` are copied to. */
const SCHEMES = ['data', 'headers', 'platlib', 'purelib', 'scripts'];
const HINT = `files belong into one of its folders: ${SCHEMES.join(', ')}`;

/**
 * Reports the first member of a `.data` folder that installers don't know where to put.
 *
 * @see https://packaging.python.org/en/latest/specifications/binary-distribution-format/#the-data-directory
 */
export function checkDataFolder(members: readonly ZipMember[], report: OnProblem): void {
  for (const { name } of members) {
    const reason = misplaced(name.split('/'));
    if (reason === undefined) continue;
    report(refusal(`it has ${quoted(name)}, ${reason}`, HINT));
    return;
  }
}

/** @param parts of a path; the last is empty for a folder */
function misplaced([top = '', scheme, ...below]: readonly string[]): string | undefined {
  if (!top.endsWith('.data')) return undefined;
  if (scheme === undefined) return 'a file with the name of a data folder: pip refuses to install it';
  if (scheme === '') return undefined;
  if (below.length === 0) return 'which is in no folder of the data folder: pip refuses to install it';
  if (!SCHEMES.includes(scheme)) return `and ${quoted(scheme)} is no place known to installers: pip or uv refuses it`;
  if (scheme === 'scripts' && below.length > 1) return 'a folder in the folder of scripts: uv refuses to install it';
  // `data` is the environment itself, with its scripts in `bin`.
  const script = scheme === 'scripts' ? below : scheme === 'data' && below[0] === 'bin' ? below.slice(1) : [];
  if (script.length !== 1 || !isReserved(script[0] ?? '')) return undefined;
  return 'which would take the place of the interpreter: uv refuses to install it';
}
