/** Which versions a set of specifiers takes, as pip and `packaging` have it: `>=1.2,<2`. */
import { UsageError } from '../core/errors.js';
import { specifiersFault } from './metadata/grammar/specifiers.js';
import { withoutSpace } from './metadata/grammar/white-space.js';
import { compareVersions, parseVersion, type Version } from './version.js';

type Operator = '===' | '==' | '~=' | '!=' | '<=' | '>=' | '<' | '>';

interface Clause {
  readonly operator: Operator;
  /** As written, without the operator. */
  readonly text: string;
}

/** A set of specifiers that was read. */
export interface Specifiers {
  /** As written. */
  readonly text: string;
  readonly clauses: readonly Clause[];
}

/** Takes every version. */
export const ANY_VERSION: Specifiers = { text: '', clauses: [] };

const CLAUSE = /^(===|==|~=|!=|<=|>=|<|>)(.*)$/s;

/**
 * @throws UsageError for an empty set, or one that pip or uv cannot read
 * @see https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
export function parseSpecifiers(text: string): Specifiers {
  const bare = withoutSpace(text);
  const wrong = (why: string, hint: string): UsageError =>
    new UsageError(`Cannot use "${text}" as a version specifier: ${why}`, { hint });
  if (bare === '') throw wrong('it is empty', 'write it as in ">=1.2,<2", or leave it out');
  const fault = specifiersFault(bare);
  if (fault) throw wrong(fault.cause, fault.cure ?? 'write it as in ">=1.2,<2"');
  const clauses = bare
    .split(',')
    .map(withoutSpace)
    .filter((clause) => clause !== '');
  return {
    text: bare,
    clauses: clauses.map((clause) => {
      const [, operator = '==', version = ''] = CLAUSE.exec(clause) ?? [];
      return { operator: operator as Operator, text: withoutSpace(version) };
    }),
  };
}

/**
 * Those that the set takes, the highest first.
 * @param versionOf what a candidate is a version of; candidates that are none fit nothing
 * @param preReleases by pip's rule: only where the set names one, or nothing else fits
 */
export function matching<T>(
  candidates: readonly T[],
  { clauses }: Specifiers,
  versionOf: (candidate: T) => Version | undefined,
  preReleases: 'as pip' | 'as others' = 'as pip',
): readonly T[] {
  const fitting = candidates
    .flatMap((candidate) => {
      const version = versionOf(candidate);
      return version && clauses.every((clause) => takes(clause, version)) ? [{ candidate, version }] : [];
    })
    .sort((one, other) => compareVersions(other.version, one.version));
  const finals =
    preReleases === 'as others' || clauses.some(namesPreRelease)
      ? []
      : fitting.filter(({ version }) => !isPreRelease(version));
  return (finals.length ? finals : fitting).map(({ candidate }) => candidate);
}

/** Whether the set takes a version, be it a pre-release or not. */
export function fits({ clauses }: Specifiers, version: Version): boolean {
  return clauses.every((clause) => takes(clause, version));
}

/** Whether a version is meant and no other, so that it is taken even where it was withdrawn. */
export function isPinned({ clauses }: Specifiers): boolean {
  return clauses.some(({ operator, text }) => (operator === '==' && !text.endsWith('.*')) || operator === '===');
}

export function isPreRelease({ normal }: Version): boolean {
  const { pre, dev } = partsOf(normal);
  return pre !== undefined || dev !== undefined;
}

function namesPreRelease({ operator, text }: Clause): boolean {
  const version = operator === '!=' ? undefined : parseVersion(text);
  return version !== undefined && isPreRelease(version);
}

function takes({ operator, text }: Clause, version: Version): boolean {
  if (operator === '===') return version.normal.toLowerCase() === text.toLowerCase();
  if (text.endsWith('.*')) return isBelow(version, text.slice(0, -2)) === (operator === '==');
  const wanted = parseVersion(text);
  if (!wanted) return false;
  const open = withoutLocal(version);
  switch (operator) {
    case '==':
      return isEqual(version, wanted);
    case '!=':
      return !isEqual(version, wanted);
    case '<=':
      return compare(open, wanted) <= 0;
    case '>=':
      return compare(open, wanted) >= 0;
    case '~=':
      return compare(open, wanted) >= 0 && isBelow(version, prefixOf(wanted));
    case '<':
      return compare(version, wanted) < 0 && (isPreRelease(wanted) || !isPreReleaseOf(version, wanted));
    case '>':
      return compare(version, wanted) > 0 && !isVariantOf(version, wanted);
  }
}

/** A wanted version without a local part takes those with one. */
function isEqual(version: Version, wanted: Version): boolean {
  return (wanted.normal.includes('+') ? version : withoutLocal(version)).key === wanted.key;
}

/** `2.0rc1` is not less than `2.0` to whoever asks for less than that, nor `2.0.post1.dev0` than `2.0.post1`. */
function isPreReleaseOf(version: Version, wanted: Version): boolean {
  const { dev, pre, post } = partsOf(version.normal);
  if (dev === undefined && pre === undefined) return false;
  const later = partsOf(wanted.normal).post === undefined ? undefined : post;
  return isVersion(version, { pre: later === undefined ? undefined : pre, post: later }, wanted);
}

/** `1.0.post1` and `1.0+cu12` are no later than `1.0` to whoever asks for more than `1.0`. */
function isVariantOf(version: Version, wanted: Version): boolean {
  const { pre, post, dev } = partsOf(version.normal);
  return isVersion(version, { pre, post, dev }, wanted) || isVersion(version, { pre }, wanted);
}

/** Whether a version with these of its suffixes alone would be the wanted one. */
function isVersion(version: Version, kept: Partial<Parts>, wanted: Version): boolean {
  const { epoch, release } = partsOf(version.normal);
  const { pre = '', post = '', dev = '' } = kept;
  return parseVersion(`${epoch}!${release.join('.')}${pre}${post}${dev}`)?.key === wanted.key;
}

/** Whether the release begins with these numbers; the ones it lacks are 0. */
function isBelow({ normal }: Version, prefix: string): boolean {
  const [version, wanted] = [partsOf(normal), partsOf(parseVersion(prefix)?.normal ?? '')];
  return version.epoch === wanted.epoch && wanted.release.every((part, at) => (version.release[at] ?? '0') === part);
}

/** What `~=` holds fast: all numbers of the release but the last. */
function prefixOf({ normal }: Version): string {
  const { epoch, release } = partsOf(normal);
  return `${epoch}!${release.slice(0, -1).join('.')}`;
}

function withoutLocal(version: Version): Version {
  const [open = ''] = version.normal.split('+', 1);
  return parseVersion(open) ?? version;
}

function compare(one: Version, other: Version): number {
  return one.key === other.key ? 0 : compareVersions(one, other);
}

/** A version in its parts, numbers as text. */
export interface Parts {
  readonly epoch: string;
  readonly release: readonly string[];
  readonly pre: string | undefined;
  readonly post: string | undefined;
  readonly dev: string | undefined;
  readonly local: string | undefined;
}

const PARTS =
  /^(?:(?<epoch>[0-9]+)!)?(?<release>[0-9.]+?)(?<pre>(?:a|b|rc)[0-9]+)?(?<post>\.post[0-9]+)?(?<dev>\.dev[0-9]+)?(?:\+(?<local>.*))?$/;

/** @param normal form of a version */
export function partsOf(normal: string): Parts {
  const { epoch = '0', release = '', pre, post, dev, local } = PARTS.exec(normal)?.groups ?? {};
  return { epoch, release: release.split('.'), pre, post, dev, local };
}
