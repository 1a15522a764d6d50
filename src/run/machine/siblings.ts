import { readdir } from 'node:fs/promises';
import { posix } from 'node:path';
import { UserError } from '../../core/errors.js';
import { byText } from '../../core/order.js';

/**
 * Files, and links, in the folders that these files lie in; `/` between the parts of a path, as those have it.
 * @throws UserError naming a folder that cannot be listed
 */
export async function siblingsOf(paths: readonly string[]): Promise<readonly string[]> {
  const folders = [...new Set(paths.map((path) => posix.dirname(path)))];
  const listed = await Promise.all(folders.map(list));
  return listed.flat().sort(byText);
}

async function list(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new UserError(`Cannot look for attachments in ${folder}`, {
      cause,
      hint: 'let this user list the folder, or attach nothing (attachments: none, or --attachments none)',
    });
  });
  const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
  return files.map(({ name }) => posix.join(folder, name));
}
