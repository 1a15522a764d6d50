/** Which form of a page a client gets. @see https://packaging.python.org/en/latest/specifications/simple-repository-api/#version-format-selection */
import Negotiator from 'negotiator';

export const JSON_V1 = 'application/vnd.pypi.simple.v1+json';
export const HTML_V1 = 'application/vnd.pypi.simple.v1+html';
export const PLAIN_HTML = 'text/html';

/** What we have, the first being what those get who take anything; and what each name of a form stands for. */
const FORMS: Readonly<Record<string, string>> = {
  [PLAIN_HTML]: PLAIN_HTML,
  [JSON_V1]: JSON_V1,
  [HTML_V1]: HTML_V1,
  'application/vnd.pypi.simple.latest+json': JSON_V1,
  'application/vnd.pypi.simple.latest+html': HTML_V1,
};

/**
 * The media type to answer with.
 * @param accept the header; none is the same as one for anything
 * @returns `undefined` if the client takes none of ours: 406
 */
export function formFor(accept: string | undefined): string | undefined {
  const [best] = new Negotiator({ headers: { accept } }).mediaTypes(Object.keys(FORMS));
  return best === undefined ? undefined : FORMS[best];
}
