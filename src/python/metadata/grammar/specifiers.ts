import { quoted } from '../../archive/archive-error.js';
import { hugeNumber, parseVersion } from '../../version.js';
import { type Fault, worstFault } from './fault.js';
import { withoutSpace } from './white-space.js';

const OPERATORS = '==, !=, <=, >=, <, >, ~= or ===';
/** White space as Python and Rust have it, but for control characters, which no header holds. */
const OPERATOR = /^(===|==|~=|!=|<=|>=|<|>)[\t\n\r\p{Zs}]*/u;
const RELEASE = /^v?(?:[0-9]+!)?[0-9]+(?:\.[0-9]+)*$/i;

/**
 * Why a set of version specifiers cannot be read: comparisons with commas between them, as in `>=3.8, !=3.9.*`. A comma
 * may stand at the end.
 *
 * @param text without white space around it; none at all is a set of none
 * @see https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
export function specifiersFault(text: string): Fault | undefined {
  const clauses = text.split(',');
  if (withoutSpace(clauses.at(-1) ?? '') === '') clauses.pop();
  return worstFault(clauses, (clause) => clauseFault(withoutSpace(clause)));
}

/**
 * Why one comparison cannot be read, such as `>=3.8`.
 * @param clause without white space around it
 */
export function clauseFault(clause: string): Fault | undefined {
  // Python's SpecifierSet skips it.
  if (clause === '') return { by: 'uv', cause: 'nothing stands before a comma' };
  const [all = '', operator] = OPERATOR.exec(clause) ?? [];
  const version = clause.slice(all.length);
  if (operator === undefined) return withoutOperator(clause);
  if (version === '') return { by: operator === '===' ? 'uv' : 'pip', cause: `${quoted(clause)} names no version` };
  if (version.endsWith('.*')) return wildcardFault(operator, version);
  const parsed = parseVersion(version);
  if (parsed?.spelled !== version) return noVersion(operator, version);
  if (parsed.normal.includes('+') && !operator.includes('==') && operator !== '!=') {
    return { by: 'pip', cause: `${quoted(clause)} has a local version, which only == and != may have` };
  }
  if (operator === '~=' && !/^(?:[0-9]+!)?[0-9]+\./.test(parsed.normal)) {
    const cure = RELEASE.test(version) ? `write "~=${version}.0" or ">=${version}"` : `write ">=${version}"`;
    return { by: 'pip', cause: `${quoted(clause)} has one number, where ~= needs two`, cure };
  }
  return numberFault(version, hugeNumber(parsed));
}

function withoutOperator(clause: string): Fault {
  const cause = `${quoted(clause)} begins with none of ${OPERATORS}`;
  return RELEASE.test(clause)
    ? { by: 'pip', cause, cure: `write ">=${clause}" or "==${clause}"` }
    : { by: 'pip', cause };
}

function wildcardFault(operator: string, version: string): Fault | undefined {
  const base = version.slice(0, -2);
  if (!RELEASE.test(base)) return noVersion(operator, version);
  // Python compares it as text.
  if (operator === '===') return { by: 'uv', cause: '=== stands before ".*"', cure: `write "==${version}"` };
  if (operator !== '==' && operator !== '!=') {
    const cause = `${quoted(`${operator}${version}`)} ends with ".*", which only == and != may have`;
    return { by: 'pip', cause, cure: `write "${operator}${base}"` };
  }
  const parsed = parseVersion(base);
  return parsed ? numberFault(version, hugeNumber(parsed)) : noVersion(operator, version);
}

function noVersion(operator: string, version: string): Fault {
  if (/[<>=!~]/.test(version)) {
    return { by: 'pip', cause: `no comma stands between the comparisons of ${quoted(`${operator}${version}`)}` };
  }
  // Python takes any text behind it, but no blank in it.
  const arbitrary = operator === '===' && !/\s/.test(version);
  return { by: arbitrary ? 'uv' : 'pip', cause: `${quoted(version)} behind ${operator} is no version` };
}

function numberFault(version: string, number: string | undefined): Fault | undefined {
  return number === undefined ? undefined : { by: 'uv', cause: `a number of ${quoted(version)} is too large for it` };
}
