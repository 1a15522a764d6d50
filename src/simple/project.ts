/** What an installer may know of a project, before it is written down as JSON or HTML. Pure data. */
import type { Digest } from '../core/digest.js';
import type { RepositoryName } from '../oci/reference.js';

/** One project, as its page tells. @see https://packaging.python.org/en/latest/specifications/simple-repository-api/#project-detail */
export interface Project {
  /** In normal form. */
  readonly name: string;
  /** In normal form, the highest first; every file belongs to one of them. */
  readonly versions: readonly string[];
  /** Of the highest version first, wheels before the sdist. No two share a name. */
  readonly files: readonly ProjectFile[];
}

/** One file of a project. All text in it is somebody else's. */
export interface ProjectFile {
  /** The name PyOCI serves it under, so that hashes and lock files agree with those made through PyOCI. */
  readonly filename: string;
  /** In normal form. */
  readonly version: string;
  /** 64 lower-case hex characters: of the file, which is a blob of `repository`. */
  readonly sha256: string;
  /** Bytes; `undefined` where the index does not say. */
  readonly size: number | undefined;
  /** What the publisher claims, as the specification wants it: `2026-01-31T12:00:00Z`, fractions of a second allowed. */
  readonly uploadTime: string | undefined;
  /** As its METADATA has it. */
  readonly requiresPython: string | undefined;
  /** SHA-256 of METADATA in hex; `true` where it can be had and its hash is not known; `undefined` for sdists. */
  readonly coreMetadata: string | true | undefined;
  /** Why nobody should install it any more, or `true` where no reason is given. */
  readonly yanked: string | true | undefined;
  /** Where its blob is. */
  readonly repository: RepositoryName;
  /** Of the image manifest that stands for the file. */
  readonly manifest: Digest;
}
