import { printable } from '../../core/text/printable.js';

/**
 * Characters that mean something to Markdown or HTML, that make a link, a mention or a formula, or part table cells.
 * A reference such as `&#124;` is text to both, wherever it stands.
 */
const MEANINGFUL = /[\\`*_{}[\]#!|<>&~@:="'$^]|(?<=www)\./gi;
/** What may stand in a code span as it is, in a table or out of it. */
const PLAIN = /^[A-Za-z0-9.,+=:/@()~_ -]+$/;

/** Untrusted text as Markdown that shows it and does nothing else. One line. */
export function markdownText(text: string, longest?: number): string {
  return escaped(printable(text, longest));
}

function escaped(line: string): string {
  return line.replace(MEANINGFUL, (character) => `&#${character.charCodeAt(0)};`);
}

/** The same for several lines, kept apart by breaks; what stands between two backticks of a line is shown in code type. */
export function markdownLines(text: string): string {
  return text
    .split(/\r\n|\n|\r/)
    .map((line) => withCode(printable(line)))
    .join('<br>');
}

/** Tags, not backticks, for the code: spans that touch each other would become one. */
function withCode(line: string): string {
  return line
    .split(/`([^`]+)`/)
    .map((part, at) => (at % 2 === 1 ? `<code>${escaped(part)}</code>` : escaped(part)))
    .join('');
}

/** Untrusted text in code type. */
export function markdownCode(text: string): string {
  return PLAIN.test(text) ? `\`${text}\`` : `<code>${markdownText(text)}</code>`;
}
