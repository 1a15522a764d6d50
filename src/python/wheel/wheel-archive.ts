import type { ByteSource } from '../../core/bytes.js';
import { ArchiveError, quoted } from '../archive/archive-error.js';
import {
  LARGEST_ENTRY_POINTS,
  LARGEST_METADATA,
  LARGEST_RECORD,
  LARGEST_WHEEL_FILE,
} from '../archive/archive-limits.js';
import { diskName } from '../archive/disk-name.js';
import { fileKind } from '../archive/file-kind.js';
import { withoutSlash } from '../archive/member-path.js';
import { MemberTree } from '../archive/member-tree.js';
import { type OnProblem, type Problem, refusal } from '../problem.js';
import { checkDataFolder } from './data-folder.js';
import { checkRecord } from './record-check.js';
import { checkEntryPoints } from './scripts/entry-points.js';
import { readWheelFile } from './wheel-file.js';
import { checkTags } from './wheel-tags.js';
import { unpack } from './zip/zip-data.js';
import type { ZipMember } from './zip/zip-directory.js';
import { readZip } from './zip/zip-framing.js';

const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
/** The second name that Windows gives to every `foo-1.0.dist-info`: `FOO-10~1.DIS`. */
const SHORT_NAME = /~[0-9]+\.dis$/;
/** Files of the dist-info folder that installers read or write, the required ones apart. */
const INFO_FILES = ['entry_points.txt', 'INSTALLER', 'REQUESTED', 'direct_url.json', 'uv_cache.json'];

/** What a wheel says about itself. */
export interface WheelContents {
  /** The one top-level folder of that kind: `foo-1.0.dist-info`. */
  readonly distInfo: string;
  /** The bytes of its METADATA, 4 MiB at most. */
  readonly metadata: Buffer;
  /** What installers refuse it for, or may stumble over. */
  readonly findings: readonly Problem[];
}

/**
 * Reads a wheel's METADATA by random access, once it is shown that every reader finds the same one, and looks at what
 * else installers read before they install it.
 *
 * @param architecture what the file name says behind name and version, to be compared with WHEEL if it is given
 * @see https://packaging.python.org/en/latest/specifications/binary-distribution-format/
 * @throws ArchiveError
 */
export async function readWheel(bytes: ByteSource, architecture?: string): Promise<WheelContents> {
  await checkKind(bytes);
  const framing = await readZip(bytes);
  const distInfo = findDistInfo(framing.members);
  const members = new Map(framing.members.map((member) => [member.name, member]));
  const metadata = findMetadata(members, distInfo);
  const tree = new MemberTree();
  for (const { name } of framing.members) tree.add(withoutSlash(name), name.endsWith('/') ? 'folder' : 'file');

  const findings: Problem[] = [];
  const report = (found: Problem): number => findings.push(found);
  const required = (name: string): ZipMember | undefined => {
    const member = members.get(`${distInfo}/${name}`);
    if (!member) report(refusal(`it has no ${distInfo}/${name}: pip and uv refuse to install it`));
    return member;
  };
  const wheel = required('WHEEL');
  const record = required('RECORD');
  const entryPoints = members.get(`${distInfo}/entry_points.txt`);
  if (wheel) checkSize(wheel, LARGEST_WHEEL_FILE);
  if (entryPoints) checkSize(entryPoints, LARGEST_ENTRY_POINTS);
  const comparable = record && record.size <= LARGEST_RECORD ? record : undefined;
  const readable = [wheel, comparable, entryPoints].filter((member) => !!member);
  const data = await unpack(bytes, framing, [metadata, ...readable]);
  const wheelData = wheel && data.get(wheel.name);
  if (wheelData) {
    const wheelFile = readWheelFile(wheelData, report);
    if (architecture !== undefined) checkTags(architecture, wheelFile, report);
  }
  const recordData = record && data.get(record.name);
  if (recordData) checkRecord(recordData, members, distInfo, report);
  const entryPointsData = entryPoints && data.get(entryPoints.name);
  if (entryPointsData) checkEntryPoints(entryPointsData, report);
  checkInfoFiles(framing.members, distInfo, report);
  checkDataFolder(framing.members, report);
  return { distInfo, metadata: data.get(metadata.name) ?? Buffer.alloc(0), findings };
}

/** Reports the first folder where installers read or write a file of that name. */
function checkInfoFiles(members: readonly ZipMember[], distInfo: string, report: OnProblem): void {
  for (const { name } of members) {
    const [top, file = '', ...below] = name.split('/');
    if (top !== distInfo || below.length === 0 || !INFO_FILES.includes(file)) continue;
    report(refusal(`its ${distInfo}/${file} is a folder, where uv reads or writes a file: uv refuses to install it`));
    return;
  }
}

function checkSize({ name, size }: ZipMember, most: number): void {
  if (size > most) throw new ArchiveError(`${quoted(name)} has ${size} bytes, more than ${most}`);
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
  checkSize(member, LARGEST_METADATA);
  return member;
}
