import { relative, sep } from 'node:path';
import { create, type Globber } from '@actions/glob';
import { UsageError, UserError } from '../../core/errors.js';
import { byText } from '../../core/order.js';
import type { FileFinder } from '../../run/face.js';
import { filesBelow } from '../../run/machine/folder-listing.js';

/**
 * Finds files by glob patterns, `!` in front to exclude, as the toolkit of GitHub's own actions reads them.
 * @param workspace the current folder; `undefined` where it was deleted: then nothing can be looked for
 * @param home the user's home folder, if there is one: what `~` means
 */
export function globFinder(workspace: string | undefined, home: string | undefined): FileFinder {
  const shown = (path: string): string => {
    const below = relative(workspace ?? sep, path);
    return (below === '' || below.startsWith('..') ? path : below).split(sep).join('/');
  };
  const globberOf = async (patterns: readonly string[]): Promise<Globber> => {
    if (workspace === undefined) throw noFolder(patterns);
    const homely = patterns.find((pattern) => /^[!\s]*~(?:[\\/]|$)/.test(pattern));
    if (homely !== undefined && home === undefined) throw noHome(homely);
    return globberFor(patterns).catch((cause: unknown) => {
      throw cannotLook(patterns, cause);
    });
  };
  const find = async (patterns: readonly string[]): Promise<readonly string[]> => {
    const globber = await globberOf(patterns);
    try {
      return [...new Set(await globber.glob())].map(shown).sort(byText);
    } catch (cause) {
      throw cannotLook(patterns, cause);
    }
  };
  return {
    find,
    attached: (pattern) => find([pattern]),
    deeper: async (patterns) => {
      const globber = await globberOf(patterns);
      const below = await Promise.all(globber.getSearchPaths().map(filesBelow));
      return [...new Set(below.flat().map(shown))].sort(byText);
    },
  };
}

/**
 * A pattern means what it says: a folder that it matches is neither a file nor its content. The toolkit leaves links to
 * a folder already passed alone, so following them ends.
 */
function globberFor(patterns: readonly string[]): Promise<Globber> {
  return create(patterns.join('\n'), { matchDirectories: false, implicitDescendants: false });
}

function cannotLook(patterns: readonly string[], cause: unknown): UserError {
  return new UserError(`Cannot look for ${patterns.join(', ')}`, { cause });
}

function noHome(pattern: string): UsageError {
  return new UsageError(`Cannot look for ${pattern}: "~" means the home folder, and this user has none`, {
    hint: 'write the whole path, or set HOME to one in the `env` of this step',
  });
}

/** The toolkit asks for the current folder even where it needs none. */
function noFolder(patterns: readonly string[]): UserError {
  return new UserError(`Cannot look for ${patterns.join(', ')}: the folder that this step runs in was deleted`, {
    hint: 'see which step before this one deletes it, and let it delete what is in it instead',
  });
}
