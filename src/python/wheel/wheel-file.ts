import { isUtf8 } from 'node:buffer';
import { quoted } from '../archive/archive-error.js';
import { stripped } from '../archive/python-text.js';
import { type OnProblem, refusal, SAVE_AS_UTF8, warning } from '../problem.js';

/** What we use of a wheel's WHEEL file. */
export interface WheelFile {
  /** `Tag` lines as they stand. */
  readonly tags: readonly string[];
  readonly build: string | undefined;
}

interface Field {
  readonly name: string;
  readonly value: string;
}

const FIELD = /^([!-9;-~]*):(.*)$/s;
const VERSION = 'Wheel-Version';
const PURELIB = 'Root-Is-Purelib';

/**
 * Reads a WHEEL file by the grammar of Python's `email` module, as pip does, and reports what pip or uv refuse it for.
 *
 * @see https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-contents
 */
export function readWheelFile(bytes: Buffer, report: OnProblem): WheelFile {
  if (!isUtf8(bytes)) report(refusal('its WHEEL is not UTF-8: pip and uv refuse to install it', SAVE_AS_UTF8));
  const fields = parseFields(bytes.toString());
  checkVersion(fields, report);
  checkPurelib(fields, report);
  const named = (name: string): readonly string[] =>
    fields.filter((field) => field.name.toLowerCase() === name).map(({ value }) => value);
  return { tags: named('tag'), build: named('build')[0] };
}

/** All fields up to the first line that is none. A line that goes on is joined to the one before with its line end. */
function parseFields(text: string): readonly Field[] {
  const fields: Field[] = [];
  for (const line of text.split(/\r\n|\n|\r/)) {
    const last = fields.at(-1);
    if (/^[\t ]/.test(line)) {
      if (last) fields[fields.length - 1] = { ...last, value: `${last.value}\n${line}`.trim() };
      continue;
    }
    const [, name, value = ''] = FIELD.exec(line) ?? [];
    if (name !== undefined) fields.push({ name, value: value.trim() });
    else if (!line.startsWith('From ')) break;
  }
  return fields;
}

/** Digits that Python makes a number of. */
const MOST_DIGITS = 4300;

/** The first one counts. pip takes whole numbers between dots as `int` does, uv `1` and whatever part follows, or `0.1`. */
function checkVersion(fields: readonly Field[], report: OnProblem): void {
  const field = fields.find(({ name }) => name.toLowerCase() === VERSION.toLowerCase());
  if (field?.name !== VERSION) {
    const found = field
      ? `spells ${VERSION} as ${quoted(field.name)}: uv refuses`
      : `has no ${VERSION}: pip and uv refuse`;
    report(refusal(`its WHEEL ${found} to install it`));
    return;
  }
  const said = `its WHEEL is of version ${quoted(field.value)}`;
  const [major, ...minor] = field.value.split('.');
  if (/^[2-9]|^1[0-9]/.test(field.value)) {
    report(refusal(`${said}: pip and uv install 1.0 and refuse what is newer`));
  } else if (!minor.every(isInteger)) {
    report(refusal(`${said}, expected 1.0: pip refuses to install it`));
  } else if (field.value !== '0.1' && (major !== '1' || minor.length === 0)) {
    report(refusal(`${said}, expected 1.0: uv refuses to install it`));
  } else if (major === '1' && isNewer(minor)) {
    report(warning(`${said}, newer than the 1.0 that installers know: pip warns`));
  }
}

function isInteger(part: string): boolean {
  const text = stripped(part);
  return /^[+-]?\p{Nd}+(?:_\p{Nd}+)*$/u.test(text) && text.replace(/[+_-]/g, '').length <= MOST_DIGITS;
}

/** Whether numbers behind `1.` are more than `0`, as Python compares them: what goes on is more. */
function isNewer([first = '', ...others]: readonly string[]): boolean {
  if (/^[+-]?[0_]+$/.test(stripped(first))) return others.length > 0;
  return !stripped(first).startsWith('-');
}

/** Only where pip, which ignores case, and uv install it in two places. */
function checkPurelib(fields: readonly Field[], report: OnProblem): void {
  const value = fields.find(({ name }) => name.toLowerCase() === PURELIB.toLowerCase())?.value ?? '';
  if (value === 'true' || value.toLowerCase() !== 'true') return;
  report(warning(`its WHEEL says ${PURELIB}: ${quoted(value)}, which pip reads as true and uv as false`));
}
