/** What is to be done with each entry of a version, by what stands in its place at the destination. Pure. */
import { type IndexEntry, isFile, roleOf } from '../pyoci/version-index.js';
import type { Claim } from '../release/merge/journal.js';

export type IfExists = 'error' | 'skip' | 'replace';

/**
 * `copy`: it is listed once its content is there. `unchanged`: the very entry stands, and its content is looked at.
 * `kept`: the same bytes stand under another manifest, which stays. `skip`: other bytes stand, and stay. `conflict`: other
 * bytes stand, and nobody said what to do. `about nothing`: an attachment of a file that is not copied.
 */
export type Decision = 'copy' | 'unchanged' | 'kept' | 'skip' | 'conflict' | 'about nothing';

/** An entry of the source, and what is done with it. */
export interface EntryPlan {
  readonly entry: IndexEntry;
  readonly decision: Decision;
  /** What stands under its name at the destination. */
  readonly standing: IndexEntry | undefined;
}

/** @param standing entries of the version at the destination; none if it is not there */
export function planEntries(
  entries: readonly IndexEntry[],
  standing: readonly IndexEntry[],
  { ifExists, attachments }: { readonly ifExists: IfExists; readonly attachments: boolean },
): readonly EntryPlan[] {
  const places = new Map(standing.map((entry) => [entry.architecture, entry]));
  const plan = (entry: IndexEntry): EntryPlan => {
    const there = places.get(entry.architecture);
    return { entry, standing: there, decision: decide(entry, there, ifExists) };
  };
  const files = entries.filter(isFile).map(plan);
  const stays = new Set(files.filter(({ decision }) => decision === 'skip').map(({ entry }) => entry.sha256));
  const attached = attachments ? entries.filter((entry) => !isFile(entry)).map(plan) : [];
  return [
    ...files,
    ...attached.map((one) => {
      const of = roleOf(one.entry)?.of;
      return of !== undefined && stays.has(of) ? { ...one, decision: 'about nothing' as const } : one;
    }),
  ];
}

function decide(entry: IndexEntry, there: IndexEntry | undefined, ifExists: IfExists): Decision {
  if (!there) return 'copy';
  if (there.descriptor.digest === entry.descriptor.digest) return 'unchanged';
  if (entry.sha256 !== undefined && there.sha256 === entry.sha256) return 'kept';
  return ({ skip: 'skip', replace: 'copy', error: 'conflict' } as const)[ifExists];
}

/** The word by which an entry is brought into the index. */
export function claimOf({ entry, standing }: EntryPlan): Claim {
  const replaces = standing && { sha256: standing.sha256, manifest: standing.descriptor.digest };
  return { entry, replaces };
}
