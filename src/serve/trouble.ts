/** What a failure of the registry is to a client: a gateway that got no answer, never "not there". */
import { explain, UserError } from '../core/errors.js';
import { isDenied } from '../oci/errors.js';
import type { Trouble } from '../simple/problem-document.js';
import type { ServeFailure } from './event.js';
import { NotReadyError } from './projects/projects.js';

/**
 * Why an owned project or file cannot be had. The status is 504: pip does not try it again and says it, uv and Poetry stop
 * there. A 404 would send some of them to another index.
 */
export function troubleWith(
  project: string,
  error: unknown,
): { readonly trouble: Trouble; readonly failure: ServeFailure } {
  const hint = error instanceof UserError ? error.hint : undefined;
  const message = messageFor(project, error);
  const detail = hint === undefined ? message : `${message}. To fix it: ${hint}`;
  return { trouble: { status: 504, title: titleFor(error), detail }, failure: { project, message, hint } };
}

function messageFor(project: string, error: unknown): string {
  const said = explain(error).replaceAll('\n', ': ');
  return isDenied(error) ? `${project} is not in the registry, or these credentials may not read it (${said})` : said;
}

function titleFor(error: unknown): string {
  if (error instanceof NotReadyError) return 'Still reading the registry';
  if (isDenied(error)) return 'Not there or not allowed by the registry';
  return error instanceof UserError ? 'The registry failed' : 'Internal error';
}
