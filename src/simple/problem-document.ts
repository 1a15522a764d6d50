/** Why a request failed, in the form that uv prints. @see https://www.rfc-editor.org/rfc/rfc9457 */
import { jsonText } from '../core/text/json-text.js';

export const PROBLEM_TYPE = 'application/problem+json';

export interface Trouble {
  readonly status: number;
  /** A few words, which pip prints: they go into the status line too. */
  readonly title: string;
  /** What happened, and what to do. */
  readonly detail: string;
}

export function problemJson({ status, title, detail }: Trouble): string {
  return jsonText({ type: 'about:blank', title, status, detail });
}
