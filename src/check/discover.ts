/** What of the files that patterns matched is to be published. Pure: paths in, paths out. */
import { posix } from 'node:path';
import type { FileProblem } from '../core/errors.js';
import { byText } from '../core/order.js';
import { parseFileName } from '../python/filename.js';
import { besideName } from './attachments/beside-name.js';

export interface Discovery {
  /** Each once, in the order they came. */
  readonly distributions: readonly string[];
  /** Files that are named after a distribution, which may be here or not; each once, in the order they came. */
  readonly attachments: readonly string[];
  /** Files that look like distributions and are none. */
  readonly problems: readonly FileProblem[];
  /** Files that nobody takes for distributions; worth one notice. */
  readonly passedOver: readonly string[];
}

/** What build tools and signers leave beside distributions; not worth a word. */
const QUIET = /^\.gitignore$|\.asc$/;

/** @param paths with `/` between their parts; the same path may come more than once */
export function discover(paths: readonly string[]): Discovery {
  const distributions: string[] = [];
  const attachments: string[] = [];
  const problems: FileProblem[] = [];
  const passedOver: string[] = [];
  for (const path of new Set(paths)) {
    const filename = posix.basename(path);
    const name = parseFileName(filename);
    if (name.kind === 'malformed') problems.push({ ...name.finding, file: path });
    else if (name.kind !== 'other') distributions.push(path);
    else if (besideName(filename)) attachments.push(path);
    else if (!QUIET.test(filename)) passedOver.push(path);
  }
  return { distributions, attachments, problems, passedOver };
}

/** What lies beside distributions under their names. */
export interface Neighbours {
  /** Their suffix says what they are. */
  readonly attachments: readonly string[];
  /** Their suffix says nothing to us; worth one notice. */
  readonly unknown: readonly string[];
}

/** @param siblings paths of files in the folders of the distributions, with `/` between their parts */
export function neighboursOf(distributions: readonly string[], siblings: readonly string[]): Neighbours {
  const homes = new Set(distributions);
  const found = siblings.filter((path) => startsOf(path).some((start) => homes.has(start)));
  const isKnown = (path: string): boolean => besideName(posix.basename(path)) !== undefined;
  return {
    attachments: found.filter(isKnown),
    unknown: found.filter((path) => !isKnown(path) && !QUIET.test(path)),
  };
}

/** What stands before each dot of a path: of `a.whl.cdx.json` these are `a`, `a.whl` and `a.whl.cdx`. */
function startsOf(path: string): readonly string[] {
  return [...path.matchAll(/\./g)].map(({ index }) => path.slice(0, index));
}

/** More patterns than this are no help. */
const MOST_PATTERNS = 4;

/**
 * What to say when nothing was matched: where distributions do lie, and the pattern that matches them.
 * @param paths all files of a deeper look, with `/` between their parts
 * @returns `undefined` if there are no distributions among them
 */
export function deeperHint(paths: readonly string[]): string | undefined {
  const found = discover(paths).distributions;
  const [first] = found;
  if (first === undefined) return undefined;
  const patterns = [...new Set(found.map((path) => patternOf(path)))].sort(byText);
  const told = patterns.length > MOST_PATTERNS ? anyDepth(found) : patterns;
  const count = found.length === 1 ? 'one distribution lies' : `${found.length} distributions lie`;
  return `${count} elsewhere, ${first} for one; to publish from there set \`files\` to ${told.join(' and ')}`;
}

/**
 * The last folder is left open: download-artifact makes one for each artifact, named after it. A folder that stands
 * alone is named, unless its name is a distribution's.
 */
function patternOf(path: string): string {
  const folders = posix.dirname(path).split('/');
  const last = folders.at(-1) ?? '';
  const open = folders.filter((folder) => folder !== '' && folder !== '.').length > 1 || isDistribution(last);
  const where = open ? [...folders.slice(0, -1), '*'] : folders;
  return posix.join(...where.map((folder) => (folder === '' ? '/' : folder)), `*${extensionOf(path)}`);
}

function anyDepth(paths: readonly string[]): readonly string[] {
  const [first = [], ...others] = paths.map((path) => posix.dirname(path).split('/'));
  const end = first.findIndex((folder, at) => others.some((other) => other[at] !== folder));
  const common = first.slice(0, end < 0 ? first.length : end).join('/');
  const extensions = [...new Set(paths.map(extensionOf))].sort(byText);
  return extensions.map((extension) => [...(common === '' ? [] : [common]), '**', `*${extension}`].join('/'));
}

function isDistribution(filename: string): boolean {
  return ['wheel', 'sdist'].includes(parseFileName(filename).kind);
}

function extensionOf(path: string): string {
  return path.endsWith('.whl') ? '.whl' : '.tar.gz';
}
