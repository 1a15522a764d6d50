import type { VersionGroup } from '../check/version-group.js';
import type { Clock, Log, Random, TransferProgress } from '../core/ports.js';
import type { Store } from '../oci/store.js';
import type { DocumentContext } from '../pyoci/context.js';
import type { Protection } from '../release/merge/protection.js';

export type IfExists = 'error' | 'skip' | 'replace';

/** What is to be published, where and how. All files have passed their checks. */
export interface Job {
  readonly versions: readonly VersionGroup[];
  readonly store: Store;
  /** Host and port of the registry; `undefined` for a folder. */
  readonly registry: string | undefined;
  /** What stands before a repository's name where the command is to read it from; the registry unless given. */
  readonly commandPrefix?: string;
  /** Lower case, may hold slashes; empty only for a folder. */
  readonly namespace: string;
  /** What the documents say beyond the files. */
  readonly context: DocumentContext;
  readonly ifExists: IfExists;
  readonly dryRun: boolean;
  readonly protection: Protection;
  /** Uploads in flight. */
  readonly concurrency: number;
}

export interface Ports {
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly progress: TransferProgress;
}
