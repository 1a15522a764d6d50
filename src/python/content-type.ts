import { quoted } from './archive-error.js';

const TYPES = ['text/plain', 'text/x-rst', 'text/markdown'];
const VARIANTS = ['GFM', 'CommonMark'];
const PARAMETER = /;[\t ]*([^\s;="]+)[\t ]*=[\t ]*(?:"([^"]*)"|([^\s;"]+))[\t ]*/y;

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
      if (at === text.length) break;
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
