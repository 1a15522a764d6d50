/** As much of one foreign text as a log line may take. */
const LONGEST = 1_000;

/**
 * Untrusted text made safe for one log line of a terminal or a runner: no control characters, line ends, terminal
 * escapes, bidirectional overrides or invisible characters, no runner command, bounded length.
 *
 * The runner reads `::name::` at the start of a line (after blanks) and `##[name]` anywhere in a line, on stdout and on
 * stderr, so both openings are broken up wherever they stand.
 */
export function printable(text: string, longest = LONGEST): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}… (${text.length - longest} more)` : text;
  return cut
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu, escaped)
    .replace(/:(?=:)/g, ':\u2009')
    .replace(/#(?=#\[)/g, '#\u2009');
}

/** The same for text of several lines: every line made safe by itself, the line ends kept. */
export function printableLines(text: string, longest = 4 * LONGEST): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}… (${text.length - longest} more)` : text;
  return cut
    .split(/\r\n|\n|\r/)
    .map((line) => printable(line, longest + 32))
    .join('\n');
}

function escaped(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return point < 0x100 ? `\\x${point.toString(16).padStart(2, '0')}` : `\\u{${point.toString(16)}}`;
}
