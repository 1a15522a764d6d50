import { quoted } from '../../archive/archive-error.js';
import { directUrlFault } from './direct-url.js';
import type { Fault } from './fault.js';
import { readMarker } from './marker.js';
import { specifiersFault } from './specifiers.js';
import { TextCursor } from './text-cursor.js';
import { withoutSpace } from './white-space.js';

const NAME = /[A-Za-z0-9][A-Za-z0-9._-]*/y;
/** uv takes a name alone that looks like a file for one. */
const FILE = /\.(?:whl|zip|tgz|tbz|txz|tlz|tar|tar\.(?:gz|bz2|xz|lz|lzma))$/;

/** What there is to say of a requirement. */
export interface RequirementReading {
  readonly fault: Fault | undefined;
  /** Whether it names a place to get the project from, instead of versions of it. */
  readonly direct: boolean;
}

/**
 * Reads a requirement, such as `name[extra]>=1.0; python_version >= "3.8"` or `name @ https://…`, by the grammar that
 * both pip and uv read: what one of them refuses is a fault.
 *
 * @param text line ends of a folded field kept, for which pip has no grammar in most places
 * @see https://packaging.python.org/en/latest/specifications/dependency-specifiers/
 */
export function readRequirement(text: string): RequirementReading {
  const cursor = new TextCursor(withoutSpace(text));
  const name = cursor.take(NAME);
  if (name === undefined) return { fault: { by: 'pip', cause: 'it does not begin with a name' }, direct: false };
  cursor.skipBlanks();
  const head = endFault(name) ?? readExtras(cursor);
  if (head) return { fault: head, direct: false };
  cursor.skipBlanks();
  const direct = cursor.next === '@';
  const middle = direct ? readUrl(cursor) : readVersions(cursor, name);
  return { fault: middle ?? readTail(cursor), direct };
}

/** pip lets names of requirements end with a line below. */
function endFault(name: string): Fault | undefined {
  if (/[A-Za-z0-9]$/.test(name)) return undefined;
  return { by: name.endsWith('_') ? 'uv' : 'pip', cause: `the name ${quoted(name)} ends with no letter or digit` };
}

function readExtras(cursor: TextCursor): Fault | undefined {
  if (cursor.take(/\[[\t ]*/y) === undefined) return undefined;
  if (cursor.take(/\]/y) !== undefined) return undefined;
  for (;;) {
    const extra = cursor.take(NAME);
    if (extra === undefined) return { by: 'pip', cause: 'the name of an extra is missing between its "[" and "]"' };
    const fault = endFault(extra);
    if (fault) return fault;
    cursor.skipBlanks();
    if (cursor.take(/\]/y) !== undefined) return undefined;
    if (cursor.take(/,[\t ]*/y) === undefined) {
      return { by: 'pip', cause: `"," or "]" is missing behind the extra ${quoted(extra)}` };
    }
  }
}

function readUrl(cursor: TextCursor): Fault | undefined {
  cursor.take(/@[\t ]*/y);
  const url = cursor.take(/[^\t ]+/y);
  if (url === undefined) return { by: 'pip', cause: 'no URL follows its "@"' };
  cursor.skipBlanks();
  // Without a blank before it, it is part of the URL.
  if (url.endsWith(';') && !/^;?$/.test(cursor.next)) {
    return { by: 'pip', cause: 'no blank stands between its URL and ";"', cure: 'put a blank before the ";"' };
  }
  return directUrlFault(url);
}

function readVersions(cursor: TextCursor, name: string): Fault | undefined {
  if (cursor.take(/\(/y) === undefined) {
    const specifiers = cursor.take(/[^;]+/y) ?? '';
    if (specifiers !== '') return listFault(specifiers);
    if (!FILE.test(name)) return undefined;
    return { by: 'uv', cause: `the name ${quoted(name)} looks like that of a file`, cure: `write "${name}>=0"` };
  }
  const specifiers = cursor.take(/[^)]*/y) ?? '';
  if (cursor.take(/\)/y) === undefined) return { by: 'pip', cause: 'its "(" is not closed' };
  cursor.skipBlanks();
  if (withoutSpace(specifiers) === '') return { by: 'uv', cause: 'nothing stands between its "(" and ")"' };
  return listFault(specifiers);
}

/** In requirements pip wants a comparison before each comma, and no white space but blanks around them. */
function listFault(text: string): Fault | undefined {
  if (/^[\t ]*,|,[\t ]*,/.test(text)) return { by: 'pip', cause: 'nothing stands before a comma' };
  if (/(?:^|,)[\t ]*[^\P{White_Space}\t ]|[^\P{White_Space}\t ][\t ]*(?:,|$)/u.test(text))
    return { by: 'pip', cause: 'a line end, or a blank that is none, stands beside a comma' };
  return identityFault(text) ?? specifiersFault(withoutSpace(text));
}

/** To pip all up to a blank belongs to the version behind `===`, a comma with what follows it as well. */
function identityFault(text: string): Fault | undefined {
  const goesOn = /[\t ]+[^\t ,]/y;
  for (const { 0: taken, index } of text.matchAll(/===\s*[^\s;)]*/g)) {
    goesOn.lastIndex = index + taken.length;
    if (!goesOn.test(text)) continue;
    return { by: 'pip', cause: 'a blank follows "===" and a comma', cure: 'leave out the blanks behind "==="' };
  }
  return undefined;
}

function readTail(cursor: TextCursor): Fault | undefined {
  if (cursor.next === '') return undefined;
  if (cursor.take(/;/y) === undefined) return { by: 'pip', cause: `";" is missing before ${quoted(cursor.rest)}` };
  const fault = readMarker(cursor);
  if (fault || cursor.next === '') return fault;
  return { by: 'pip', cause: `its marker goes on with ${quoted(cursor.rest)}` };
}
