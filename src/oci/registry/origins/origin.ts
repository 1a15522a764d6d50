import { UserError } from '../../../core/errors.js';
import { isLinkLocalAddress, isLocalAddress, isLoopbackAddress } from './addresses.js';
import { strayHint } from './public-address.js';

/** Scheme, host and port: what a credential belongs to. */
export function sameOrigin(one: URL, other: URL): boolean {
  return one.protocol === other.protocol && one.host === other.host;
}

/**
 * What an address that came from outside means, relative to where it came from; no user info, no fragment.
 * `undefined` if it is none.
 */
export function resolveUrl(reference: string, base: URL): URL | undefined {
  if (!URL.canParse(reference, base.href)) return undefined;
  const url = new URL(reference, base);
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}

/** Names under which cloud machines find their own credentials; a proxy might look them up for us. */
const METADATA_NAMES = ['metadata.google.internal', 'metadata.goog', 'instance-data.ec2.internal'];

/**
 * Whether a URL leads to this machine or its private network by its very text: loopback, private or link-local
 * addresses, or a `localhost` name. Names are not looked up.
 */
export function isLocal(url: URL): boolean {
  return isLocalhost(hostOf(url)) || isLocalAddress(hostOf(url)) || isLinkLocal(url);
}

/** Whether a URL leads, by its very text, to a link-local address or to where cloud machines keep their credentials. */
export function isLinkLocal(url: URL): boolean {
  return isLinkLocalAddress(hostOf(url)) || METADATA_NAMES.includes(hostOf(url));
}

/** Whether both lead to the same machine by their text: the same host, whatever the port, or both to this machine. */
export function sameHost(one: URL, other: URL): boolean {
  return hostOf(one) === hostOf(other) || (isLoopback(one) && isLoopback(other));
}

function isLoopback(url: URL): boolean {
  return isLocalhost(hostOf(url)) || isLoopbackAddress(hostOf(url));
}

function isLocalhost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

/** As URLs write it, which is one notation for each address; without brackets and the dot of the root. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/**
 * Holds an address that the registry sends us to, to what a registry may ask: TLS unless the registry itself does
 * without, no link-local address ever, and no other address inside our network unless the registry is inside too.
 * @param action for the error: `follow the redirect of …`
 * @throws UserError
 */
export function checkDestination(destination: URL, registry: URL, action: string): void {
  if (sameOrigin(destination, registry)) return;
  const refuse = (what: string): never => {
    throw new UserError(`Cannot ${action}: it leads to ${destination.origin}, ${what}`, {
      hint: strayHint(registry, destination) ?? `ask whoever runs ${registry.host} to correct its public address`,
    });
  };
  if (isLinkLocal(destination)) refuse('a link-local address or the metadata service of a cloud');
  const { protocol } = destination;
  if (protocol !== 'https:' && !(protocol === 'http:' && registry.protocol === 'http:')) {
    refuse(`which is not reached over https`);
  }
  if (isLocal(destination) && !isLocal(registry)) refuse('an address inside this network');
}
