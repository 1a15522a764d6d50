import { homedir, userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

/**
 * The home folder of the user we run as: what `HOME` says, else the system's list of users. `undefined` if neither gives
 * a whole path, as in a container that runs as a number without a name. A part of a path is none: it would be a folder
 * of the project at hand.
 */
export function homeFolder(
  system: { homedir(): string; userInfo(): { readonly homedir: string } } = { homedir, userInfo },
): string | undefined {
  for (const ask of [() => system.homedir(), () => system.userInfo().homedir]) {
    try {
      const found = ask();
      if (isAbsolute(found)) return found;
    } catch {
      // The system throws for a user that it does not know.
    }
  }
  return undefined;
}
