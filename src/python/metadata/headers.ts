import { isUtf8 } from 'node:buffer';
import { cutAtEnds } from '../archive/python-text.js';
import { type OnProblem, refusal } from '../problem.js';
import { type HeaderLine, headerLines } from './header-lines.js';

/** One field of the headers, unfolded. */
export interface Header {
  /** Lower case, because names ignore it. */
  readonly name: string;
  /** Without blanks around it; of a folded value the lines joined by one space. What is no UTF-8 is U+FFFD in it. */
  readonly value: string;
  /** The same as Python has it: a folded value with its line ends and the blanks after them. */
  readonly text: string;
  readonly utf8: boolean;
  /** Whether it goes on over further lines. */
  readonly folded: boolean;
  /** Whether blanks follow the value. */
  readonly padded: boolean;
}

export interface Headers {
  readonly fields: readonly Header[];
  /** Whether anything but an empty line follows them: the description. */
  readonly body: boolean;
  /** The line that ended them without being empty, or was empty though no field stood before it. */
  readonly brokenAt: number | undefined;
}

/** Bytes. The largest headers seen have 80 kB. */
const LONGEST = 1024 * 1024;
/** Each line costs far more memory than the two bytes that it may have. The longest headers seen have some 2,000. */
const MOST_LINES = 20_000;
/** Besides the tab, which blanks a line or folds one. */
const CONTROL = /[^\P{Cc}\t]|[\p{Zl}\p{Zp}]/u;
/** In another encoding the bytes of C1 are letters. */
const ASCII_CONTROL = /[^\P{Cc}\t\u0080-\u009f]/u;
/** RFC 5322 section 3.6.8, with none or more characters as Python's `email` has it. */
const FIELD = /^([!-9;-~]*):/;

/**
 * The headers of core metadata: the grammar of Python's `email.parser`, on which all installers agree more or less.
 * Text that two of them would take for different fields is refused; what follows the headers is not looked at.
 */
export function readHeaders(bytes: Buffer, report: OnProblem): Headers {
  let brokenAt: number | undefined;
  let end = bytes.length;
  const fields: { readonly name: string; readonly lines: HeaderLine[] }[] = [];
  for (const line of headerLines(bytes)) {
    if (line.end > LONGEST || line.number > MOST_LINES) {
      report(refusal(`its headers are longer than ${LONGEST} bytes or ${MOST_LINES} lines`));
      break;
    }
    const { text } = line;
    if (text === '') {
      if (line.number === 1) brokenAt = line.number;
      end = line.end;
      break;
    }
    const name = /^[\t ]/.test(text) ? undefined : FIELD.exec(text)?.[1];
    if (name !== undefined) {
      fields.push({ name: name.toLowerCase(), lines: [{ ...line, bytes: line.bytes.subarray(name.length + 1) }] });
    } else if (/^[\t ]/.test(text)) {
      const field = fields.at(-1);
      if (field) field.lines.push(line);
      else report(refusal(`line ${line.number} continues a field, but none stands before it`));
    } else if (text.startsWith('From ')) {
      report(refusal(`line ${line.number} begins with "From ", which some readers skip and others stop at`));
      break;
    } else {
      brokenAt = line.number;
      end = line.start;
      break;
    }
    reportStrange(line, report);
  }
  return { fields: fields.map(({ name, lines }) => unfold(name, lines)), body: end < bytes.length, brokenAt };
}

function unfold(name: string, lines: readonly HeaderLine[]): Header {
  const parts = lines.map(({ bytes }) => bytes.toString());
  return {
    name,
    value: parts
      .map(withoutBlanks)
      .filter((part) => part !== '')
      .join(' '),
    text: withoutBlanks(parts.join('\n')),
    utf8: lines.every(({ bytes }) => isUtf8(bytes)),
    folded: lines.length > 1,
    padded: /[\t ]$/.test(parts.at(-1) ?? ''),
  };
}

/** Characters that end a line for some readers and not for others, or end the text. */
function reportStrange({ bytes, number }: HeaderLine, report: OnProblem): void {
  const found = (isUtf8(bytes) ? CONTROL.exec(bytes.toString()) : ASCII_CONTROL.exec(bytes.toString('latin1')))?.[0];
  if (found === undefined) return;
  const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  report(
    refusal(
      found === '\r'
        ? `line ${number} holds a carriage return, where the line ends for some readers and not for others`
        : `line ${number} holds the control character U+${code}`,
    ),
  );
}

function withoutBlanks(text: string): string {
  return cutAtEnds(text, isBlank);
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t';
}
