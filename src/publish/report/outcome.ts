import type { Digest } from '../../core/digest.js';
import type { PublishError } from '../../core/errors.js';
import type { RepositoryName, Tag } from '../../oci/reference.js';

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
  readonly error: PublishError;
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
