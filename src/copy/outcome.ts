/** What became of each version that was to be copied. */
import type { Digest } from '../core/digest.js';
import type { Tag } from '../oci/reference.js';
import type { Repository } from '../oci/store.js';
import { attachmentName, servedName } from '../pyoci/names.js';
import { type IndexEntry, isFile } from '../pyoci/version-index.js';
import type { TaggedVersion } from '../release/merge/writer.js';
import type { Brought } from './content.js';
import type { Decision, EntryPlan } from './entry-plan.js';

/** A version at both ends, whose tags are the same. */
export interface VersionPlaces {
  readonly source: TaggedVersion;
  readonly destination: TaggedVersion;
  /** Whether both are in one store, which lends blobs from one repository to another. */
  readonly sameStore: boolean;
}

/**
 * `copied`: it is listed at the destination now, or more of it than before. `repaired`: it was listed, and something of
 * its content was gone.
 */
export type CopyStatus = 'copied' | 'repaired' | 'unchanged';

export interface CopiedEntry {
  /** A name by which people know it: `my_package-1.0-py3-none-any.whl`. */
  readonly name: string;
  readonly kind: 'file' | 'attachment';
  /** Digest of its image manifest. */
  readonly manifest: Digest;
  /** 64 hex characters, as the source's index has it. */
  readonly sha256: string | undefined;
  readonly decision: Decision;
}

export interface CopyOutcome {
  /** As their user knows them: `ghcr.io/octo-org/staging/my_package:1.0`. */
  readonly source: string;
  readonly destination: string;
  readonly status: CopyStatus;
  /** Of the index at the destination; `undefined` if there is none. */
  readonly digest: Digest | undefined;
  readonly entries: readonly CopiedEntry[];
  readonly brought: Brought;
}

/** A version that was not copied, and why. */
export interface FailedCopy {
  readonly source: string;
  readonly destination: string;
  readonly error: unknown;
}

/** A tag that was not looked for by name, and holds no version. */
export interface PassedOver {
  readonly source: string;
  readonly why: string;
}

export interface CopyReport {
  readonly dryRun: boolean;
  readonly versions: readonly CopyOutcome[];
  readonly failed: readonly FailedCopy[];
  readonly passedOver: readonly PassedOver[];
}

/** The name that a file is served under, or an attachment goes by. */
export function nameOf(repository: Repository, tag: Tag, entry: IndexEntry): string {
  const project = repository.name.split('/').at(-1) ?? '';
  return isFile(entry)
    ? servedName(project, tag, entry.architecture)
    : attachmentName(project, tag, entry.architecture);
}

export function copiedEntry({ repository, tag }: TaggedVersion, { entry, decision }: EntryPlan): CopiedEntry {
  return {
    name: nameOf(repository, tag, entry),
    kind: isFile(entry) ? 'file' : 'attachment',
    manifest: entry.descriptor.digest,
    sha256: entry.sha256,
    decision,
  };
}
