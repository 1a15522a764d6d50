/** What is to be done with each file, decided from what we hold and what is there. Pure: reading is `survey.ts`'s. */
import type { IndexEntry } from '../../pyoci/version-index.js';
import type { Distribution } from '../../python/distribution.js';
import type { Replaced } from '../../release/merge/journal.js';
import { TakenError } from '../../release/merge/merge-errors.js';
import type { IfExists } from '../job.js';

export type FilePlan = FilePush | FileKeep;

/** The file is to be stored and listed. */
export interface FilePush {
  readonly decision: 'push';
  readonly file: Distribution;
  /** 64 hex characters, where the file had to be hashed to decide. */
  readonly sha256: string | undefined;
  readonly replaces: Replaced | undefined;
}

/** What is published stays: the same bytes, or others that `if-exists: skip` puts up with. */
export interface FileKeep {
  readonly decision: 'unchanged' | 'skip';
  readonly file: Distribution;
  readonly sha256: string;
  readonly entry: IndexEntry;
}

/** A file's name is taken in the index: what the entry says, once resolved, and whether its manifest can be read. */
export interface Standing {
  readonly entry: IndexEntry;
  /** Of the published bytes; `undefined` if neither index nor manifest says. */
  readonly sha256: string | undefined;
  /** Cleaners delete untagged manifests under an index; such an entry lists a file that nobody can download. */
  readonly readable: boolean;
}

/** Other bytes are published under the name of a file. */
export interface Conflict {
  readonly decision: 'conflict';
  readonly file: Distribution;
  /** SHA-256, 64 hex characters. */
  readonly there: string | undefined;
  readonly here: string;
}

/** The name is free. */
export function planNew(file: Distribution): FilePush {
  return { decision: 'push', file, sha256: undefined, replaces: undefined };
}

/**
 * The name is taken.
 * @param sha256 of the file on disk, 64 hex characters
 * @returns a conflict where other bytes are published and `if-exists` is `error`
 */
export function planTaken(
  file: Distribution,
  sha256: string,
  standing: Standing,
  ifExists: IfExists,
): FilePlan | Conflict {
  const { entry } = standing;
  const replaces: Replaced = { sha256: standing.sha256, manifest: entry.descriptor.digest };
  if (standing.sha256 === sha256) {
    return standing.readable
      ? { decision: 'unchanged', file, sha256, entry }
      : { decision: 'push', file, sha256, replaces };
  }
  if (standing.sha256 === undefined && !standing.readable) return { decision: 'push', file, sha256, replaces };
  switch (ifExists) {
    case 'skip':
      return { decision: 'skip', file, sha256, entry };
    case 'replace':
      return { decision: 'push', file, sha256, replaces };
    case 'error':
      return { decision: 'conflict', file, there: standing.sha256, here: sha256 };
  }
}

/** All conflicts of one version, as the one failure of it. */
export function conflictError(image: string, conflicts: readonly Conflict[]): TakenError {
  const messages = conflicts.map(
    ({ file, there = 'unknown', here }) =>
      `${file.filename} is published already with other bytes: sha256:${there} there, sha256:${here} here`,
  );
  return new TakenError(
    `Cannot publish to ${image}: ${messages.join('; ')}`,
    conflicts,
    'raise the version; or set `if-exists: skip` to keep what is published, or `if-exists: replace` to overwrite it (whoever locked its hash will then fail to install it)',
  );
}
