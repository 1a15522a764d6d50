/** What a publisher's attachments make of what it reads: those that give way, wait, or have lost their file. Pure. */
import { isNamedAfter } from '../../pyoci/attachment/kinds.js';
import { type IndexEntry, isFile, roleOf } from '../../pyoci/version-index.js';
import type { Claim } from './journal.js';
import { type Dispute, disputesOf } from './union.js';

/**
 * My attachments in whose place another one stands, or is on its way, that is about the same bytes. What was signed or
 * counted anew never has the same bytes, so that the other one stays, and nobody fails for it. Where two yield to each
 * other, each lists the other's: one of them stands in the end.
 */
export function yieldedTo(
  mine: readonly Claim[],
  standing: readonly IndexEntry[],
  journal: readonly Claim[],
): readonly Dispute[] {
  const others = [...standing, ...journal.map(({ entry }) => entry)].filter((entry) => !isFile(entry));
  return mine.flatMap((claim) => {
    const role = roleOf(claim.entry);
    if (!role) return [];
    const rivals = others.filter((entry) => roleOf(entry)?.of === role.of);
    return disputesOf(claim, rivals, journal);
  });
}

/**
 * My attachments whose file is neither listed nor mine nor on its way, where a file of that name with other bytes stands:
 * they would never be seen.
 */
export function misplaced(
  mine: readonly Claim[],
  standing: readonly IndexEntry[],
  journal: readonly Claim[],
): readonly Dispute[] {
  const known = [...standing, ...[...mine, ...journal].map(({ entry }) => entry)];
  return mine.flatMap((claim) => {
    const { entry } = claim;
    if (roleOf(entry)?.of === undefined || known.some((file) => isAbout(entry, file))) return [];
    const theirs = standing.find((file) => isFile(file) && isNamedAfter(entry.architecture, file.architecture));
    return theirs ? [{ mine: claim, theirs }] : [];
  });
}

/**
 * My attachments that are not to be listed yet, since their file is not. What stands in the place of one, and is about
 * other bytes, is not mine.
 */
export function waiting(mine: readonly Claim[], wanted: readonly IndexEntry[]): readonly Claim[] {
  const listed = new Set(wanted.map(placeOf));
  return mine.filter(({ entry }) => !isFile(entry) && !listed.has(placeOf(entry)));
}

function placeOf(entry: IndexEntry): string {
  return `${entry.architecture} ${roleOf(entry)?.of}`;
}

function isAbout(attachment: IndexEntry, file: IndexEntry): boolean {
  const of = roleOf(attachment)?.of;
  return of !== undefined && isFile(file) && file.sha256 === of;
}
