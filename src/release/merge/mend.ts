import { messageOf } from '../../core/errors.js';
import { atOnce } from '../../oci/transfer.js';
import type { OpenJournal } from './journal.js';
import { rulesOf, settleTime } from './protection.js';
import { standingEntries } from './standing-entries.js';
import { takingTurns } from './turns.js';
import { currentClaims, holds, union } from './union.js';
import { type TaggedVersion, type WriterPorts, type Written, writeVersion } from './writer.js';

/**
 * What a re-run that has nothing to publish owes the others: its earlier attempt may have died right after a write that
 * cost them their files, when nobody was left to see it. Reads the journal, and lists again what is missing.
 * @returns the version as it was mended, or `undefined` if nothing was missing, or it could not be found out
 */
export async function mendVersion(
  version: TaggedVersion,
  openJournal: OpenJournal,
  ports: WriterPorts,
): Promise<Written | undefined> {
  const { repository, tag, image } = version;
  const { log, random, signal, inTurn = atOnce } = ports;
  try {
    const journal = await openJournal(takingTurns(repository, inTurn), tag);
    const claims = currentClaims((await journal?.read()) ?? []);
    const document = claims.length > 0 ? await inTurn(() => repository.getManifest(tag, { signal })) : undefined;
    if (!journal || !document) return undefined;
    const standing = standingEntries(document, image);
    if (holds(standing, union(standing, [], claims, []))) return undefined;
    const nothing = { claims: [], annotations: {}, restore: async () => {} };
    const guard = { journal, rules: rulesOf(settleTime(random), journal) };
    const written = await writeVersion(version, nothing, guard, ports);
    if (written.wrote) log.info(`${image}: files that an earlier attempt of this job had cost were put back`);
    return written;
  } catch (error) {
    if (signal.aborted) return undefined;
    log.warning(
      `${image}: whether an earlier attempt of this job cost others their files is not known: ${messageOf(error)}`,
    );
    return undefined;
  }
}
