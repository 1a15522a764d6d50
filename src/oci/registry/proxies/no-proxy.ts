import { BlockList, isIP } from 'node:net';

/**
 * Whether `no_proxy` lists the host of a URL, as curl, Go and Python's requests read it: entries are divided by commas or
 * blanks, and what cannot be read is passed over.
 * - `example.com`: the host and all below it; `.example.com` and `*.example.com`: all below it
 * - `10.0.0.5`, `::1`: an address, in whichever notation; `10.0.0.0/8`, `fd00::/8`: all in that range. Names are not looked up
 * - a port behind either, as in `example.com:8443` or `[::1]:8443`: that port only
 * - `*`: every host
 */
export function isExempt(url: URL, list: string): boolean {
  const host = url.hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry === '*' || isInRange(host, entry) || isNamed(host, port, entry));
}

function isInRange(host: string, entry: string): boolean {
  const [, net = '', bits = ''] = /^(.+)\/(\d{1,3})$/.exec(entry) ?? [];
  const address = net.replace(/^\[|\]$/g, '');
  const family = isIP(address);
  if (family === 0 || Number(bits) > (family === 6 ? 128 : 32)) return false;
  const range = new BlockList();
  range.addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4');
  return holds(range, host);
}

function isNamed(host: string, port: string, entry: string): boolean {
  // An address of IPv6 without brackets has colons and no port.
  const [, named = entry, only] = isIP(entry) === 6 ? [] : (/^(.*?)(?::(\d+))?$/.exec(entry) ?? []);
  const name = named.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (name === '' || (only !== undefined && only !== port)) return false;
  const family = isIP(name);
  if (family !== 0) {
    const one = new BlockList();
    one.addAddress(name, family === 6 ? 'ipv6' : 'ipv4');
    return holds(one, host);
  }
  if (isIP(host) !== 0) return false;
  const suffix = name.replace(/^\*?\./, '.');
  return host === name || host.endsWith(suffix.startsWith('.') ? suffix : `.${suffix}`);
}

function holds(range: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && range.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
