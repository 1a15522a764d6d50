/** Which file of a version a Python would install. Pure. */
import { annotationsOf } from '../../oci/descriptor.js';
import { REQUIRES_PYTHON } from '../../pyoci/layout.js';
import { parseFileName } from '../../python/filename.js';
import { fits, parseSpecifiers } from '../../python/specifier.js';
import type { Version } from '../../python/version.js';
import type { IndexedFile } from '../version.js';

/** What a Python says of itself. */
export interface Target {
  readonly version: Version;
  /** `cp313-cp313-manylinux_2_17_x86_64`, the best first. */
  readonly tags: readonly string[];
}

/**
 * The wheel that an installer takes: the one with the best tag, of equals the one with the highest build number; the
 * sdist where no wheel fits. An entry that does not say which Python it requires fits all.
 */
export function fileFor<File extends IndexedFile>(files: readonly File[], target: Target): File | undefined {
  const allowed = files.filter((file) => allows(file, target.version));
  const ranks = new Map(target.tags.map((tag, rank) => [tag, rank]));
  const wheels = allowed.flatMap((file) => {
    const rank = Math.min(...tagsOf(file.served).map((tag) => ranks.get(tag) ?? Number.POSITIVE_INFINITY));
    return Number.isFinite(rank) ? [{ file, rank, build: buildOf(file.served) }] : [];
  });
  wheels.sort((one, other) => one.rank - other.rank || other.build - one.build);
  return wheels[0]?.file ?? allowed.find(({ served }) => parseFileName(served).kind === 'sdist');
}

function allows({ manifest }: IndexedFile, version: Version): boolean {
  const requires = annotationsOf(manifest)[REQUIRES_PYTHON];
  if (requires === undefined || requires.trim() === '') return true;
  try {
    return fits(parseSpecifiers(requires), version);
  } catch {
    // Installers judge such a one by METADATA.
    return true;
  }
}

/** Each tag of a compressed set: `py2.py3-none-any` is two. None for what is no wheel. */
function tagsOf(filename: string): readonly string[] {
  const parts = partsOf(filename);
  if (!parts) return [];
  const [pythons = [], abis = [], platforms = []] = parts.slice(-3).map((part) => part.split('.'));
  return pythons.flatMap((python) =>
    abis.flatMap((abi) => platforms.map((platform) => `${python}-${abi}-${platform}`.toLowerCase())),
  );
}

/** 0 without a build tag. */
function buildOf(filename: string): number {
  const parts = partsOf(filename);
  return parts?.length === 4 ? Number(/^[0-9]+/.exec(parts[0] ?? '')?.[0] ?? 0) : 0;
}

/** What stands behind name and version: a build tag, where there is one, and the three parts of the tags. */
function partsOf(filename: string): readonly string[] | undefined {
  const parsed = parseFileName(filename);
  return parsed.kind === 'wheel' ? parsed.architecture.slice(0, -'.whl'.length).split('-') : undefined;
}
