/** A field without quotes. */
const PLAIN = /[^",\r\n]*/y;
const END = /,|\r\n|\n|\r|$/y;

/**
 * The paths that a wheel's RECORD lists, the first column of its CSV, one by one because a hostile one has millions. Rows
 * that are no CSV are left out, since this only serves a warning.
 *
 * @see https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file
 */
export function* recordedPaths(record: Buffer): Generator<string> {
  const text = record.toString();
  let column = 0;
  let at = 0;
  while (at < text.length) {
    const fieldEnd = endOfField(text, at);
    const separator = fieldEnd === undefined ? undefined : matchAt(END, text, fieldEnd);
    if (fieldEnd === undefined || separator === undefined) {
      const next = text.indexOf('\n', at);
      if (next < 0) break;
      at = next + 1;
      column = 0;
      continue;
    }
    const field = text.slice(at, fieldEnd);
    if (column === 0 && field) yield field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
    column = separator === ',' ? column + 1 : 0;
    at = fieldEnd + separator.length;
  }
}

/**
 * Where the field ends that begins at `start`; `undefined` if its quote is never closed. One pattern for both kinds of
 * fields would run out of stack on a quoted one of some megabytes.
 */
function endOfField(text: string, start: number): number | undefined {
  if (text[start] !== '"') return start + (matchAt(PLAIN, text, start)?.length ?? 0);
  for (let at = start + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) return undefined;
    if (text[at + 1] !== '"') return at + 1;
  }
}

/** What a sticky pattern matches at one place. */
function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
