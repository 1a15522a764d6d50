/** What is to be done with each attachment, decided from what we hold and what is there. Pure. */
import type { Attachment } from '../../check/attachments/attachment.js';
import { sizeText } from '../../core/text/size.js';
import { type IndexEntry, isFile, roleOf } from '../../pyoci/version-index.js';
import type { Replaced } from '../../release/merge/journal.js';
import type { IfExists } from '../job.js';

export type AttachmentPlan = AttachmentPush | AttachmentKeep | AttachmentSkip;

/** It is to be stored and listed. */
export interface AttachmentPush {
  readonly decision: 'push';
  readonly attachment: Attachment;
  /** SHA-256 of the file that it is about, in hex; `undefined` if it is about the version. */
  readonly of: string | undefined;
  readonly replaces: Replaced | undefined;
}

/** What is published stays: the same bytes, or others of this kind for the same file. */
export interface AttachmentKeep {
  readonly decision: 'unchanged' | 'keep';
  readonly attachment: Attachment;
  readonly entry: IndexEntry;
}

/** Its file has other bytes there, which `if-exists: skip` puts up with. */
export interface AttachmentSkip {
  readonly decision: 'skip';
  readonly attachment: Attachment;
}

export interface Conflict {
  readonly decision: 'conflict';
  readonly message: string;
}

/**
 * @param of SHA-256 of the file that it is about, in hex; `undefined` if it is about the version
 * @param entry what stands in its place, if anything does
 * @param readable whether the manifest of that can be read: cleaners delete untagged manifests under an index
 */
export function planAttachment(
  attachment: Attachment,
  of: string | undefined,
  entry: IndexEntry | undefined,
  readable: boolean,
  ifExists: IfExists,
): AttachmentPush | AttachmentKeep | Conflict {
  if (!entry) return { decision: 'push', attachment, of, replaces: undefined };
  const role = roleOf(entry);
  if (!role) {
    const message = `${attachment.filename} cannot be listed: an entry that is no attachment has its architecture (${entry.architecture})`;
    return { decision: 'conflict', message };
  }
  // About a file that is gone: it is not shown, and the merge gives its place to what is.
  if (role.of !== of) return { decision: 'push', attachment, of, replaces: undefined };
  const same = entry.sha256 === attachment.sha256;
  if (!readable || (!same && ifExists === 'replace')) {
    return {
      decision: 'push',
      attachment,
      of,
      replaces: { sha256: entry.sha256, manifest: entry.descriptor.digest },
    };
  }
  return { decision: same ? 'unchanged' : 'keep', attachment, entry };
}

/** How many attachments a file or a version may have; each listing through PyOCI loads every index. */
const MOST = 8;
/** Bytes of an index that attachments may be added to: half of what registries must take. */
const LARGEST_INDEX = 2 * 1024 * 1024;
/** Bytes that an entry and its comma take at most, as a rule. */
const ENTRY_BYTES = 800;

/**
 * What would go beyond the bounds, with the figures.
 * @param standing entries of the index as it is
 * @param size bytes of that index
 * @param files how many files are added to it
 */
export function boundProblems(
  pushes: readonly AttachmentPush[],
  standing: readonly IndexEntry[],
  size: number,
  files: number,
): readonly string[] {
  if (!pushes.length) return [];
  const problems: string[] = [];
  for (const of of new Set(pushes.map((push) => push.of))) {
    const there = standing.filter((entry) => !isFile(entry) && roleOf(entry)?.of === of);
    const mine = pushes.filter((push) => push.of === of).map(({ attachment }) => attachment);
    const count = new Set([...there, ...mine].map(({ architecture }) => architecture)).size;
    if (count <= MOST) continue;
    const subject = mine[0]?.about?.filename ?? 'the version';
    problems.push(`${subject} would have ${count} attachments, and may have ${MOST}`);
  }
  const grown = size + (pushes.length + files) * ENTRY_BYTES;
  if (grown > LARGEST_INDEX) {
    problems.push(
      `its index would grow to ${sizeText(grown)}, and with attachments it may have ${sizeText(LARGEST_INDEX)}: installers load it with every listing`,
    );
  }
  return problems;
}

/** Attachments whose bytes another entry of the version has: whoever deletes one takes them from the other. */
export function sharedInVersion(pushes: readonly AttachmentPush[], standing: readonly IndexEntry[]): readonly string[] {
  return pushes.flatMap(({ attachment: { filename, sha256, architecture } }) => {
    const other = standing.find((entry) => entry.sha256 === sha256 && entry.architecture !== architecture);
    return other ? [`${filename} has the same bytes as ${other.architecture} of this version`] : [];
  });
}
