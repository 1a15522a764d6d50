import type { Distribution } from '../python/distribution.js';
import type { Version } from '../python/version.js';
import type { Attachment } from './attachments/attachment.js';

/** The files of one version, and what is attached to it. */
export interface VersionGroup {
  /** Normal form: `zope-interface`. */
  readonly project: string;
  /** As spelled in the names of all files. */
  readonly version: Version;
  /** Sorted by file name. None where only attachments are here: the files are published already, or by others. */
  readonly files: readonly Distribution[];
  /** Sorted by architecture, of which each has its own; none unless given. */
  readonly attachments?: readonly Attachment[];
}
