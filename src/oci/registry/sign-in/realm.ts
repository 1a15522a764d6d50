import { UserError } from '../../../core/errors.js';
import { checkDestination, resolveUrl, sameHost } from '../origins/origin.js';

/**
 * The token service that a challenge names, which may be given relative to the registry. Without TLS it must be on the
 * registry's own host, where the same eyes see it.
 * @param ownHostOnly the credential may not leave the registry's own host, whatever the registry says
 * @throws UserError if credentials may not go there
 */
export function parseRealm(realm: string, registry: URL, ownHostOnly: boolean): URL {
  const action = `sign in to ${registry.host}`;
  const url = resolveUrl(realm, registry);
  if (!url) throw new UserError(`Cannot ${action}: its token service "${realm}" is no address`);
  checkDestination(url, registry, `${action} through its token service`);
  if (url.protocol !== 'https:' && !sameHost(url, registry)) {
    throw new UserError(
      `Cannot ${action} through its token service: it leads to ${url.origin}, another host that is not reached over https`,
      { hint: `ask whoever runs ${registry.host} to give its token service TLS, or to run it on ${registry.hostname}` },
    );
  }
  if (ownHostOnly) checkOwnHost(url, registry);
  return url;
}

/** @throws UserError if a token service is not on the registry's own host and port, which is where a job's token stays */
export function checkOwnHost(realm: URL, registry: URL): void {
  if (realm.host === registry.host) return;
  throw new UserError(
    `Cannot sign in to ${registry.host}: its token service is ${realm.host}, and the token of this job is for ${registry.host} alone`,
    { hint: 'give a username and a password for this registry' },
  );
}
