/** Names of attachments beside their files. Pure. */
import { SUFFIXES, type Suffix } from '../../pyoci/attachment/kinds.js';
import { parseFileName } from '../../python/filename.js';

export interface BesideName {
  /** Name of the distribution that it lies beside, whether that is there or not. */
  readonly distribution: string;
  readonly suffix: Suffix;
}

/** A file named after a distribution, with a suffix that says what it is; `undefined` for all others. */
export function besideName(filename: string): BesideName | undefined {
  const suffix = SUFFIXES.find((candidate) => filename.endsWith(candidate));
  if (suffix === undefined) return undefined;
  const distribution = filename.slice(0, -suffix.length);
  return ['wheel', 'sdist'].includes(parseFileName(distribution).kind) ? { distribution, suffix } : undefined;
}

/** Whether what has this suffix says which bytes it is about, so that those must be known to check it. */
export function isSigned(suffix: Suffix): boolean {
  return suffix !== '.cdx.json' && suffix !== '.spdx.json';
}
