import { PublishError } from '../../core/errors.js';
import { checkDestination, resolveUrl } from './origin.js';

/**
 * The token service that a challenge names, which may be given relative to the registry.
 * @param ownHostOnly the credential may not leave the registry's own host, whatever the registry says
 * @throws PublishError if credentials may not go there
 */
export function parseRealm(realm: string, registry: URL, ownHostOnly: boolean): URL {
  const action = `sign in to ${registry.host}`;
  const url = resolveUrl(realm, registry);
  if (!url) throw new PublishError(`Cannot ${action}: its token service "${realm}" is no address`);
  checkDestination(url, registry, `${action} through its token service`);
  if (ownHostOnly && url.host !== registry.host) {
    throw new PublishError(
      `Cannot ${action}: its token service is ${url.host}, and the token of this job is for ${registry.host} alone`,
      { hint: 'give a username and a password for this registry' },
    );
  }
  return url;
}
