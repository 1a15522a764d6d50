import { isUtf8 } from 'node:buffer';
import { ArchiveError, quoted } from './archive-error.js';
import { LONGEST_NAME, LONGEST_PATH } from './archive-limits.js';

/**
 * The path of an archive's member, from its bytes: relative, in UTF-8, its parts joined by single slashes, one more at
 * the end for a folder. Paths that some readers repair and others take literally are refused.
 *
 * @throws ArchiveError
 */
export function parsePath(bytes: Buffer): string {
  const path = bytes.toString();
  const refuse = (reason: string): ArchiveError => new ArchiveError(`the path ${quoted(path)} of a member ${reason}`);
  if (bytes.length === 0) throw new ArchiveError('a member has no name');
  if (bytes.length > LONGEST_PATH) throw refuse(`has ${bytes.length} bytes, more than ${LONGEST_PATH}`);
  if (!isUtf8(bytes)) throw refuse('is not UTF-8, so every reader sees another name');
  if (bytes.some(isControl)) throw refuse('holds control characters');
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) throw refuse('is absolute');
  const parts = withoutSlash(path).split('/');
  if (bytes.length > LONGEST_NAME && parts.some(isLongName))
    throw refuse(`has a name of more than the ${LONGEST_NAME} bytes that file systems take`);
  if (parts.includes('..')) throw refuse('leads out of the archive with ".."');
  if (parts.includes('.') || parts.includes('')) throw refuse('holds "./" or "//", which readers treat differently');
  return path;
}

/** Whether no file can have this name on the file systems of today. */
export function isLongName(name: string): boolean {
  return Buffer.byteLength(name) > LONGEST_NAME;
}

/** A folder's path without the slash at its end; any other path as it is. */
export function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

/**
 * What it is about a path without control characters that uv does not unpack from a tar archive, in words; `undefined` if
 * nothing is. A blank at the
 * end does no harm in front of a slash.
 */
export function oddCharacter(path: string): string | undefined {
  if (path.includes('\\')) return 'holds a backslash';
  if (path.includes(':')) return 'holds a colon';
  if (path.endsWith(' ')) return 'ends with a blank';
  return undefined;
}

/** Whether a byte of UTF-8 is an ASCII control character. */
export function isControl(byte: number): boolean {
  return byte < 0x20 || byte === 0x7f;
}
