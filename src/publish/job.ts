import type { VersionGroup } from '../check/check.js';
import type { Clock, Log, Random } from '../core/ports.js';
import type { Store } from '../oci/store.js';
import type { DocumentContext } from '../pyoci/context.js';
import type { OpenJournal } from '../release/merge/journal.js';

export type { AnnotationChoice, Run } from '../pyoci/context.js';

export type IfExists = 'error' | 'skip' | 'replace';
export type Coordination = 'auto' | 'journal' | 'settle' | 'off' | 'cache';

/** What is to be published, where and how. All files have passed their checks. */
export interface Job extends DocumentContext {
  readonly store: Store;
  /** Host and port of the registry; `undefined` for a folder. */
  readonly registry: string | undefined;
  /** What stands before a repository's name where the command is to read it from; the registry unless given. */
  readonly commandPrefix?: string;
  /** Lower case, may hold slashes; empty only for a folder. */
  readonly namespace: string;
  readonly versions: readonly VersionGroup[];
  readonly ifExists: IfExists;
  readonly dryRun: boolean;
  readonly coordination: Coordination;
  /** Where publishers of one run meet; `undefined` where timing alone is to protect. */
  readonly openJournal?: OpenJournal | undefined;
  /** Whether this is a later attempt: an earlier one may have died in the middle. */
  readonly rerun?: boolean;
  /** Uploads in flight. */
  readonly concurrency: number;
}

export interface Ports {
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Told of bytes on the wire; the face shows them. */
  readonly progress: Progress;
}

/** Progress of uploads. A face shows a line every few seconds, or a live line on a terminal. */
export interface Progress {
  /** Once, before the first upload. */
  start(files: number, bytes: number): void;
  /** `sent` bytes of `file` are on the wire in this attempt. */
  sent(file: string, sent: number): void;
  /** The file is stored; `size` counts as done even where fewer bytes had to be sent. */
  done(file: string, size: number): void;
  end(): void;
}
