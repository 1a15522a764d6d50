import { compare } from '@renovatebot/pep440';
import { VERSION_PATTERN } from '@renovatebot/pep440/lib/version.js';
import { byText } from '../core/order.js';

/** A PEP 440 version. */
export interface Version {
  /** As the file name or the metadata has it. */
  readonly spelled: string;
  /** Normal form (PEP 440, "Normalization"): `1.0rc1`. Trailing zeros stay. */
  readonly normal: string;
  /** The same text for equal versions (`1.0`, `1.0.0`, `v1.0`), another for all others. */
  readonly key: string;
}

/** Without the flag `u`, with which `i` would take U+017F for an `s`. */
const VERSION = new RegExp(`^${VERSION_PATTERN}$`, 'i');
/** No file name holds a longer one; the pattern is not let loose on whole megabytes. */
const LONGEST = 1_024;

const SHORT = new Map([
  ['alpha', 'a'],
  ['beta', 'b'],
  ['c', 'rc'],
  ['pre', 'rc'],
  ['preview', 'rc'],
]);

/**
 * Reads a version in any legal spelling. White space around it is not part of the spelling.
 *
 * The library knows the grammar. Its values are not used: they are floating-point numbers, which confuses versions
 * made of long dates and commits (`1.0+0123e4` is not `1.0+1230000`).
 *
 * @returns `undefined` if `text` is no version, or has more than 1,024 characters
 * @see https://packaging.python.org/en/latest/specifications/version-specifiers/#normalization
 */
export function parseVersion(text: string): Version | undefined {
  if (text.length > LONGEST) return undefined;
  const spelled = text.replace(/^[\t-\r ]+|[\t-\r ]+$/g, '');
  const parts = VERSION.exec(spelled)?.groups;
  if (!parts) return undefined;

  const epoch = number(parts.epoch ?? '');
  const release = (parts.release ?? '').split('.').map(number);
  const tail = `${preRelease(parts)}${postRelease(parts)}${devRelease(parts)}${local(parts)}`;
  const head = epoch === '0' ? '' : `${epoch}!`;
  return {
    spelled,
    normal: `${head}${release.join('.')}${tail}`,
    key: `${head}${withoutZeros(release).join('.')}${tail}`,
  };
}

/** What uv, which holds numbers in 64 bits, takes as the largest number of a version. */
const LARGEST = 18_446_744_073_709_551_614n;

/** The first number of a version that uv cannot read. Those of the local part may be of any size. */
export function hugeNumber({ normal }: Version): string | undefined {
  const [publicPart = ''] = normal.split('+', 1);
  return publicPart.match(/[0-9]+/g)?.find((digits) => digits.length > 20 || BigInt(digits) > LARGEST);
}

/** Lower versions first; equal ones in the order of their spelling. */
export function compareVersions(one: Version, other: Version): number {
  // Numbers beyond 2^53 may look alike to the library. They only decide an order of lines here.
  return compare(one.normal, other.normal) || byText(one.normal, other.normal) || byText(one.spelled, other.spelled);
}

type Parts = Readonly<Record<string, string | undefined>>;

function preRelease({ pre_l, pre_n }: Parts): string {
  if (pre_l === undefined) return '';
  const word = pre_l.toLowerCase();
  return `${SHORT.get(word) ?? word}${number(pre_n ?? '')}`;
}

function postRelease({ post, post_n1, post_n2 }: Parts): string {
  return post === undefined ? '' : `.post${number(post_n1 ?? post_n2 ?? '')}`;
}

function devRelease({ dev, dev_n }: Parts): string {
  return dev === undefined ? '' : `.dev${number(dev_n ?? '')}`;
}

function local({ local: text }: Parts): string {
  if (text === undefined) return '';
  const parts = text.toLowerCase().split(/[-_.]/);
  return `+${parts.map((part) => (/^[0-9]+$/.test(part) ? number(part) : part)).join('.')}`;
}

/** Digits without leading zeros, kept as text since they may be more than a number holds. None at all count as 0. */
function number(digits: string): string {
  return digits.replace(/^0+/, '') || '0';
}

function withoutZeros(release: readonly string[]): readonly string[] {
  const last = release.findLastIndex((part) => part !== '0');
  return release.slice(0, Math.max(last, 0) + 1);
}
