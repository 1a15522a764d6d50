import { relative, sep } from 'node:path';
import { create, type Globber } from '@actions/glob';
import { PublishError } from '../core/errors.js';
import { byText } from '../core/order.js';
import type { FileFinder } from '../run/face.js';
import { filesBelow } from '../run/folder-listing.js';

/** Finds files by glob patterns, `!` in front to exclude, as the toolkit of GitHub's own actions reads them. */
export function globFinder(workspace: string): FileFinder {
  const shown = (path: string): string => {
    const below = relative(workspace, path);
    return (below === '' || below.startsWith('..') ? path : below).split(sep).join('/');
  };
  return {
    find: async (patterns) => {
      const globber = await globberOf(patterns);
      try {
        return [...new Set(await globber.glob())].map(shown).sort(byText);
      } catch (cause) {
        throw new PublishError(`Cannot look for ${patterns.join(', ')}`, { cause });
      }
    },
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
function globberOf(patterns: readonly string[]): Promise<Globber> {
  return create(patterns.join('\n'), { matchDirectories: false, implicitDescendants: false });
}
