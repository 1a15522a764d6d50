import { UserError } from '../../core/errors.js';
import { printable } from '../../core/text/printable.js';

const REBUILD = 'build the distribution again with a current build backend: python -m build';

/** An archive that we refuse. Neither message nor hint names the file: the caller knows its name. */
export class ArchiveError extends UserError {
  override readonly name = 'ArchiveError';

  /** @param found what is wrong with the archive and, where it is not plain, why that matters. */
  constructor(found: string, hint: string = REBUILD, options: ErrorOptions = {}) {
    super(`Cannot read the archive: ${found}`, { ...options, hint });
  }
}

/** A member's name as it may stand in a message: safe to print, and short. */
export function quoted(name: string): string {
  return `"${printable(name, 200)}"`;
}
