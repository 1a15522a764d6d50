import { resolveUrl } from '../origins/origin.js';

/**
 * Where the next page is, as the `Link` header says: absolute, or `undefined` on the last page.
 * @param base the URL that was answered
 * @see https://www.rfc-editor.org/rfc/rfc8288#section-3
 */
export function nextPage(header: string | readonly string[] | undefined, base: URL): URL | undefined {
  const text = Array.isArray(header) ? header.join(',') : `${header ?? ''}`;
  for (const [, target = '', parameters = ''] of text.matchAll(/<([^<>]*)>((?:[^<",]|"[^"]*")*)/g)) {
    const [, quoted, bare = ''] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters) ?? [];
    const relations = (quoted ?? bare).toLowerCase().split(/\s+/);
    if (relations.includes('next')) return resolveUrl(target, base);
  }
  return undefined;
}
