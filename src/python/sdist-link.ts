import { isUtf8 } from 'node:buffer';
import { ArchiveError, quoted } from './archive-error.js';
import { LONGEST_NAME, LONGEST_PATH } from './archive-limits.js';
import { isControl, isLongName, oddCharacter } from './member-path.js';
import type { TarLink } from './tar-member.js';

const HINT = 'put the file in place of the link, or leave it out of the sdist, and build again';

/**
 * Where a link of an sdist points, as a path from the root of the archive. It must stay below the top folder: pip unpacks
 * nothing else, and uv no target that it would have to look at the disk for.
 *
 * @param path of the link
 * @returns without `.`, `..` and empty parts; it need not exist
 * @throws ArchiveError
 */
export function linkTarget(path: string, { hard, target }: TarLink): string {
  const text = target.toString();
  const refuse = (reason: string): ArchiveError =>
    new ArchiveError(`${quoted(path)} is a ${hard ? 'hard' : 'symbolic'} link to ${quoted(text)}, ${reason}`, HINT);
  if (text === '') throw refuse('which is nothing: uv refuses to unpack it');
  if (target.length > LONGEST_PATH) throw refuse(`which has ${target.length} bytes, more than ${LONGEST_PATH}`);
  if (text.split('/').some(isLongName)) throw refuse(`which has a name of more than ${LONGEST_NAME} bytes`);
  if (!isUtf8(target)) throw refuse('which is not UTF-8: uv refuses to unpack it');
  if (text.startsWith('/')) throw refuse('an absolute path: pip and uv refuse to unpack it');
  const odd = target.some(isControl) ? 'holds control characters' : oddCharacter(text);
  if (odd !== undefined) throw refuse(`which ${odd}: uv refuses to unpack it`);
  const folder = path.split('/').slice(0, -1);
  return hard ? hardTarget(text, folder, refuse) : symbolicTarget(text, folder, refuse);
}

type Refuse = (reason: string) => ArchiveError;

/** `..` may only lead: behind a folder it depends on whether that is a link. */
function symbolicTarget(target: string, folder: readonly string[], refuse: Refuse): string {
  const at = [...folder];
  let descended = false;
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') {
      at.push(part);
      descended = true;
      continue;
    }
    if (descended) throw refuse('which goes down and up again: uv refuses to unpack it');
    at.pop();
    if (at.length === 0) throw refuse('outside of the top folder: pip refuses to unpack it');
  }
  return at.join('/');
}

/** It must begin with the top folder just so: pip takes that off and looks for the rest. */
function hardTarget(target: string, folder: readonly string[], refuse: Refuse): string {
  const [top = ''] = folder;
  if (!target.startsWith(`${top}/`) || target.startsWith(`${top}//`)) {
    throw refuse(`which does not begin with "${top}/": pip or uv does not find it`);
  }
  const at: string[] = [];
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') at.push(part);
    else if (at.length > 1) at.pop();
    else throw refuse('outside of the top folder: pip refuses to unpack it');
  }
  return at.join('/');
}
