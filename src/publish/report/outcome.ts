/** What a job came to, version by version and file by file. Plain data, and how it is made of what was planned. */
import type { Attachment } from '../../check/attachments/attachment.js';
import type { Digest } from '../../core/digest.js';
import type { UserError } from '../../core/errors.js';
import type { RepositoryName, Tag } from '../../oci/reference.js';
import { servedName } from '../../pyoci/names.js';
import { type IndexEntry, isFile } from '../../pyoci/version-index.js';
import type { Distribution } from '../../python/distribution.js';
import type { AttachmentKeep, AttachmentSkip } from '../plan/attachment-plan.js';
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

export type AttachmentStatus = FileStatus | 'kept';

export interface AttachmentOutcome {
  /** Base name, as given. */
  readonly file: string;
  /** As the user knows it. */
  readonly path: string;
  /** `attestation`, `sbom`, `signature`, or the user's word. */
  readonly type: string;
  /** Name of the file that it is about; `undefined` if it is about the version. */
  readonly about: string | undefined;
  /** In bytes. */
  readonly size: number;
  /** 64 hex characters, of the attachment on disk. */
  readonly sha256: string;
  /** The image manifest that stands in its place; `undefined` where its file was skipped. */
  readonly manifest: Digest | undefined;
  /** `kept`: another one of this kind was published for the same bytes, and stays. */
  readonly status: AttachmentStatus;
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
  readonly attachments: readonly AttachmentOutcome[];
  /** All files of the version as it now stands. */
  readonly listed: readonly ListedFile[];
  /** How this version was protected against other writers, one sentence. */
  readonly protection: string | undefined;
}

export interface FailedVersion extends VersionIdentity {
  readonly ok: false;
  readonly error: UserError;
  /** Names of the files and attachments that were meant to be published. */
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

/** @param manifest of what stands in its place */
export function attachmentOutcome(
  { filename, path, type, about, bytes, sha256 }: Attachment,
  manifest: Digest | undefined,
  status: AttachmentStatus,
): AttachmentOutcome {
  return { file: filename, path, type, about: about?.filename, size: bytes.size, sha256, manifest, status };
}

/** Of an attachment that is not to be stored. */
export function keptAttachment(plan: AttachmentKeep | AttachmentSkip): AttachmentOutcome {
  const { attachment } = plan;
  if (plan.decision === 'skip') return attachmentOutcome(attachment, undefined, 'skipped');
  return attachmentOutcome(attachment, plan.entry.descriptor.digest, plan.decision === 'keep' ? 'kept' : 'unchanged');
}

/** All files that the version lists now. */
export function listedFiles(publication: Publication, entries: readonly IndexEntry[]): readonly ListedFile[] {
  return entries.filter(isFile).map((entry) => listedFile(publication, entry));
}

function listedFile({ project, tag }: Publication, entry: IndexEntry): ListedFile {
  const { architecture, sha256, descriptor } = entry;
  return { architecture, file: servedName(project, tag, architecture), sha256, manifest: descriptor.digest };
}
