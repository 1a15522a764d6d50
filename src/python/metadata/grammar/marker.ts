import { quoted } from '../../archive/archive-error.js';
import type { Fault } from './fault.js';
import { clauseFault } from './specifiers.js';
import type { TextCursor } from './text-cursor.js';
import { withoutSpace } from './white-space.js';

/** Brackets within brackets. `packaging`, with which pip reads, stops there; before, pip ran out of stack a bit later. */
const DEEPEST = 200;

const VARIABLES = [
  ...['python_version', 'python_full_version', 'os[._]name', 'sys[._]platform', 'platform_release', 'platform_system'],
  ...['platform[._]version', 'platform[._]machine', 'platform[._]python_implementation', 'python_implementation'],
  ...['implementation_name', 'implementation_version', 'extras?', 'dependency_groups'],
];
const VARIABLE = new RegExp(`(?:${VARIABLES.join('|')})\\b`, 'y');
const STRING = /'[^']*'|"[^"]*"/y;
/** As Python knows them. A character by its name is left out: what names there are, only Python knows. */
const ESCAPE = /\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U(?:000[0-9A-Fa-f]|0010)[0-9A-Fa-f]{4}|[^xuUN])/gu;
const OPERATOR = /not[\t ]+in\b|in\b|===|==|~=|!=|<=|>=|<|>/y;
/** What may be asked of an environment. `extras` and `dependency_groups` may only be asked in lock files. */
const KNOWN = [
  ...['python_version', 'python_full_version', 'os_name', 'sys_platform', 'platform_release', 'platform_system'],
  ...['platform_version', 'platform_machine', 'platform_python_implementation', 'implementation_name'],
  ...['implementation_version', 'extra'],
];
/** Those whose value is a version everywhere. pip compares `platform_release` as one too, which on Linux it is not. */
const VERSIONS = ['python_version', 'python_full_version', 'implementation_version'];
const COMPARED_AS_VERSIONS = [...VERSIONS, 'platform_release'];

/**
 * Reads a marker, such as `python_version >= "3.8" and extra == "test"`, up to where it ends.
 * @returns why it cannot be read
 * @see https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers
 */
export function readMarker(cursor: TextCursor, depth = 0): Fault | undefined {
  for (;;) {
    const fault = readTerm(cursor, depth);
    if (fault) return fault;
    const word = cursor.take(/(?:or|and)\b/y);
    if (word === undefined) return undefined;
    // uv takes the word to go on until there.
    if (!/^[\t (]?$/.test(cursor.next)) return { by: 'uv', cause: `no blank follows "${word}"` };
  }
}

function readTerm(cursor: TextCursor, depth: number): Fault | undefined {
  cursor.skipBlanks();
  if (cursor.take(/\(/y) === undefined) return readComparison(cursor);
  if (depth === DEEPEST) return { by: 'pip', cause: `its marker has more than ${DEEPEST} brackets within each other` };
  const fault = readMarker(cursor, depth + 1);
  if (fault) return fault;
  if (cursor.take(/\)/y) === undefined) return expected('")" in its marker', cursor);
  cursor.skipBlanks();
  return undefined;
}

/** One side of a comparison. */
interface Side {
  readonly quoted: boolean;
  /** The name of a variable, or what stands between the quotes. */
  readonly text: string;
}

function readComparison(cursor: TextCursor): Fault | undefined {
  const left = readSide(cursor);
  if (!left) return expected('a variable or a quoted text in its marker', cursor);
  cursor.skipBlanks();
  const operator = cursor.take(OPERATOR);
  if (operator === undefined) return expected('a comparison in its marker', cursor);
  cursor.skipBlanks();
  const right = readSide(cursor);
  if (!right) return expected('a variable or a quoted text in its marker', cursor);
  cursor.skipBlanks();
  return stringFault(left) ?? stringFault(right) ?? comparisonFault(left, operator, right);
}

function readSide(cursor: TextCursor): Side | undefined {
  const text = cursor.take(STRING);
  if (text !== undefined) return { quoted: true, text: text.slice(1, -1) };
  const variable = cursor.take(VARIABLE)?.replace('.', '_');
  if (variable === undefined) return undefined;
  return { quoted: false, text: variable === 'python_implementation' ? `platform_${variable}` : variable };
}

/** pip reads a quoted text as Python does: a backslash has to be the start of something. */
function stringFault({ text }: Side): Fault | undefined {
  const plain = text.replace(ESCAPE, '');
  if (!/[\\\n]/.test(plain)) return undefined;
  return {
    by: 'pip',
    cause: `the text ${quoted(text)} in its marker holds a backslash or a line end that Python refuses`,
  };
}

/** pip has an error of its own for comparisons that nothing is defined for, and ends with it. */
function comparisonFault(left: Side, operator: string, right: Side): Fault | undefined {
  const asked = left.quoted ? right : left;
  if (!KNOWN.includes(asked.text)) {
    return left.quoted && right.quoted
      ? { by: 'pip', cause: `its marker compares ${quoted(left.text)} with ${quoted(right.text)}, two texts` }
      : { by: 'pip', cause: `its marker asks for ${asked.text}, which only lock files may` };
  }
  if (operator === '===') return { by: 'uv', cause: 'its marker compares with "==="', cure: 'write "=="' };
  if (operator !== '~=') return undefined;
  const defined = left.quoted
    ? VERSIONS.includes(asked.text)
    : COMPARED_AS_VERSIONS.includes(asked.text) && clauseFault(withoutSpace(`~=${right.text}`))?.by !== 'pip';
  if (defined) return undefined;
  return {
    by: 'pip',
    cause: `its marker compares ${asked.text} with "~=", which needs a version of two numbers or more`,
  };
}

function expected(what: string, cursor: TextCursor): Fault {
  const { rest } = cursor;
  return { by: 'pip', cause: `${what} is missing ${rest === '' ? 'at the end' : `before ${quoted(rest)}`}` };
}
