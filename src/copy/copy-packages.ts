/** Copies packages: which versions there are, which of them are meant, and each of these. */
import { UserError } from '../core/errors.js';
import { Lane } from '../core/lane.js';
import { isTag, type Tag } from '../oci/reference.js';
import type { Repository } from '../oci/store.js';
import { isVersionTag, versionOfTag } from '../pyoci/names.js';
import { type CopyChoice, type CopyPorts, copyVersion, NoVersionError } from './copy-version.js';
import type { CopyOutcome, CopyReport, FailedCopy, PassedOver, VersionPlaces } from './outcome.js';
import { selected } from './selection.js';

/** A repository, and what it is called where people read of it. */
export interface NamedRepository {
  readonly repository: Repository;
  /** `ghcr.io/octo-org/my_package` */
  readonly image: string;
}

/** A package at both ends. */
export interface PackagePlaces {
  readonly source: NamedRepository;
  readonly destination: NamedRepository;
  /** Whether both are in one store, which lends blobs from one repository to another. */
  readonly sameStore: boolean;
  /** The only version that is meant, where it was named; the selection does not count for it. */
  readonly tag: Tag | undefined;
}

/** Versions dealt with at a time: most of them wait for the index to hold still. */
const VERSIONS = 32;
/** Small requests in flight, and blobs dealt with: no more than 32 requests to one place. */
const [ASKING, UNDERWAY] = [16, 16];

type Told =
  | { readonly kind: 'done'; readonly outcome: CopyOutcome }
  | { readonly kind: 'failed'; readonly failure: FailedCopy }
  | { readonly kind: 'passed over'; readonly passed: PassedOver }
  | { readonly kind: 'left out' };

/**
 * Copies packages. One version that fails does not keep the others from being copied.
 * @param concurrency transfers of bytes in flight
 */
export async function copyPackages(
  packages: readonly PackagePlaces[],
  choice: CopyChoice,
  concurrency: number,
  ports: CopyPorts,
): Promise<CopyReport> {
  const lanes = {
    asking: new Lane(ASKING),
    underway: new Lane(UNDERWAY),
    sending: new Lane(Math.min(concurrency, UNDERWAY)),
  };
  const versions = new Lane(VERSIONS);
  ports.progress.start(0, 0);
  const told: readonly (readonly Told[])[] = await Promise.all(
    packages.map(async (places) => {
      const found = await lanes.asking
        .run(() => tagsOf(places, choice, ports))
        .catch((error: unknown) => failureOf(places, error));
      if (!('tags' in found)) return [found];
      const copies = found.tags.map((tag) =>
        versions.run(() => copyOne(at(places, tag), places, choice, lanes, ports)),
      );
      return [...found.passed, ...(await Promise.all(copies))];
    }),
  );
  ports.progress.end();
  ports.signal.throwIfAborted();
  const all = told.flat();
  return {
    dryRun: choice.dryRun,
    versions: all.flatMap((one) => (one.kind === 'done' ? [one.outcome] : [])),
    failed: all.flatMap((one) => (one.kind === 'failed' ? [one.failure] : [])),
    passedOver: all.flatMap((one) => (one.kind === 'passed over' ? [one.passed] : [])),
  };
}

async function tagsOf(
  { source, tag }: PackagePlaces,
  { selection }: CopyChoice,
  { signal }: CopyPorts,
): Promise<{ readonly tags: readonly Tag[]; readonly passed: readonly Told[] }> {
  if (tag !== undefined) return { tags: [tag], passed: [] };
  const tags = await source.repository.tags({ signal });
  if (!tags.length) throw nothingAt(source.image);
  const versions = tags.filter((one): one is Tag => isTag(one) && isVersionTag(one));
  const others = tags.filter((one) => !versions.some((version) => version === one));
  const passed = others.map(
    (one): Told => ({
      kind: 'passed over',
      passed: { source: `${source.image}:${one}`, why: 'the tag is no version' },
    }),
  );
  return { tags: selected(versions, selection, versionOfTag), passed };
}

async function copyOne(
  version: VersionPlaces,
  { tag }: PackagePlaces,
  choice: CopyChoice,
  lanes: Parameters<typeof copyVersion>[2],
  ports: CopyPorts,
): Promise<Told> {
  const all = tag === undefined ? choice : { ...choice, selection: { ...choice.selection, since: undefined } };
  try {
    ports.signal.throwIfAborted();
    const outcome = await copyVersion(version, all, lanes, ports);
    return outcome ? { kind: 'done', outcome } : { kind: 'left out' };
  } catch (error) {
    const source = version.source.image;
    if (error instanceof NoVersionError && tag === undefined) {
      return { kind: 'passed over', passed: { source, why: 'the tag holds no Python package' } };
    }
    return { kind: 'failed', failure: { source, destination: version.destination.image, error } };
  }
}

function at({ source, destination, sameStore }: PackagePlaces, tag: Tag): VersionPlaces {
  const versionAt = ({ repository, image }: NamedRepository) => ({ repository, tag, image: `${image}:${tag}` });
  return { source: versionAt(source), destination: versionAt(destination), sameStore };
}

function nothingAt(image: string): UserError {
  return new UserError(`Cannot copy ${image}: there is nothing under this name`, {
    hint: `check the spelling; if it is a namespace, write a slash behind it: ${image}/`,
  });
}

function failureOf({ source, destination }: PackagePlaces, error: unknown): Told {
  return { kind: 'failed', failure: { source: source.image, destination: destination.image, error } };
}
