import { cutAtEnds } from '../../archive/python-text.js';

/**
 * Text without the white space around it as Python and Rust have it, which is not what `trim` takes: that leaves U+0085
 * and takes U+FEFF. Control characters were refused before.
 */
export function withoutSpace(text: string): string {
  return cutAtEnds(text, isSpace);
}

function isSpace(character: string): boolean {
  return /^[\t\n\r\p{Zs}]$/u.test(character);
}
