import { printable } from '../../core/text/printable.js';
import { type OnProblem, warning } from '../problem.js';
import type { WheelFile } from './wheel-file.js';

/** Tags that a compressed set may stand for; larger sets are not compared. */
const MOST_TAGS = 2_000;
const SHOWN = 3;
/** It does nothing to a wheel that was renamed before. */
const HINT = 'take the wheel as it was built, and rename it with python -m wheel tags, which changes both';

/**
 * Warns where the tags in WHEEL are others than those of the file name. Installers choose a wheel by its name, and
 * `pip check` says afterwards by WHEEL whether it runs here.
 *
 * @param architecture what follows name and version in the file name: `2-py2.py3-none-any.whl`
 */
export function checkTags(architecture: string, { tags, build }: WheelFile, report: OnProblem): void {
  const parts = architecture.replace(/\.whl$/, '').split('-');
  const named = expand([parts.slice(-3).join('-')]);
  const inside = expand(tags);
  if (named && inside && !same(named, inside)) {
    report(warning(`its name has the tags ${shown(named)}, its WHEEL ${shown(inside)}: pip check goes by WHEEL`, HINT));
  }
  const namedBuild = parts.length > 3 ? (parts[0] ?? '') : '';
  if (namedBuild !== (build ?? '')) {
    const said = (text: string): string => (text === '' ? 'none' : printable(text, 50));
    report(warning(`its name has the build tag ${said(namedBuild)}, its WHEEL ${said(build ?? '')}`, HINT));
  }
}

/** Every single tag that some compressed sets stand for, in lower case; `undefined` if they are too many. */
function expand(sets: readonly string[]): ReadonlySet<string> | undefined {
  const found = new Set<string>();
  for (const set of sets) {
    const [pythons = [], abis = [], platforms = []] = set
      .toLowerCase()
      .split('-')
      .map((part) => part.split('.'));
    if (found.size + pythons.length * abis.length * platforms.length > MOST_TAGS) return undefined;
    for (const python of pythons) {
      for (const abi of abis) {
        for (const platform of platforms) found.add(`${python}-${abi}-${platform}`);
      }
    }
  }
  return found;
}

function same(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((tag) => other.has(tag));
}

function shown(tags: ReadonlySet<string>): string {
  const names = [...tags].sort();
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return names.length
    ? `${names
        .slice(0, SHOWN)
        .map((name) => printable(name, 100))
        .join(', ')}${more}`
    : 'none';
}
