/** Whether Python takes a character for white space: `str.isspace`. It is not what `trim` takes. */
function isPythonSpace(character: string): boolean {
  const code = character.charCodeAt(0);
  if (code < 0x80) return (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x20);
  return code === 0x85 || /^[\p{Zs}\p{Zl}\p{Zp}]$/u.test(character);
}

/** Text without the white space around it: `str.strip`. */
export function stripped(text: string): string {
  return cutAtEnds(text, isPythonSpace);
}

/**
 * Text without the characters at both ends that are to go.
 * Cut by hand, as a pattern would look at every run of blanks from each of its characters.
 */
export function cutAtEnds(text: string, goes: (character: string) => boolean): string {
  let start = 0;
  let end = text.length;
  while (start < end && goes(text.charAt(start))) start += 1;
  while (end > start && goes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** How many characters of white space a text begins with. */
export function indentOf(text: string): number {
  let indent = 0;
  while (indent < text.length && isPythonSpace(text.charAt(indent))) indent += 1;
  return indent;
}

export function hasSpace(text: string): boolean {
  for (const character of text) if (isPythonSpace(character)) return true;
  return false;
}

const LINE_ENDS = '\n\v\f\r\u001c\u001d\u001e\u0085\u2028\u2029';

/** The lines of a text as `str.splitlines` cuts it. */
export function* splitLines(text: string): Generator<string> {
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (!LINE_ENDS.includes(text.charAt(at))) continue;
    yield text.slice(start, at);
    if (text.startsWith('\r\n', at)) at += 1;
    start = at + 1;
  }
  if (start < text.length) yield text.slice(start);
}
