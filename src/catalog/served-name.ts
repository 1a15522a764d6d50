/** What the name of a file says of the version it belongs to, so that no name is taken on trust. Pure. */
import { parseFileName } from '../python/filename.js';
import { normalName } from '../python/name.js';
import { parseVersion } from '../python/version.js';

/** The normal name of the project, if this is a name of its file of that version and architecture. */
export function projectIn(filename: string, version: string, architecture: string): string | undefined {
  const parsed = parseFileName(filename);
  const key = parseVersion(version)?.key;
  if (parsed.kind === 'wheel') {
    const agrees = parsed.version.key === key && parsed.architecture === architecture;
    return agrees ? normalName(parsed.name) : undefined;
  }
  if (parsed.kind !== 'sdist' || architecture !== '.tar.gz') return undefined;
  const split = parsed.splits.find((each) => each.version.key === key);
  return split && normalName(split.name);
}

/** The normal names of the projects whose file this may be; none if it is no distribution. */
export function projectsIn(filename: string): readonly (string | undefined)[] {
  const parsed = parseFileName(filename);
  if (parsed.kind === 'wheel') return [normalName(parsed.name)];
  return parsed.kind === 'sdist' ? parsed.splits.map(({ name }) => normalName(name)) : [];
}

/** Whether a wheel or an sdist can be called so. */
export function isDistributionName(filename: string): boolean {
  return projectsIn(filename).length > 0;
}
