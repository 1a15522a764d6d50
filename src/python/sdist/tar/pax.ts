import { ArchiveError, quoted } from '../../archive/archive-error.js';
import { parsePaxRecords } from './pax-records.js';

/** What a pax header changes about the member behind it. */
export interface PaxChanges {
  readonly path?: Buffer;
  /** In bytes. */
  readonly size?: number;
  /** The target of a link. */
  readonly link?: Buffer;
}

/**
 * Reads the records of a pax header for what they change about a member.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03 (pax Extended Header)
 * @throws ArchiveError if they are malformed or doubled, or say what readers don't share.
 */
export function parsePax(data: Buffer): PaxChanges {
  const records = parsePaxRecords(data);
  const path = records.get('path');
  const size = records.get('size');
  const link = records.get('linkpath');
  return {
    ...(path !== undefined && { path: Buffer.from(path) }),
    ...(size !== undefined && { size: parseSize(size.toString()) }),
    ...(link !== undefined && { link: Buffer.from(link) }),
  };
}

/** Checks a global pax header (`g`): it may comment, but must not change members, as only some readers obey it. */
export function checkGlobalPax(data: Buffer): void {
  const records = parsePaxRecords(data);
  for (const key of ['path', 'size', 'linkpath']) {
    if (records.has(key)) {
      throw new ArchiveError(`a global pax header sets the ${key} of all members, which only some readers obey`);
    }
  }
}

function parseSize(text: string): number {
  const size = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw new ArchiveError(`a pax header states the size ${quoted(text)}`);
  return size;
}
