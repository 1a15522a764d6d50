import type { Tag } from '../../oci/reference.js';
import type { InTurn, Repository } from '../../oci/store.js';
import type { Ports } from '../../publish/job.js';
import { entriesOf } from '../../pyoci/version-index.js';
import type { OpenJournal } from './journal.js';
import { SETTLE } from './merge.js';
import { currentClaims, holds, union } from './union.js';
import { BOUNDS, type Merged, writeVersion } from './writer.js';

export interface Mending {
  readonly repository: Repository;
  readonly tag: Tag;
  /** For messages: `ghcr.io/owner/name:1.0`. */
  readonly image: string;
  readonly openJournal: OpenJournal;
  /** As of VersionWriter. */
  readonly inTurn?: InTurn;
  readonly ports: Ports;
}

/**
 * What a re-run that has nothing to publish owes the others: its earlier attempt may have died right after a write that
 * cost them their files, when nobody was left to see it. Reads the journal, and lists again what is missing.
 * @returns the version as it was mended, or `undefined` if nothing was missing, or it could not be found out
 */
export async function mendVersion({
  repository,
  tag,
  image,
  openJournal,
  inTurn,
  ports,
}: Mending): Promise<Merged | undefined> {
  const { log, random, signal } = ports;
  try {
    const journal = await openJournal(repository, tag);
    const claims = currentClaims((await journal?.read()) ?? []);
    const document = claims.length > 0 ? await repository.getManifest(tag, { signal }) : undefined;
    if (!journal || !document) return undefined;
    const standing = entriesOf(document, image);
    if (holds(standing, union(standing, [], claims, []))) return undefined;
    const hold = SETTLE * (1 + random() / 2);
    const rules = { hold, journaled: true, skipTaken: false, ...BOUNDS };
    const isStored = (manifest: Parameters<Repository['hasManifest']>[0]) =>
      repository.hasManifest(manifest, { signal });
    const restore = async () => {};
    const merged = await writeVersion(
      { repository, tag, image, annotations: {}, journal, rules, isStored, restore, inTurn, ports },
      [],
    );
    if (merged.state.written.length)
      log.info(`${image}: files that an earlier attempt of this job had cost were put back`);
    return merged;
  } catch (error) {
    if (signal.aborted) return undefined;
    const why = error instanceof Error ? error.message : String(error);
    log.warning(`${image}: whether an earlier attempt of this job cost others their files is not known: ${why}`);
    return undefined;
  }
}
