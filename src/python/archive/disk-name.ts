/**
 * A member's path without what forgiving file systems make no difference of: two members that are alike in it become one
 * file there, and the later wins. macOS and Windows ignore case and other forms of the same letter, HFS+ characters that
 * are not shown.
 */
export function foldedPath(path: string): string {
  return path
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toUpperCase()
    .toLowerCase();
}

/**
 * The same for a single name as Windows has it besides: dots and blanks at its end do not count, and what follows a colon
 * is a stream of the file.
 */
export function diskName(name: string): string {
  const file = foldedPath(name).split(':', 1)[0] ?? '';
  let end = file.length;
  // A pattern would look at every run of dots from each of them.
  while (end > 0 && (file[end - 1] === '.' || file[end - 1] === ' ')) end -= 1;
  return file.slice(0, end);
}
