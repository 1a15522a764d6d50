import { printable } from '../../../core/text/printable.js';
import { type Words, wordsOfJson } from './answer-words.js';
import { wordsOfMarkup } from './markup.js';

/** One reason that a registry gave, in its own words, made safe to print. Each part may be empty. */
export interface Reason {
  readonly code: string;
  readonly message: string;
  /** JSON or text. */
  readonly detail: string;
}

const LONGEST_CODE = 64;
const LONGEST_MESSAGE = 400;
/** Pages hold much that is no reason. */
const LONGEST_PAGE = 240;
/** Characters of all reasons together. */
const LONGEST = 2_000;
const MOST = 5;

/**
 * What the body of a refusal says, whoever wrote it: a registry in JSON, a storage in XML, and what stands in between
 * with text or a page of HTML.
 * @param redact takes secrets out of a text; asked before anything is cut, and again once escapes are undone
 */
export function parseReasons(body: string, redact: (text: string) => string = (text) => text): readonly Reason[] {
  const text = redact(body.trim());
  const safe = ({ code, message, detail }: Words, longest = LONGEST_MESSAGE): Reason => ({
    code: printable(redact(code), LONGEST_CODE),
    message: printable(redact(folded(message)), longest),
    detail: printable(redact(folded(detail)), LONGEST_MESSAGE),
  });
  const told = jsonIn(text);
  if (told !== undefined) return told.slice(0, MOST).map((words) => safe(words));
  const markup = text.startsWith('<');
  const message = markup ? wordsOfMarkup(text) : legible(text);
  return message === '' ? [] : [safe({ code: '', message, detail: '' }, markup ? LONGEST_PAGE : LONGEST_MESSAGE)];
}

/** `DENIED: permission_denied: write_package; …`, or nothing. */
export function reasonText(reasons: readonly Reason[]): string {
  const text = reasons.map(wording).filter(Boolean).join('; ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Everything that was said, for a search for words. */
export function allSaid(reasons: readonly Reason[]): string {
  return reasons.map(({ code, message, detail }) => `${code} ${message} ${detail}`).join(' ');
}

/** Many registries give the reason proper as the detail: the message then only puts the code into words. */
function wording({ code, message, detail }: Reason): string {
  return [code, message, message.includes(detail) ? '' : detail].filter(Boolean).join(': ');
}

function jsonIn(text: string): readonly Words[] | undefined {
  try {
    return wordsOfJson(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Bytes that are no text say nothing to people. */
function legible(text: string): string {
  const beginning = [...text.slice(0, LONGEST_MESSAGE)];
  const odd = beginning.filter((character) => character === '\ufffd' || (character < ' ' && !/\s/.test(character)));
  return odd.length * 10 > beginning.length ? '' : text;
}
