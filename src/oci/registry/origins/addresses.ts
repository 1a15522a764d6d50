import { BlockList, isIP } from 'node:net';

type Net = readonly [address: string, bits: number];

/** Where a machine speaks to itself. */
const LOOPBACK: readonly Net[] = [
  ['127.0.0.0', 8],
  ['::1', 128],
];

/**
 * Where machines of one wire find each other, and cloud machines their own credentials: link-local addresses, and those of
 * metadata services that lie elsewhere (Alibaba, Azure, Oracle; Amazon and Google over IPv6).
 */
const LINK_LOCAL: readonly Net[] = [
  ['169.254.0.0', 16],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.192', 32],
  ['fe80::', 10],
  ['fd00:ec2::254', 128],
  ['fd20:ce::254', 128],
];

const PRIVATE: readonly Net[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['::', 128],
  ['fc00::', 7],
  ['fec0::', 10],
  // The prefix of gateways to IPv4 that serve one network only (RFC 8215).
  ['64:ff9b:1::', 48],
];

/** Prefixes of 96 bits behind which IPv6 carries an address of IPv4: mapped, compatible, translated, and of gateways. */
const CARRIERS = ['::ffff:', '::', '::ffff:0:', '64:ff9b::', '64:ff9b:1::'];

const lists = new Map<readonly Net[], BlockList>();

/** Whether an IP address is this machine's own, in whichever notation. */
export function isLoopbackAddress(address: string): boolean {
  return isIn(LOOPBACK, address);
}

/** Whether an IP address is link-local or a metadata service's, also where IPv6 carries it. */
export function isLinkLocalAddress(address: string): boolean {
  return isIn(LINK_LOCAL, address);
}

/** Whether an IP address is of this machine or its private network, link-local ones included. */
export function isLocalAddress(address: string): boolean {
  return [LOOPBACK, LINK_LOCAL, PRIVATE].some((nets) => isIn(nets, address));
}

function isIn(nets: readonly Net[], address: string): boolean {
  const family = isIP(address);
  return family !== 0 && listOf(nets).check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Made when it is first asked for: most runs are never sent elsewhere. */
function listOf(nets: readonly Net[]): BlockList {
  const made = lists.get(nets);
  if (made) return made;
  const list = new BlockList();
  for (const [address, bits] of nets) {
    list.addSubnet(address, bits, isIP(address) === 6 ? 'ipv6' : 'ipv4');
    if (isIP(address) === 4)
      for (const [carrier, length] of carriersOf(address, bits)) list.addSubnet(carrier, length, 'ipv6');
  }
  lists.set(nets, list);
  return list;
}

function carriersOf(address: string, bits: number): Net[] {
  const [high, low] = halvesOf(address);
  return [
    ...CARRIERS.map((prefix): Net => [`${prefix}${address}`, 96 + bits]),
    // 6to4 (RFC 3056), and the form of RFC 6052 for the prefix of RFC 8215.
    [`2002:${high}:${low}::`, 16 + bits],
    ...(bits <= 16 ? [[`64:ff9b:1:${high}::`, 48 + bits] as const] : []),
  ];
}

/** `169.254.0.0` as two groups of IPv6: `a9fe`, `0`. */
function halvesOf(address: string): readonly [string, string] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
}
