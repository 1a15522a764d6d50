import { BlockList, isIP } from 'node:net';
import { PublishError } from '../../core/errors.js';
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

/** Prefixes behind which an IPv6 address carries one of IPv4: mapped, compatible, and that of gateways (RFC 6052). */
const CARRIERS = ['::ffff:', '::', '64:ff9b::'];

const LOCAL_NETS = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const;
const LOCAL_NETS_6 = [
  ['::', 128],
  ['::1', 128],
  ['fc00::', 7],
  ['fec0::', 10],
  ['fe80::', 10],
] as const;

let madeList: BlockList | undefined;

/** Made when it is first asked for: most runs are never sent elsewhere. */
function localAddresses(): BlockList {
  if (madeList) return madeList;
  const list = new BlockList();
  for (const [net, bits] of LOCAL_NETS) {
    list.addSubnet(net, bits, 'ipv4');
    for (const prefix of CARRIERS) list.addSubnet(`${prefix}${net}`, 96 + bits, 'ipv6');
  }
  for (const [net, bits] of LOCAL_NETS_6) list.addSubnet(net, bits, 'ipv6');
  madeList = list;
  return list;
}

/**
 * Whether a URL leads to this machine or its private network by its very text: loopback, private or link-local
 * addresses (where cloud machines keep their own credentials), or a `localhost` name. Names are not looked up.
 */
export function isLocal(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const family = isIP(host);
  if (family === 0) return host === 'localhost' || host.endsWith('.localhost');
  return localAddresses().check(host, family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Holds an address that the registry sends us to, to what a registry may ask: TLS unless the registry itself does
 * without, and no address inside our network unless the registry is inside too.
 * @param action for the error: `follow the redirect of …`
 * @throws PublishError
 */
export function checkDestination(destination: URL, registry: URL, action: string): void {
  if (sameOrigin(destination, registry)) return;
  const refuse = (what: string): never => {
    throw new PublishError(`Cannot ${action}: it leads to ${destination.origin}, ${what}`, {
      hint: strayHint(registry, destination) ?? `ask whoever runs ${registry.host} to correct its public address`,
    });
  };
  const { protocol } = destination;
  if (protocol !== 'https:' && !(protocol === 'http:' && registry.protocol === 'http:')) {
    refuse(`which is not reached over https`);
  }
  if (isLocal(destination) && !isLocal(registry)) refuse('an address inside this network');
}
