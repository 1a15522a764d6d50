import type { ByteSource } from '../core/bytes.js';
import { ArchiveError, quoted } from './archive-error.js';
import { LARGEST_METADATA, LARGEST_RECORD } from './archive-limits.js';
import { diskName } from './disk-name.js';
import { fileKind } from './file-kind.js';
import { recordedPaths } from './record.js';
import { unpack } from './zip-data.js';
import type { ZipMember } from './zip-directory.js';
import { readZip } from './zip-framing.js';

const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
/** The second name that Windows gives to every `foo-1.0.dist-info`: `FOO-10~1.DIS`. */
const SHORT_NAME = /~[0-9]+\.dis$/;

/** What a wheel says about itself. */
export interface WheelContents {
  /** The one top-level folder of that kind: `foo-1.0.dist-info`. */
  readonly distInfo: string;
  /** The bytes of its METADATA, 4 MiB at most. */
  readonly metadata: Buffer;
  /** What installers may stumble over; each a sentence without the file name. */
  readonly warnings: readonly string[];
}

/**
 * Reads a wheel's METADATA by random access, once it is shown that every reader finds the same one.
 *
 * @see https://packaging.python.org/en/latest/specifications/binary-distribution-format/
 * @throws ArchiveError
 */
export async function readWheel(bytes: ByteSource): Promise<WheelContents> {
  await checkKind(bytes);
  const framing = await readZip(bytes);
  const distInfo = findDistInfo(framing.members);
  const members = new Map(framing.members.map((member) => [member.name, member]));
  const metadata = findMetadata(members, distInfo);
  const record = members.get(`${distInfo}/RECORD`);

  const comparable = record && record.size <= LARGEST_RECORD ? [record] : [];
  const data = await unpack(bytes, framing, [metadata, ...comparable]);
  const warnings: string[] = [];
  if (!members.has(`${distInfo}/WHEEL`)) warnings.push(`it has no ${distInfo}/WHEEL, installers will refuse it`);
  if (!record) warnings.push(`it has no ${distInfo}/RECORD, installers will refuse it`);
  const listed = record && data.get(record.name);
  if (listed) warnings.push(...unlisted(framing.members, listed, distInfo));
  return { distInfo, metadata: data.get(metadata.name) ?? Buffer.alloc(0), warnings };
}

async function checkKind(bytes: ByteSource): Promise<void> {
  const kind = await fileKind(bytes);
  if (kind === 'a ZIP archive' || kind === 'something else') return;
  throw new ArchiveError(`a wheel is a ZIP archive with members, this is ${kind}`);
}

function findDistInfo(members: readonly ZipMember[]): string {
  const tops = new Set(members.map((member) => member.name.split('/', 1)[0] ?? ''));
  const found = [...tops].filter((top) => {
    const name = diskName(top);
    return name.endsWith('.dist-info') || SHORT_NAME.test(name);
  });
  const [distInfo] = found;
  if (distInfo === undefined) throw new ArchiveError('it has no .dist-info folder at its top, so it is no wheel');
  if (found.length > 1) {
    throw new ArchiveError(
      `it has ${found.length} .dist-info folders at its top, a wheel has one: ${found.slice(0, 3).map(quoted).join(', ')}`,
    );
  }
  if (!distInfo.endsWith('.dist-info')) throw new ArchiveError(`its folder ${quoted(distInfo)} is not in lower case`);
  if (members.some(({ name }) => name === distInfo)) throw new ArchiveError(`${quoted(distInfo)} is no folder`);
  return distInfo;
}

function findMetadata(members: ReadonlyMap<string, ZipMember>, distInfo: string): ZipMember {
  const name = `${distInfo}/METADATA`;
  const member = members.get(name);
  if (!member) throw new ArchiveError(`it has no ${quoted(name)}`);
  for (const other of members.keys()) {
    if (other === name || !other.startsWith(`${distInfo}/`)) continue;
    if (diskName(other.slice(distInfo.length + 1)) !== 'metadata') continue;
    throw new ArchiveError(`on some disks ${quoted(other)} would take the place of ${quoted(name)}`);
  }
  const type = member.mode & FILE_TYPE;
  if (type !== 0 && type !== REGULAR)
    throw new ArchiveError(`${quoted(name)} is not a regular file but a link or alike`);
  if (member.size > LARGEST_METADATA) {
    throw new ArchiveError(`${quoted(name)} has ${member.size} bytes, more than ${LARGEST_METADATA}`);
  }
  return member;
}

/** RECORD lists every file but itself and its signatures. */
function unlisted(members: readonly ZipMember[], record: Buffer, distInfo: string): readonly string[] {
  const missing = new Set(members.map(({ name }) => name).filter((name) => !name.endsWith('/')));
  for (const name of ['RECORD', 'RECORD.jws', 'RECORD.p7s']) missing.delete(`${distInfo}/${name}`);
  for (const path of recordedPaths(record)) missing.delete(path);
  const [first] = missing;
  if (first === undefined) return [];
  const others = missing.size > 1 ? ` and ${missing.size - 1} more` : '';
  return [`its RECORD does not list ${quoted(first)}${others}, which installers may refuse one day`];
}
