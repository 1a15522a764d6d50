import { UserError } from '../../../core/errors.js';
import type { Http, ReadAnswer, RegistryRequest } from '../http.js';
import { sameOrigin } from '../origins/origin.js';
import { strayHint } from '../origins/public-address.js';
import { nextPage } from './link.js';

/** Pages after which a list is taken to have no end. */
const MOST_PAGES = 1000;
/** Bytes of all pages: a thousand of the largest would fill any memory. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Reads a list page by page, as `Link` leads, on the registry's own origin only.
 * @param take takes a page in; whether it brought anything new. Gitea links from the last page to an empty one.
 * @throws UserError if the next page is elsewhere, or the list too long
 */
export async function readPages(
  http: Http,
  first: RegistryRequest,
  take: (page: ReadAnswer) => boolean,
): Promise<void> {
  let request = first;
  let bytes = 0;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const answer = await http.ask(request);
    bytes += answer.body.length;
    if (bytes > MOST_BYTES) throw new UserError(`Cannot ${first.step}: the list has more than ${MOST_BYTES} bytes`);
    const next = take(answer) ? nextPage(answer.headers.link, answer.url) : undefined;
    if (!next) return;
    if (!sameOrigin(next, first.url)) {
      throw new UserError(`Cannot ${first.step}: ${first.url.host} continues its list at ${next.host}`, {
        hint: strayHint(first.url, next) ?? `ask whoever runs ${first.url.host} to correct its public address`,
      });
    }
    request = { ...first, url: next };
  }
  throw new UserError(`Cannot ${first.step}: the list has more than ${MOST_PAGES} pages`);
}
