import { parseVersion } from '../python/version.js';
import { isVersionTag, versionOfTag } from './names.js';

/** What the name of a file may have been before PyOCI cut it. */
export interface TrueName {
  /** As the last part of its repository should be: `my_pkg`. */
  readonly project: string;
  /** As today's build backends write it: `my_pkg-1.0.tar.gz`. */
  readonly filename: string;
}

const SDIST = '.tar.gz';
const WHEEL = '.whl';
/** Characters; no file system takes a longer name. */
const LONGEST = 255;

/**
 * PyOCI takes what stands before the first dash of an uploaded file's name for the project, and what follows for the
 * version; later it reads each dash of a tag as "+". So `my-pkg-1.0.tar.gz`, as older backends write it, stands under
 * the tag `pkg-1.0`, in the repository of the project (`my_pkg`) or in that of the cut name (`my`), and `foo-1.0-1.tar.gz`
 * is served as version `1.0+1`. Here are all names that such a file may have had. Which of them is right only the
 * metadata in the file can tell.
 * @param repository last part of its name
 * @returns none that PyOCI itself would give; the likeliest first: those of the project whose repository this is
 */
export function trueNames(repository: string, tag: string, architecture: string): readonly TrueName[] {
  const sdist = architecture === SDIST;
  if ((!sdist && !architecture.endsWith(WHEEL)) || architecture.length > LONGEST) return [];
  const here = underscored(repository);
  // Of a wheel's name PyOCI cuts two parts off, so that what follows the version's place may be the version.
  const parts = (sdist ? tag : `${tag}-${architecture}`).split('-');
  const found = parts.flatMap((_, at): readonly TrueName[] => {
    const cut = underscored(parts.slice(0, at).join('-'));
    const rests = sdist ? sdistRests(parts.slice(at), at === 0) : wheelRests(parts.slice(at), at === 0);
    const projects = at === 0 ? [here] : here.endsWith(`_${cut}`) ? [here, `${here}_${cut}`] : [`${here}_${cut}`];
    return projects.flatMap((project) => rests.map((rest) => ({ project, filename: `${project}-${rest}` })));
  });
  const ours = found.filter(({ project }) => project === here);
  // What is a version as it stands is no reason to think of other projects.
  return isVersionTag(tag) ? ours : [...ours, ...found.filter(({ project }) => project !== here)];
}

/** What may follow the project in an sdist's name. @param whole nothing was cut off: read as PyOCI does, it is no news */
function sdistRests(parts: readonly string[], whole: boolean): readonly string[] {
  const text = parts.join('-');
  const read = whole ? undefined : parseVersion(versionOfTag(text))?.spelled;
  const dashed = parts.length > 1 ? parseVersion(text)?.normal : undefined;
  return [read, dashed].filter((version) => version !== undefined).map((version) => `${version}${SDIST}`);
}

function wheelRests(parts: readonly string[], whole: boolean): readonly string[] {
  const [version = ''] = parts;
  return !whole && parseVersion(version) ? [parts.join('-')] : [];
}

function underscored(name: string): string {
  return name.replace(/[-_.]+/g, '_').toLowerCase();
}
