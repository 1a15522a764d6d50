/** Files of one run that would take the same place: project, tag and architecture. */
import { digestOfSource } from '../core/digest.js';
import type { FileProblem } from '../core/errors.js';
import { groupedBy } from '../core/grouped.js';
import type { Distribution } from '../python/distribution.js';

/** The files without those that another one stands for: the first of each place, which all have its bytes. */
export function withoutTwins(files: readonly Distribution[]): readonly Distribution[] {
  return [...places(files).values()].map(([first]) => first);
}

/** An error for each file whose place another one takes with other bytes. Reads those that share a place, no others. */
export async function differingTwins(
  files: readonly Distribution[],
  signal: AbortSignal,
): Promise<readonly FileProblem[]> {
  const problems: FileProblem[] = [];
  for (const [first, ...others] of places(files).values()) {
    if (others.length === 0) continue;
    const expected = await digestOfSource(first.bytes, signal);
    for (const { path, bytes } of others) {
      const digest = await digestOfSource(bytes, signal);
      if (digest === expected) continue;
      const message = `it would be published in the place of ${first.path}, which has other bytes: ${digest} here, ${expected} there`;
      problems.push({ severity: 'error', file: path, message, hint: 'publish one of the two, leave the other out' });
    }
  }
  return problems;
}

function places(files: readonly Distribution[]): ReadonlyMap<string, readonly [Distribution, ...Distribution[]]> {
  return groupedBy(files, ({ project, version, architecture }) => [project, version.spelled, architecture].join(' '));
}
