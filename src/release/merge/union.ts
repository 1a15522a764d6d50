/**
 * What a version should hold, from what the tag, the journal and I say. A set of files and attachments, one per
 * architecture, that only grows: pure set arithmetic, no time and no I/O.
 */
import { type IndexEntry, isCurrent, isFile, roleOf } from '../../pyoci/version-index.js';
import type { Claim } from './journal.js';

/** Bytes of one of my files that somebody else has published under its name meanwhile. */
export interface Dispute {
  readonly mine: Claim;
  readonly theirs: IndexEntry;
}

/**
 * One entry per architecture of the tag, the journal and my own. An entry that a claim replaces loses; then mine wins,
 * then the tag's, then the one with the smallest digest. An attachment that nobody has listed yet waits for its file; one
 * that stands stays when its file is gone, unless another one needs its architecture.
 * @param withdrawn claims of mine that count no longer, though the journal still has them
 */
export function union(
  standing: readonly IndexEntry[],
  own: readonly Claim[],
  journal: readonly Claim[],
  withdrawn: readonly Claim[],
): readonly IndexEntry[] {
  const recorded = journal.filter((claim) => !withdrawn.some((mine) => sameEntry(mine.entry, claim.entry)));
  const ofFile = ({ entry }: Claim): boolean => isFile(entry);
  const files = merged(standing.filter(isFile), own.filter(ofFile), recorded.filter(ofFile), () => false);

  const current = (entry: IndexEntry): boolean => isCurrentAmong(entry, files);
  const attaches = (claim: Claim): boolean => !isFile(claim.entry) && current(claim.entry);
  const attachments = merged(
    standing.filter((entry) => !isFile(entry)),
    own.filter(attaches),
    recorded.filter(attaches),
    (entry, claims) => !current(entry) && claims.some((claim) => claim.entry.architecture === entry.architecture),
  );
  return [...files, ...attachments];
}

/** @param gives whether a standing entry makes room for the claims of its own accord */
function merged(
  standing: readonly IndexEntry[],
  own: readonly Claim[],
  recorded: readonly Claim[],
  gives: (entry: IndexEntry, claims: readonly Claim[]) => boolean,
): readonly IndexEntry[] {
  const claims = [...own, ...recorded];
  const yields = (entry: IndexEntry): boolean => claims.some((claim) => replaces(claim, entry)) || gives(entry, claims);

  const wanted = new Map<string, IndexEntry>();
  for (const entry of standing) if (!yields(entry)) wanted.set(entry.architecture, entry);
  for (const { entry } of own) {
    if (!sameFile(wanted.get(entry.architecture), entry)) wanted.set(entry.architecture, entry);
  }
  const settled = new Set(wanted.keys());
  for (const { entry } of recorded) {
    if (settled.has(entry.architecture) || yields(entry)) continue;
    const rival = wanted.get(entry.architecture);
    if (!rival || entry.descriptor.digest < rival.descriptor.digest) wanted.set(entry.architecture, entry);
  }
  // Two claims may replace each other's entries. A name in the tag never just disappears by that.
  for (const entry of standing) if (!wanted.has(entry.architecture)) wanted.set(entry.architecture, entry);
  return [...wanted.values()];
}

/** Whether an attachment is about one of these files, or about a version that has some. */
function isCurrentAmong(entry: IndexEntry, files: readonly IndexEntry[]): boolean {
  const role = roleOf(entry);
  return role !== undefined && isCurrent(role, files);
}

/**
 * The claims as they count. What a leg said of a file in an earlier attempt gives way to what its later attempt says,
 * as a replaced entry does: the earlier attempt is over, and a build that gives other bytes each time must not dispute
 * itself for ever. It does not give way where another leg says the same.
 */
export function currentClaims(claims: readonly Claim[]): readonly Claim[] {
  const current = claims.filter((claim) => !claims.some((later) => isLaterAttempt(later, claim)));
  const outdated = claims.filter(
    (claim) => !current.includes(claim) && !current.some(({ entry }) => sameFile(entry, claim.entry)),
  );
  const successions = current.flatMap((claim) =>
    outdated
      .filter((earlier) => isLaterAttempt(claim, earlier))
      .map(({ entry }) => ({ ...claim, replaces: { sha256: entry.sha256, manifest: entry.descriptor.digest } })),
  );
  return [...current, ...successions];
}

function isLaterAttempt({ author: later, entry }: Claim, { author: earlier, entry: other }: Claim): boolean {
  if (!later || !earlier || entry.architecture !== other.architecture) return false;
  return later.leg === earlier.leg && later.attempt > earlier.attempt;
}

/** Whether every wanted entry stands, by the same bytes and the same manifest. */
export function holds(standing: readonly IndexEntry[], wanted: readonly IndexEntry[]): boolean {
  const found = new Map(standing.map((entry) => [entry.architecture, entry]));
  return wanted.every((entry) => sameEntry(found.get(entry.architecture), entry));
}

/**
 * The first of `entries` that has other bytes under the name of my file or attachment, and is not what my file replaces, by my own
 * word or by my record's.
 */
export function disputesOf(
  mine: Claim,
  entries: readonly IndexEntry[],
  journal: readonly Claim[] = [],
): readonly Dispute[] {
  const { architecture, sha256 } = mine.entry;
  const words = [mine, ...journal.filter(({ entry }) => sameEntry(entry, mine.entry))];
  const theirs = entries.find(
    (entry) =>
      entry.architecture === architecture && entry.sha256 !== sha256 && !words.some((claim) => replaces(claim, entry)),
  );
  return theirs ? [{ mine, theirs }] : [];
}

/** Whether `entry` must give way to `claim`: it is that very manifest, or has the bytes that the claim replaces. */
function replaces(claim: Claim, entry: IndexEntry): boolean {
  const old = claim.replaces;
  if (!old || claim.entry.architecture !== entry.architecture) return false;
  if (old.manifest === entry.descriptor.digest) return true;
  return old.sha256 !== undefined && old.sha256 === entry.sha256 && entry.sha256 !== claim.entry.sha256;
}

/** Files are the same by their bytes: of two manifests for one file, the one in the tag stays. */
function sameFile(a: IndexEntry | undefined, b: IndexEntry): boolean {
  return a !== undefined && a.architecture === b.architecture && a.sha256 === b.sha256;
}

function sameEntry(a: IndexEntry | undefined, b: IndexEntry): boolean {
  return sameFile(a, b) && a?.descriptor.digest === b.descriptor.digest;
}
