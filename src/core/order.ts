/** Orders text by its UTF-16 code units, which for names of files, tags and versions is their byte order. For `sort`. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
