import { quoted } from '../../archive/archive-error.js';

const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const KEYWORDS = new Set([
  ...['False', 'None', 'True', 'and', 'as', 'assert', 'async', 'await', 'break', 'class', 'continue', 'def', 'del'],
  ...['elif', 'else', 'except', 'finally', 'for', 'from', 'global', 'if', 'import', 'in', 'is', 'lambda', 'nonlocal'],
  ...['not', 'or', 'pass', 'raise', 'return', 'try', 'while', 'with', 'yield'],
]);

/**
 * Why an `Import-Name` or `Import-Namespace` is none: `name.of.module`, with `; private` behind it or not.
 * @see https://packaging.python.org/en/latest/specifications/core-metadata/#import-name-multiple-use
 */
export function importNameFault(text: string): string | undefined {
  const semicolon = text.indexOf(';');
  const name = semicolon < 0 ? text : text.slice(0, semicolon).trimEnd();
  const wrong = name.split('.').find((part) => !IDENTIFIER.test(part) || KEYWORDS.has(part));
  if (wrong !== undefined) return `${quoted(wrong)} is no name that Python can import`;
  if (semicolon < 0 || text.slice(semicolon + 1).trimStart() === 'private') return undefined;
  return 'only "private" may follow its ";"';
}
