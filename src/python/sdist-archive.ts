import type { ByteSource } from '../core/bytes.js';
import { ArchiveError, quoted } from './archive-error.js';
import { LARGEST_METADATA, MOST_LINKS } from './archive-limits.js';
import { diskName, foldedPath } from './disk-name.js';
import { fileKind } from './file-kind.js';
import { gunzip } from './gzip.js';
import { LinkPaths } from './link-paths.js';
import { unpackTar } from './tar-data.js';
import { TarFraming } from './tar-framing.js';
import type { TarMember } from './tar-member.js';

/** What an sdist says about itself. */
export interface SdistContents {
  /** The one top-level folder: `foo-1.0`. */
  readonly top: string;
  /** The bytes of its PKG-INFO, 4 MiB at most. */
  readonly pkgInfo: Buffer;
  /** What installers may stumble over; each a sentence without the file name. */
  readonly warnings: readonly string[];
}

/**
 * Reads an sdist's PKG-INFO from one stream of the whole file, once it is shown that every reader finds the same one.
 *
 * @see https://packaging.python.org/en/latest/specifications/source-distribution-format/
 * @throws ArchiveError
 */
export async function readSdist(bytes: ByteSource): Promise<SdistContents> {
  const kind = await fileKind(bytes);
  if (kind !== 'a gzip file') throw new ArchiveError(`an sdist is a tar archive in gzip, this is ${kind}`);
  const tree = new SdistTree();
  const framing = new TarFraming((member) => tree.add(member));
  for await (const chunk of gunzip(bytes)) framing.push(chunk);
  const [pkgInfo] = framing.finish();
  if (!pkgInfo) {
    throw new ArchiveError(`it has no ${quoted(`${tree.top ?? '<name>-<version>'}/PKG-INFO`)}, so it is no sdist`);
  }
  return { top: tree.top ?? '', pkgInfo: await unpackTar(pkgInfo), warnings: [] };
}

/** The members seen so far: all in one folder, with one PKG-INFO, which none of them overwrites on disk. */
class SdistTree {
  top: string | undefined;
  readonly #links = new LinkPaths();
  #linked = 0;
  #found = false;

  /** Whether this is the PKG-INFO to read. @throws ArchiveError if it cannot be a member of an sdist. */
  add(member: TarMember): boolean {
    const [top = '', ...below] = member.path.split('/');
    if (this.top !== undefined && top !== this.top) throw severalTops(this.top, top);
    if (below.length === 0 && member.kind !== 'folder') throw notInFolder(member.path);
    this.top = top;
    this.#follow(member);
    if (below.length !== 1 || !isPkgInfo(member.path, below[0] ?? '')) return false;
    checkPkgInfo(member);
    if (this.#found) throw new ArchiveError(`it has two members named ${quoted(member.path)}: readers take either`);
    this.#found = true;
    return true;
  }

  /** Whoever unpacks a member over a link writes to where the link points, perhaps over PKG-INFO. */
  #follow({ path, kind }: TarMember): void {
    const place = foldedPath(path);
    if (this.#links.leadThrough(place)) {
      throw new ArchiveError(`${quoted(path)} is unpacked through a link of the archive, over whatever that points at`);
    }
    if (kind !== 'link') return;
    this.#linked += 1;
    if (this.#linked > MOST_LINKS) throw new ArchiveError(`it has more than ${MOST_LINKS} links`);
    this.#links.add(place);
  }
}

/** @throws ArchiveError if it is another file that lands in the same place on some disks. */
function isPkgInfo(path: string, name: string): boolean {
  if (name === 'PKG-INFO') return true;
  if (diskName(name) === 'pkg-info') {
    throw new ArchiveError(`on some disks ${quoted(path)} would take the place of PKG-INFO`);
  }
  return false;
}

function checkPkgInfo({ path, kind, size }: TarMember): void {
  if (kind !== 'file') throw new ArchiveError(`${quoted(path)} is a ${kind}, not a regular file`);
  if (size === 0) throw new ArchiveError(`${quoted(path)} is empty`);
  if (size > LARGEST_METADATA)
    throw new ArchiveError(`${quoted(path)} has ${size} bytes, more than ${LARGEST_METADATA}`);
}

function severalTops(one: string, other: string): ArchiveError {
  if (one.startsWith('._') || other.startsWith('._')) return appleDouble(one.startsWith('._') ? one : other);
  return new ArchiveError(`all members of an sdist are in one folder, this has ${quoted(one)} and ${quoted(other)}`);
}

function notInFolder(path: string): ArchiveError {
  if (path.startsWith('._')) return appleDouble(path);
  return new ArchiveError(`all members of an sdist are in one folder, this has ${quoted(path)} at its top`);
}

/** What tar on macOS adds for a folder with extended attributes. */
function appleDouble(path: string): ArchiveError {
  return new ArchiveError(
    `beside its folder it has ${quoted(path)}, which tar on macOS adds for file attributes`,
    'build it again with COPYFILE_DISABLE=1 in the environment',
  );
}
