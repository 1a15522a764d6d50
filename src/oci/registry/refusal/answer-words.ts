import { isObject } from '../../descriptor.js';
import { isDeeper } from '../../nesting.js';

/** One reason as it came: neither cut nor safe to print. Each part may be empty. */
export interface Words {
  readonly code: string;
  readonly message: string;
  readonly detail: string;
}

/** Nobody explains anything with more; JSON.stringify, which shows it, would run out of stack. */
const DEEPEST = 32;

/** Members that say what is the matter, the better ones first. Compared without regard to case. */
const MESSAGES = [
  'error_description',
  'message',
  'msg',
  'title',
  'reason',
  'errormessage',
  'error_message',
  'faultstring',
];
const DETAILS = ['detail', 'details', 'description'];
/** Members around all the others. */
const WRAPPERS = ['errors', 'error', 'fault'];

/**
 * What a JSON value says. Registries answer with a list `errors`, token services with `error` and `error_description` or
 * `details`, Artifactory with errors without a code, Google's and Amazon's gateways with an object `error` or with
 * `Message`, others with problem details or with a text alone.
 *
 * A `code` is only what stands where the distribution spec and the token services have it, since codes decide what is
 * done next ("not there" is one): of all other forms it is part of the message.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function wordsOfJson(value: unknown): readonly Words[] {
  if (isDeeper(value, DEEPEST)) return [];
  if (!isObject(value)) return listed(value, false);
  const errors = listed(value.errors, true);
  if (errors.length > 0) return errors;
  const wrapped = WRAPPERS.map((name) => value[name]).find((inner) => isObject(inner));
  const inner = wrapped === undefined ? [] : listed([wrapped], false);
  if (inner.length > 0) return inner;
  return spoken(wordsOf(value, true)) ?? unknown(value);
}

/** @param coded whether codes of these are the registry's */
function listed(value: unknown, coded: boolean): readonly Words[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [{ code: '', message: value, detail: '' }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) =>
    isObject(entry) ? (spoken(wordsOf(entry, coded)) ?? unknown(entry)) : listed(entry, false),
  );
}

function wordsOf(value: Readonly<Record<string, unknown>>, coded: boolean): Words {
  const members = new Map(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
  const first = (names: readonly string[]): string =>
    names.map((name) => textOf(members.get(name))).find(Boolean) ?? '';
  const code = codeOf(members.get('code') ?? members.get('error') ?? members.get('__type'));
  const message = first(MESSAGES);
  const detail = first(DETAILS);
  if (coded) return message === '' && code === '' ? { code, message: detail, detail: '' } : { code, message, detail };
  return { code: '', message: [code, message].filter(Boolean).join(': ') || detail, detail: message && detail };
}

/** A number repeats the status. */
function codeOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function spoken(words: Words): readonly Words[] | undefined {
  return words.code || words.message || words.detail ? [words] : undefined;
}

/** An object of a form of its own is shown whole, if there are words in it. */
function unknown(value: Readonly<Record<string, unknown>>): readonly Words[] {
  const worded = Object.values(value).some((member) => typeof member === 'string' && member.trim() !== '');
  return worded ? [{ code: '', message: JSON.stringify(value), detail: '' }] : [];
}

/** JSON where it is no text; nothing where it is empty. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'object' && Object.keys(value).length === 0 ? '' : JSON.stringify(value);
}
