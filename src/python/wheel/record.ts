/** One row of a RECORD. */
export interface RecordRow {
  /** Columns, 0 for an empty line. */
  readonly columns: number;
  readonly path: string;
  /** The third column, empty if there is none. */
  readonly size: string;
}

const REST = /[^,\r\n]*/y;
const END = /,|\r\n|\n|\r|$/y;
/** The columns that are looked at: path, hash and size. */
const KEPT = 3;

/**
 * The rows of a wheel's RECORD, which is CSV, one by one because a hostile one has millions. Anything is CSV of some
 * kind: as in Python's reader and in uv's, a quote that is never closed goes on to the end, and one within a field is
 * part of it.
 *
 * @see https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file
 */
export function* recordRows(text: string): Generator<RecordRow> {
  let fields: string[] = [];
  let columns = 0;
  let at = 0;
  while (at < text.length || columns > 0) {
    const [field, fieldEnd] = readField(text, at);
    const separator = matchAt(END, text, fieldEnd);
    const empty = columns === 0 && fieldEnd === at && separator !== ',';
    if (fields.length < KEPT) fields.push(field);
    columns += 1;
    at = fieldEnd + separator.length;
    if (separator === ',') continue;
    const [path = '', , size = ''] = fields;
    yield { columns: empty ? 0 : columns, path, size };
    fields = [];
    columns = 0;
  }
}

/** A field and where it ends. One pattern for all of it would run out of stack on a quoted one of some megabytes. */
function readField(text: string, start: number): readonly [field: string, end: number] {
  if (text[start] !== '"') {
    const plain = matchAt(REST, text, start);
    return [plain, start + plain.length];
  }
  for (let at = start + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) return [text.slice(start + 1).replaceAll('""', '"'), text.length];
    if (text[at + 1] === '"') continue;
    const behind = matchAt(REST, text, at + 1);
    return [text.slice(start + 1, at).replaceAll('""', '"') + behind, at + 1 + behind.length];
  }
}

/** What a sticky pattern, which matches everywhere, matches at one place. */
function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
