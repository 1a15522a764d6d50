/** What sorts versions for retention: their class, and the release line they belong to. */
import { partsOf } from '../python/specifier.js';
import type { Version } from '../python/version.js';

/** In the order of tables and help. */
export const CLASSES = ['dev', 'pre', 'local', 'final'] as const;

/**
 * Every version is in one of them: `dev` has a `.devN`; `pre` an `aN`, `bN` or `rcN` and no `.devN`; `local` neither, but
 * a part behind `+`; the rest is `final`, post-releases included.
 */
export type Class = (typeof CLASSES)[number];

/** What the newest are counted in: all of a class together, or each release line for itself. */
export const LINES = ['major', 'minor', 'release'] as const;
export type Per = (typeof LINES)[number];

export function classOf({ normal }: Version): Class {
  const { dev, pre, local } = partsOf(normal);
  if (dev !== undefined) return 'dev';
  if (pre !== undefined) return 'pre';
  return local === undefined ? 'final' : 'local';
}

const NUMBERS: Readonly<Record<Exclude<Per, 'release'>, number>> = { major: 1, minor: 2 };

/** The release line of a version: `2`, `2.1` or `2.1.0`, the same for equal ones. Numbers that it lacks are 0. */
export function lineOf({ normal }: Version, per: Per): string {
  const { epoch, release } = partsOf(normal);
  const numbers =
    per === 'release' ? withoutZeros(release) : Array.from({ length: NUMBERS[per] }, (_, at) => release[at] ?? '0');
  return `${epoch === '0' ? '' : `${epoch}!`}${numbers.join('.')}`;
}

function withoutZeros(release: readonly string[]): readonly string[] {
  const last = release.findLastIndex((part) => part !== '0');
  return release.slice(0, Math.max(last, 0) + 1);
}
