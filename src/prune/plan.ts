/** Decides for each version of a package whether it goes or stays, and by which rule. Pure. */
import type { Digest } from '../core/digest.js';
import { UserError } from '../core/errors.js';
import { groupedBy } from '../core/grouped.js';
import { compareVersions, type Version } from '../python/version.js';
import { CLASSES, type Class, classOf, lineOf } from './classes.js';
import type { Rules } from './rules.js';

/** A version as its tag names it. */
export interface HeldVersion {
  readonly tag: string;
  readonly version: Version;
  /** Of its index. Tags that share one go together, or not at all. */
  readonly digest: Digest;
  /** Milliseconds since the epoch; `undefined` if nobody says. */
  readonly created: number | undefined;
}

/** What becomes of a version. */
export interface Fate extends HeldVersion {
  readonly class: Class;
  readonly goes: boolean;
  /** The rule that decided. */
  readonly why: string;
}

/** A tag that is no version of ours. It stays. */
export interface OtherTag {
  readonly tag: string;
  readonly digest: Digest;
  /** `it holds no Python package`. */
  readonly why: string;
}

/**
 * The highest version first.
 * @param others tags that stay; a version that shares its index with one stays as well
 * @param now milliseconds since the epoch
 */
export function planPrune(
  held: readonly HeldVersion[],
  others: readonly OtherTag[],
  rules: Rules,
  now: number,
): readonly Fate[] {
  const sorted = [...held].sort(newestFirst);
  const newest = newestOf(sorted, rules);
  const single = sorted.map((one) => fateOf(one, newest, rules, now));
  const holders = new Map<Digest, string>(others.map(({ digest, tag }) => [digest, `the tag ${tag}`]));
  for (const { digest, tag, goes } of single) if (!goes && !holders.has(digest)) holders.set(digest, tag);
  return single.map((fate) => {
    const holder = holders.get(fate.digest);
    return fate.goes && holder !== undefined ? { ...fate, goes: false, why: `shares its index with ${holder}` } : fate;
  });
}

/**
 * @param image the package as its user knows it
 * @param spelled how the user gives a rule: `option --even-all`
 * @throws UserError if a plan takes every version, or the newest final, and the rules do not say that it may
 */
export function checkPlan(
  fates: readonly Fate[],
  { evenAll }: Rules,
  image: string,
  spelled: (name: 'keep-last' | 'even-all') => string,
): void {
  const going = fates.filter(({ goes }) => goes);
  if (evenAll || !going.length) return;
  if (going.length === fates.length) {
    const which = fates.length === 1 ? 'its only version' : `all of its ${fates.length} versions`;
    throw new UserError(`Cannot prune ${image}: the rules take ${which}`, {
      hint: `keep some with ${spelled('keep-last')}; if all are to go, give ${spelled('even-all')}`,
    });
  }
  const newest = fates.find((fate) => fate.class === 'final');
  if (newest?.goes) {
    throw new UserError(`Cannot prune ${image}: the rules take its newest final version, ${newest.version.normal}`, {
      hint: `keep some with ${spelled('keep-last')}; if this one is to go, give ${spelled('even-all')}`,
    });
  }
}

function fateOf(one: HeldVersion, newest: ReadonlyMap<string, ReadonlySet<Digest>>, rules: Rules, now: number): Fate {
  const own = classOf(one.version);
  const fate = (goes: boolean, why: string): Fate => ({ ...one, class: own, goes, why });
  const { keepLast, olderThan, keep } = rules;
  const kept = keep.find(({ keeps }) => keeps(one.version, one.tag));
  if (kept) return fate(false, `kept by "${kept.text}"`);
  if (!rules.classes.includes(own)) return fate(false, `no rule is for ${own} versions`);
  const line = rules.per === undefined ? '' : ` of ${lineOf(one.version, rules.per)}`;
  const reasons: string[] = [];
  if (keepLast !== undefined) {
    const what = keepLast === 1 ? `the newest ${own}` : `the ${keepLast} newest ${own}`;
    if (newest.get(groupOf(one, rules))?.has(one.digest)) return fate(false, `among ${what}${line}`);
    reasons.push(keepLast === 0 ? `${own}${line}` : `not among ${what}${line}`);
  }
  if (olderThan) {
    if (one.created === undefined) return fate(false, 'its age is not known');
    if (now - one.created <= olderThan.milliseconds) return fate(false, `not older than ${olderThan.text}`);
    reasons.push(`older than ${olderThan.text}`);
  }
  return reasons.length ? fate(true, reasons.join(', ')) : fate(false, 'no rule takes it');
}

/** The indexes of the newest versions, by class and line. Two tags of one index count once. */
function newestOf(sorted: readonly HeldVersion[], rules: Rules): ReadonlyMap<string, ReadonlySet<Digest>> {
  const groups = groupedBy(sorted, (one) => groupOf(one, rules));
  return new Map(
    [...groups].map(([group, members]) => {
      const digests = [...new Set(members.map(({ digest }) => digest))];
      return [group, new Set(digests.slice(0, rules.keepLast ?? 0))];
    }),
  );
}

function groupOf({ version }: HeldVersion, { per }: Rules): string {
  return `${classOf(version)} ${per === undefined ? '' : lineOf(version, per)}`;
}

/**
 * The higher version first. Builds of one version that differ only behind the `+` have no order of their own, as with
 * commits there: the later one first.
 */
function newestFirst(one: HeldVersion, other: HeldVersion): number {
  const open = ({ key }: Version): string => key.split('+', 1)[0] ?? key;
  if (classOf(one.version) === 'dev' && open(one.version) === open(other.version)) {
    const later = (other.created ?? 0) - (one.created ?? 0);
    if (later !== 0) return later;
  }
  return compareVersions(other.version, one.version) || (one.tag < other.tag ? -1 : 1);
}

/** How many there are of each class, and how many go. */
export function counts(fates: readonly Fate[]): readonly { class: Class; all: number; go: number }[] {
  return CLASSES.map((name) => {
    const own = fates.filter((fate) => fate.class === name);
    return { class: name, all: own.length, go: own.filter(({ goes }) => goes).length };
  }).filter(({ all }) => all > 0);
}
