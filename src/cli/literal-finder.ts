import { stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { codeOf } from '../core/error-code.js';
import { explain, UsageError } from '../core/errors.js';
import { byText } from '../core/order.js';
import type { FileFinder } from '../run/face.js';

/** Takes paths as they are; patterns are the shell's affair. */
export function literalFinder(paths: readonly string[]): FileFinder {
  return {
    find: () => literal(paths, 'name files, as in dist/*; where the shell expands no patterns, name each of them'),
    attached: (path) => literal([path], 'name one file with each --attach; the shell expands no patterns there'),
    deeper: async () => [],
  };
}

async function literal(paths: readonly string[], hint: string): Promise<readonly string[]> {
  const wrong = (await Promise.all(paths.map(complaint))).filter((text) => text !== undefined);
  if (wrong.length) throw new UsageError(`Cannot read the files: ${wrong.join('; ')}`, { hint });
  return [...new Set(paths.map((path) => path.split(sep).join('/')))].sort(byText);
}

async function complaint(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isFile() ? undefined : `${path} is not a file`;
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? `${path} does not exist` : `${path} cannot be read (${explain(error)})`;
  }
}
