import { quoted } from '../../archive/archive-error.js';

const TYPES = ['text/plain', 'text/x-rst', 'text/markdown'];
const VARIANTS = ['GFM', 'CommonMark'];
/** RFC 2045 section 5.1: a word is a token. */
const WORD = '[^\\s()<>@,;:\\\\"/[\\]?=]+';
const PARAMETER = new RegExp(`;[\\t ]*(${WORD})[\\t ]*=[\\t ]*(?:"([^"]*)"|(${WORD}))[\\t ]*`, 'y');

/**
 * Why a `Description-Content-Type` is none.
 * @see https://packaging.python.org/en/latest/specifications/core-metadata/#description-content-type
 */
export function contentTypeFault(text: string): string | undefined {
  const [head = '', type = ''] = /^([^\s;]*)[\t ]*/.exec(text) ?? [];
  if (!TYPES.includes(type.toLowerCase())) return `it is none of ${TYPES.join(', ')}`;
  const parameters = new Map<string, string>();
  PARAMETER.lastIndex = head.length;
  for (;;) {
    const at = PARAMETER.lastIndex;
    const [, name, inQuotes, plain = ''] = PARAMETER.exec(text) ?? [];
    if (name === undefined) {
      // Python takes a semicolon that nothing follows.
      if (at === text.length || (at === text.length - 1 && text.endsWith(';'))) break;
      return `its parameters are not of the form ${quoted('; name=value')}`;
    }
    parameters.set(name.toLowerCase(), inQuotes ?? plain);
  }
  const charset = parameters.get('charset');
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8') return 'its charset is not UTF-8';
  const variant = parameters.get('variant') ?? 'GFM';
  if (type.toLowerCase() !== 'text/markdown' || VARIANTS.includes(variant)) return undefined;
  return `its variant is none of ${VARIANTS.join(', ')}`;
}
