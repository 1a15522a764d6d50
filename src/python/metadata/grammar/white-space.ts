/**
 * Text without the white space around it as Python and Rust have it, which is not what `trim` takes: that leaves U+0085
 * and takes U+FEFF. Control characters were refused before. Cut from both ends, as a pattern would look at every run of
 * blanks from each of its characters.
 */
export function withoutSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charAt(start))) start += 1;
  while (end > start && isSpace(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isSpace(character: string): boolean {
  return /^[\t\n\r\p{Zs}]$/u.test(character);
}
