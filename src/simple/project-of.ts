/** What the indexes of a repository come to as one project: files that installers can use, under the names they have. */
import type { IndexedFile, StoredIndex } from '../catalog/version.js';
import { isDigest } from '../core/digest.js';
import { annotationsOf } from '../oci/descriptor.js';
import type { RepositoryName } from '../oci/reference.js';
import { entryFacts } from '../pyoci/entry-facts.js';
import { ANNOTATION } from '../pyoci/layout.js';
import { parseFileName } from '../python/filename.js';
import { compareVersions, parseVersion, type Version } from '../python/version.js';
import type { Project, ProjectFile } from './project.js';

/** Told once of everything that no installer can use: which tag or entry, and what is wrong with it. */
export type PassedOver = (what: string, why: string) => void;

/** What a manifest tells of a file whose entry says too little; by the manifest's digest. */
export type FileDigests = ReadonlyMap<string, string>;

const SHA256 = /^[0-9a-f]{64}$/;
/** RFC 3339, as annotations have it. */
const TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/**
 * @param name in normal form
 * @param learnt of files whose entries name no digest of their own
 */
export function projectOf(
  name: string,
  repository: RepositoryName,
  indexes: readonly StoredIndex[],
  learnt: FileDigests,
  passedOver: PassedOver,
): Project {
  const versions = indexes
    .flatMap((index) => {
      const version = index.kind === 'version' ? parseVersion(index.version) : undefined;
      if (!version)
        passedOver(`tag ${index.tag}`, 'it is no version, and its files have names that no installer knows');
      return version ? [{ version, index }] : [];
    })
    .sort((a, b) => compareVersions(b.version, a.version));
  const names = new Set<string>();
  const files = versions.flatMap(({ version, index }) => {
    const known = new Set<string>(index.files.map(({ manifest }) => manifest.digest));
    for (const { entry, why } of index.oddities) {
      if (!known.has(entry)) passedOver(`entry ${entry} of tag ${index.tag}`, why);
    }
    return index.files.flatMap((file) => {
      const made = fileOf(file, version, index, repository, learnt, passedOver);
      if (!made || names.has(made.filename)) return [];
      names.add(made.filename);
      return [made];
    });
  });
  const listed = new Set(files.map(({ version }) => version));
  const normal = [...new Set(versions.map(({ version }) => version.normal))];
  return { name, versions: normal.filter((version) => listed.has(version)), files };
}

/** Whether an entry names the digest of its file; if not, its manifest must be asked. */
export function namesDigest({ declared }: IndexedFile): boolean {
  return declared !== undefined && SHA256.test(declared);
}

function fileOf(
  file: IndexedFile,
  version: Version,
  index: StoredIndex,
  repository: RepositoryName,
  learnt: FileDigests,
  passedOver: PassedOver,
): ProjectFile | undefined {
  const { served: filename, manifest } = file;
  const said = annotationsOf(manifest);
  const what = `${filename} of tag ${index.tag}`;
  const { kind } = parseFileName(filename);
  if (kind !== 'wheel' && kind !== 'sdist') {
    passedOver(what, 'its name is that of no wheel and no sdist');
    return undefined;
  }
  const sha256 = namesDigest(file) ? file.declared : learnt.get(manifest.digest);
  if (sha256 === undefined || !isDigest(manifest.digest)) {
    passedOver(what, 'nothing says which bytes it has');
    return undefined;
  }
  const facts = entryFacts(manifest);
  return {
    filename,
    version: version.normal,
    sha256,
    size: facts.size,
    uploadTime: timeOf(said[ANNOTATION.created]),
    requiresPython: facts.requiresPython,
    coreMetadata: kind === 'wheel' ? (facts.coreMetadata ?? true) : undefined,
    yanked: yankedBy(index),
    repository,
    manifest: manifest.digest,
  };
}

/** The publisher's claim in the one form that the specification has; `undefined` if it is no time. */
function timeOf(text: string | undefined): string | undefined {
  if (text === undefined || !TIME.test(text)) return undefined;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}

/** The reason, `true` where none is given, `undefined` for what is not yanked. */
function yankedBy({ yanked }: StoredIndex): string | true | undefined {
  return yanked?.yanked ? yanked.reason || true : undefined;
}
