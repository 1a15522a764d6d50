/** One line of headers as it stands in the file. */
export interface HeaderLine {
  /** From 1. */
  readonly number: number;
  /** Without the line end, LF or CRLF. */
  readonly bytes: Buffer;
  /** The same, one character a byte. */
  readonly text: string;
  /** Offset in the file. */
  readonly start: number;
  /** Offset in the file behind the line end. */
  readonly end: number;
}

/** The lines of a file, one by one, so that a description behind the headers need not be cut up. */
export function* headerLines(bytes: Buffer): Generator<HeaderLine> {
  let start = 0;
  for (let number = 1; start < bytes.length; number += 1) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed < 0 ? bytes.length : feed + 1;
    const crlf = feed > start && bytes[feed - 1] === 0x0d;
    const line = bytes.subarray(start, feed < 0 ? end : crlf ? feed - 1 : feed);
    yield { number, bytes: line, text: line.toString('latin1'), start, end };
    start = end;
  }
}
