/** What a job came to, version by version and file by file. Plain data, and how it is made of what was planned. */
import type { Digest } from '../../core/digest.js';
import type { UserError } from '../../core/errors.js';
import type { RepositoryName, Tag } from '../../oci/reference.js';
import { servedName } from '../../pyoci/names.js';
import type { IndexEntry } from '../../pyoci/version-index.js';
import type { Distribution } from '../../python/distribution.js';
import type { FileKeep } from '../plan/plan.js';
import type { Publication } from '../publication.js';

export type FileStatus = 'published' | 'unchanged' | 'replaced' | 'skipped' | 'planned';

export interface FileOutcome {
  /** Base name. */
  readonly file: string;
  /** As the user knows it. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** 64 hex characters, of the file on disk. */
  readonly sha256: string;
  /** The image manifest that stands for the file in the index, whoever wrote it; for a planned file, that would. */
  readonly manifest: Digest;
  readonly status: FileStatus;
}

/** One file of a version as it now stands in the tag, whoever published it. */
export interface ListedFile {
  readonly architecture: string;
  /** The name PyOCI serves it under. */
  readonly file: string;
  readonly sha256: string | undefined;
  readonly manifest: Digest;
}

export interface VersionIdentity {
  /** Normal form: `zope-interface`. */
  readonly name: string;
  /** As spelled in the file names. */
  readonly version: string;
  readonly repository: RepositoryName;
  readonly tag: Tag;
  /** `ghcr.io/owner/name:tag`; `owner/name:tag` in a folder. */
  readonly image: string;
}

export interface PublishedVersion extends VersionIdentity {
  readonly ok: true;
  /** Of the index as it was last read. `undefined` only in a dry run of a version that does not exist yet. */
  readonly digest: Digest | undefined;
  readonly files: readonly FileOutcome[];
  /** The whole version as it now stands. */
  readonly listed: readonly ListedFile[];
  /** How this version was protected against other writers, one sentence. */
  readonly protection: string | undefined;
}

export interface FailedVersion extends VersionIdentity {
  readonly ok: false;
  readonly error: UserError;
  /** Names of the files that were meant to be published. */
  readonly filenames: readonly string[];
}

export type VersionOutcome = PublishedVersion | FailedVersion;

/** What the job came to, versions sorted by name and version. */
export interface Outcome {
  readonly dryRun: boolean;
  readonly versions: readonly VersionOutcome[];
  /** Each once; already logged. */
  readonly warnings: readonly string[];
}

export function identityOf({ project, version, repository, tag, image }: Publication): VersionIdentity {
  return { name: project, version: version.spelled, repository: repository.name, tag, image };
}

/** @param entry what stands for the file in the index */
export function fileOutcome(file: Distribution, sha256: string, entry: IndexEntry, status: FileStatus): FileOutcome {
  const manifest = entry.descriptor.digest;
  return { file: file.filename, path: file.path, size: file.bytes.size, sha256, manifest, status };
}

/** Of a file that stays as it is published. */
export function keptOutcome({ decision, file, sha256, entry }: FileKeep): FileOutcome {
  return fileOutcome(file, sha256, entry, decision === 'skip' ? 'skipped' : 'unchanged');
}

export function listedFile({ project, tag }: Publication, entry: IndexEntry): ListedFile {
  const { architecture, sha256, descriptor } = entry;
  return { architecture, file: servedName(project, tag, architecture), sha256, manifest: descriptor.digest };
}
