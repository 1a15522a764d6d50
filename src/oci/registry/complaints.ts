import { printable } from '../../core/printable.js';
import { isObject } from '../descriptor.js';
import { isDeeper } from '../nesting.js';

/** One reason that a registry gave, in its own words, made safe to print. Each part may be empty. */
export interface Complaint {
  readonly code: string;
  readonly message: string;
  /** JSON or text. */
  readonly detail: string;
}

const LONGEST_CODE = 64;
const LONGEST_MESSAGE = 400;
const MOST = 5;
/** Nobody explains anything with more; JSON.stringify, which shows it, would run out of stack. */
const DEEPEST = 32;

/**
 * What the body of a refusal says. Registries answer with `errors`, token services with `error` and
 * `error_description` or `details`, and what stands in between with text or a page of HTML.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes
 */
export function parseComplaints(body: string): readonly Complaint[] {
  const text = body.trim();
  if (text === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return said('', plain(text));
  }
  if (!isObject(value)) return typeof value === 'string' ? said('', value) : [];
  if (isDeeper(value, DEEPEST)) return [];
  const { errors } = value;
  if (Array.isArray(errors)) {
    return errors
      .filter(isObject)
      .slice(0, MOST)
      .map(({ code, message, detail }) => complaint(textOf(code), textOf(message), textOf(detail)));
  }
  return said(textOf(value.code ?? value.error), textOf(value.error_description ?? value.message ?? value.details));
}

/** `DENIED: permission_denied: write_package; …`, or nothing. */
export function complaintText(complaints: readonly Complaint[]): string {
  return complaints
    .map(({ code, message, detail }) => {
      const told = [code, message].filter(Boolean).join(': ');
      // What a token service or an S3 back end has to say often stands in the detail only.
      return message === '' && detail !== '' ? [told, detail].filter(Boolean).join(': ') : told;
    })
    .filter(Boolean)
    .join('; ');
}

function said(code: string, message: string): readonly Complaint[] {
  return code || message ? [complaint(code, message, '')] : [];
}

function complaint(code: string, message: string, detail: string): Complaint {
  return {
    code: printable(code, LONGEST_CODE),
    message: printable(message.replace(/\s+/g, ' ').trim(), LONGEST_MESSAGE),
    detail: printable(detail, LONGEST_MESSAGE),
  };
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Of a page of HTML only its title. */
function plain(text: string): string {
  if (!/^\s*</.test(text)) return text;
  return /<title>([^<]*)<\/title>/i.exec(text)?.[1] ?? '';
}
