import retired from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import licenses from 'spdx-license-ids/index.json' with { type: 'json' };
import { quoted } from '../../archive/archive-error.js';

const KNOWN = new Set([...licenses, ...retired].map((id) => id.toLowerCase()));
const WORDS = ['and', 'or', 'with'];
/** Brackets within brackets: where the reference implementation stops. */
const DEEPEST = 200;

/**
 * Why a `License-Expression` is none: identifiers of SPDX with AND, OR, WITH and brackets, in any case. Whether there is
 * an exception of that name is not looked at.
 * @see https://packaging.python.org/en/latest/specifications/license-expression/
 */
export function licenseExpressionFault(text: string): string | undefined {
  let depth = 0;
  /** What the next item has to be: the start of an operand, the name of an exception, or what joins operands. */
  let state: 'operand' | 'exception' | 'joint' = 'operand';
  /** Whether WITH may follow. */
  let simple = false;
  for (const [item] of text.matchAll(/[()]|[^\s()]+/g)) {
    const word = item.toLowerCase();
    const misplaced = `${quoted(item)} stands where it may not`;
    if (item === '(') {
      depth += 1;
      if (state !== 'operand' || depth > DEEPEST) return misplaced;
    } else if (item === ')') {
      depth -= 1;
      if (state !== 'joint' || depth < 0) return misplaced;
      simple = false;
    } else if (WORDS.includes(word)) {
      if (state !== 'joint' || (word === 'with' && !simple)) return misplaced;
      state = word === 'with' ? 'exception' : 'operand';
      simple = false;
    } else {
      if (state === 'joint') return misplaced;
      if (state === 'operand' && !isLicense(word)) return `${quoted(item)} is no licence that SPDX knows`;
      if (state === 'exception' && !/^[a-z0-9.-]+$/.test(word))
        return `${quoted(item)} is no exception that SPDX knows`;
      simple = state === 'operand';
      state = 'joint';
    }
  }
  return state === 'joint' && depth === 0 ? undefined : 'it ends too early';
}

function isLicense(word: string): boolean {
  return /^licenseref-[a-z0-9.-]+$/.test(word) || KNOWN.has(word.endsWith('+') ? word.slice(0, -1) : word);
}
