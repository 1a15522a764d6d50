import type { FileProblem } from '../core/errors.js';
import { groupedBy } from '../core/grouped.js';
import type { Distribution } from '../python/distribution.js';

/** Names told of one spelling. */
const MOST_NAMES = 10;

/**
 * An error if files of equal versions spell them differently: each spelling becomes a tag of its own, of which
 * installers see but one.
 * @param files of one project and version
 */
export function checkSpellings(files: readonly Distribution[]): readonly FileProblem[] {
  const spellings = [...groupedBy(files, ({ version }) => version.spelled).values()];
  // The rarest is the likeliest mistake.
  const [rarest, ...others] = spellings.sort((one, other) => one.length - other.length);
  if (!rarest || others.length === 0) return [];
  const [{ path, project, version }] = rarest;
  const told = [rarest, ...others].map((group) => `"${group[0].version.spelled}" by ${named(group)}`).join(', ');
  return [
    {
      severity: 'error',
      file: path,
      message: `one version of ${project} is spelled in different ways: ${told}`,
      hint: `build all files of the version with current build backends, which write "${version.normal}"`,
    },
  ];
}

function named(files: readonly Distribution[]): string {
  const names = files.slice(0, MOST_NAMES).map(({ filename }) => filename);
  const more = files.length - names.length;
  return [...names, ...(more > 0 ? [`${more} more`] : [])].join(' and ');
}
