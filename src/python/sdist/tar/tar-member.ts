import { ArchiveError, quoted } from '../../archive/archive-error.js';
import { parsePath, withoutSlash } from '../../archive/member-path.js';
import type { TarHeader } from './tar-header.js';

/** One member of a tar archive, extension headers applied. */
export interface TarMember {
  /** Without a slash at the end. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** In bytes; 0 for what is no file. */
  readonly size: number;
  /** There exactly if the kind is `link`. */
  readonly link?: TarLink;
}

/** A symbolic link names its target from its own folder, a hard link from the root of the archive. */
export interface TarLink {
  readonly hard: boolean;
  readonly target: Buffer;
}

const KINDS: ReadonlyMap<string, TarMember['kind']> = new Map([
  ['0', 'file'],
  ['\0', 'file'],
  ['7', 'file'],
  ['1', 'link'],
  ['2', 'link'],
  ['5', 'folder'],
]);

const REFUSED: ReadonlyMap<string, string> = new Map([
  ['3', 'a device'],
  ['4', 'a device'],
  ['6', 'a named pipe'],
  ['S', 'a sparse file'],
]);

/**
 * @param header as it stands in the archive
 * @param changed the same, changed by the extension headers in front of it
 * @throws ArchiveError if it is nothing that an installer unpacks, or if readers differ about it.
 */
export function tarMember(header: TarHeader, changed: TarHeader): TarMember {
  const path = parsePath(changed.path);
  const stated = KINDS.get(changed.type);
  if (!stated) {
    const what = REFUSED.get(changed.type) ?? `of the unknown type ${quoted(changed.type)}`;
    throw new ArchiveError(`${quoted(path)} is ${what}, which installers do not unpack`);
  }
  // A file whose name ends with a slash was the way to write a folder before there was a type for it. Readers look at
  // the name in the header block for that, and only with the old type: with others, it may be a long name cut short.
  const slash = header.type === '\0' && header.path.at(-1) === 0x2f;
  const kind = stated === 'file' && slash ? 'folder' : stated;
  if (kind !== 'folder' && path.endsWith('/')) {
    throw new ArchiveError(
      `${quoted(path)} is a ${kind}, which only some readers take for a folder because of its name`,
    );
  }
  if (kind !== 'file' && changed.size !== 0) {
    throw new ArchiveError(`${quoted(path)} is a ${kind} with data, which some readers take for the next member`);
  }
  const member = { path: withoutSlash(path), kind, size: changed.size };
  if (kind === 'link') return { ...member, link: { hard: changed.type === '1', target: changed.link } };
  if (changed.link.length > 0) {
    throw new ArchiveError(`${quoted(path)} is a ${kind} with a link target, at which uv stops`);
  }
  return member;
}
