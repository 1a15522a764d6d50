import { ArchiveError, quoted } from '../archive/archive-error.js';
import { LARGEST_METADATA, MOST_LINKS } from '../archive/archive-limits.js';
import { diskName, foldedPath } from '../archive/disk-name.js';
import { oddCharacter } from '../archive/member-path.js';
import { Link, MemberTree } from '../archive/member-tree.js';
import { LinkPaths } from './link-paths.js';
import { linkTarget } from './sdist-link.js';
import type { TarLink, TarMember } from './tar/tar-member.js';

/**
 * The members of an sdist seen so far: all in one folder, with one PKG-INFO, which none of them overwrites on disk, and
 * all such that pip and uv unpack them.
 */
export class SdistTree {
  top: string | undefined;
  readonly #tree = new MemberTree();
  readonly #links = new LinkPaths();
  #linked = 0;
  #found = false;

  /** Whether this is the PKG-INFO to read. @throws ArchiveError if it cannot be a member of an sdist. */
  add(member: TarMember): boolean {
    const [top = '', ...below] = member.path.split('/');
    if (this.top !== undefined && top !== this.top) throw severalTops(this.top, top);
    if (below.length === 0 && member.kind !== 'folder') throw notInFolder(member.path);
    this.top = top;
    if (this.#links.leadThrough(foldedPath(member.path))) throw throughLink(member.path);
    const isPkgInfo = below.length === 1 && isNamedPkgInfo(member.path, below[0] ?? '');
    if (isPkgInfo) checkPkgInfo(member);
    const odd = oddCharacter(member.kind === 'folder' ? `${member.path}/` : member.path);
    if (odd !== undefined) {
      throw new ArchiveError(
        `the path ${quoted(member.path)} of a member ${odd}: uv refuses to unpack it`,
        'rename the file, or leave it out of the sdist, and build again',
      );
    }
    this.#place(member);
    if (!isPkgInfo) return false;
    if (this.#found) throw new ArchiveError(`it has two members named ${quoted(member.path)}: readers take either`);
    this.#found = true;
    return true;
  }

  /** To be asked when all members were seen. @throws ArchiveError if a link leads nowhere for good. */
  finish(): void {
    this.#tree.checkLinks();
  }

  #place({ path, kind, link }: TarMember): void {
    this.#tree.add(path, link ? this.#link(path, link) : kind === 'folder' ? 'folder' : 'file');
    if (link) this.#links.add(foldedPath(path));
  }

  #link(path: string, link: TarLink): 'file' | Link {
    this.#linked += 1;
    if (this.#linked > MOST_LINKS) throw new ArchiveError(`it has more than ${MOST_LINKS} links`);
    const target = linkTarget(path, link);
    if (!link.hard) return new Link(path, target);
    if (this.#tree.at(target) === 'file') return 'file';
    throw new ArchiveError(
      `${quoted(path)} is a hard link to ${quoted(target)}, which is no file in front of it: uv refuses to unpack it`,
      'put the file in place of the link and build again',
    );
  }
}

/** Whoever unpacks a member over a link writes to where the link points, perhaps over PKG-INFO. */
function throughLink(path: string): ArchiveError {
  return new ArchiveError(`${quoted(path)} is unpacked through a link of the archive, over whatever that points at`);
}

/** @throws ArchiveError if it is another file that lands in the same place on some disks. */
function isNamedPkgInfo(path: string, name: string): boolean {
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
