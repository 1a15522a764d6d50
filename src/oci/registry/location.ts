import type { Digest } from '../../core/digest.js';
import { UserError } from '../../core/errors.js';
import { resolveUrl } from './origins/origin.js';

/**
 * Where the bytes of an opened upload go: the registry's `Location` as it stands, relative or absolute, its query kept
 * to the letter because it may hold the state of the upload, and the digest added to it.
 * @param base the URL that was answered
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#post-then-put
 * @throws UserError if there is no usable Location
 */
export function uploadUrl(location: string | undefined, base: URL, digest: Digest): URL {
  const failed = (what: string): UserError =>
    new UserError(`Cannot upload ${digest}: ${base.host} opened an upload ${what}`, {
      hint: `check that ${base.host} is a registry, and that no proxy in front of it takes the header Location away`,
    });
  if (!location) throw failed('and did not say where');
  const url = resolveUrl(location, base);
  if (!url) throw failed('at an address that is none');
  // Not through searchParams, which would write the rest of the query anew. A colon is legal here as it is.
  url.search = `${url.search || '?'}${url.search ? '&' : ''}digest=${digest}`;
  return url;
}
