import { quoted } from './archive/archive-error.js';
import { normalName } from './name.js';
import { type Problem, refusal } from './problem.js';
import { parseVersion, type Version } from './version.js';

/** What the name of a file says about what is in it. */
export type FileName = WheelName | SdistName | Malformed | Other;

/** @see https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention */
export interface WheelName {
  readonly kind: 'wheel';
  /** As spelled. */
  readonly name: string;
  readonly version: Version;
  /** All that follows `name-version-`, build tag and `.whl` included, byte for byte. */
  readonly architecture: string;
}

/** @see https://packaging.python.org/en/latest/specifications/source-distribution-format/#source-distribution-file-name */
export interface SdistName {
  readonly kind: 'sdist';
  /**
   * Each way to read the name, at least one. Today's backends write a single dash; `foo-2-1.0.tar.gz` of older ones may
   * be version 2-1.0 of `foo` or 1.0 of `foo-2`, which only the metadata can tell.
   */
  readonly splits: readonly NameSplit[];
}

export interface NameSplit {
  /** As spelled. */
  readonly name: string;
  readonly version: Version;
}

/** It looks like a distribution and is none. */
export interface Malformed {
  readonly kind: 'malformed';
  readonly finding: Problem;
}

/** It does not claim to be a distribution. */
export interface Other {
  readonly kind: 'other';
}

const WHEEL = '.whl';
const SDIST = '.tar.gz';
const LOOKALIKE = /\.(?:whl|zip|egg|tar|tar\.[a-z0-9]+|tgz|tbz2?|txz|tlz|tzst)\s*$/i;
const BUILD = /^[0-9][A-Za-z0-9_.]*$/;
const DIGITS = /^[0-9]+/;
/** uv holds the number of a build tag in 64 bits. */
const LARGEST_BUILD = 2n ** 64n - 1n;
const TAGS = /^[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*$/;

/** @param filename without folders */
export function parseFileName(filename: string): FileName {
  if (!LOOKALIKE.test(filename)) return { kind: 'other' };
  const odd = /[^A-Za-z0-9._+!-]/u.exec(filename)?.[0];
  if (odd !== undefined) return malformed(`its name holds ${quoted(odd)}, which no distribution has`, ODD_HINT);
  if (filename.endsWith(WHEEL)) return parseWheelName(filename);
  if (filename.endsWith(SDIST)) return parseSdistName(filename);
  return malformed(...lookalike(filename));
}

function parseWheelName(filename: string): WheelName | Malformed {
  const parts = filename.slice(0, -WHEEL.length).split('-');
  if (parts.length !== 5 && parts.length !== 6) {
    return badWheel(`its name must have 4 dashes, or 5 with a build tag, and has ${parts.length - 1}`);
  }
  const [name = '', spelled = '', ...rest] = parts;
  const build = parts.length === 6 ? rest[0] : undefined;
  const version = parseVersion(spelled);
  if (normalName(name) === undefined) return badWheel(`its name begins with ${quoted(name)}, no legal project name`);
  if (name.includes('__')) {
    const right = `${name.replace(/_{2,}/g, '_')}${filename.slice(name.length)}`;
    return malformed(
      `its name begins with ${quoted(name)}: pip refuses the two underscores in a row`,
      `build it again with a current build backend, which names it ${right}: python -m build --wheel`,
    );
  }
  if (version === undefined) return badWheel(`its name has ${quoted(spelled)} where the version belongs`);
  if (build !== undefined && !BUILD.test(build)) {
    return badWheel(`its name has ${quoted(build)} as build tag, which must begin with a digit`);
  }
  if (build !== undefined && BigInt(build.match(DIGITS)?.[0] ?? 0) > LARGEST_BUILD) {
    return malformed(
      `its name has the build tag ${quoted(build)}, refused by uv: its number is too large for it`,
      'take the wheel as it was built, and give it a build tag of 19 digits or fewer: python -m wheel tags --build 1',
    );
  }
  const tag = rest.slice(-3).find((set) => !TAGS.test(set));
  if (tag !== undefined) return badWheel(`its name has ${quoted(tag)} where a Python, ABI or platform tag belongs`);
  return { kind: 'wheel', name, version, architecture: `${rest.join('-')}${WHEEL}` };
}

function parseSdistName(filename: string): SdistName | Malformed {
  const parts = filename.slice(0, -SDIST.length).split('-');
  const splits = parts.slice(1).flatMap((_, index): readonly NameSplit[] => {
    const name = parts.slice(0, index + 1).join('-');
    const version = parseVersion(parts.slice(index + 1).join('-'));
    return version !== undefined && normalName(name) !== undefined ? [{ name, version }] : [];
  });
  if (splits.length) return { kind: 'sdist', splits };
  return malformed(
    'its name is not a project name, a dash and a version before .tar.gz',
    `let a build backend name it (python -m build --sdist); if it is no sdist, leave it out with the pattern !**/${filename}`,
  );
}

const ODD_HINT = 'give the file back the name it was built with, as a browser or a URL may have changed it';

function badWheel(message: string): Malformed {
  return malformed(
    message,
    'a wheel is named name-version-python-abi-platform.whl: publish it under the name it was built with',
  );
}

/** What to do instead, by the extension. */
function lookalike(filename: string): [message: string, hint: string] {
  const small = filename.toLowerCase();
  const right = [WHEEL, SDIST].find((extension) => small.endsWith(extension));
  if (right !== undefined) {
    const name = `${filename.slice(0, -right.length)}${right}`;
    return [`its extension is not in lower case, so pip does not know it`, `rename it to ${name}`];
  }
  if (small.endsWith('.egg'))
    return ['it is an egg, which pip no longer installs', 'build a wheel: python -m build --wheel'];
  const extension = LOOKALIKE.exec(filename)?.[0] ?? '';
  return [
    `it is a ${extension} archive, and PyOCI serves sdists as .tar.gz only`,
    `build the sdist as .tar.gz (python -m build --sdist), or leave the file out with the pattern !**/*${extension}`,
  ];
}

function malformed(message: string, hint: string): Malformed {
  return { kind: 'malformed', finding: refusal(message, hint) };
}
