import { isIP } from 'node:net';

/** How a registry behind a proxy is told its public address, or left to do without. */
const CURE =
  'make that proxy pass on host and scheme (nginx: proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;), or set http.relativeurls: true or http.host for distribution, external_url for Harbor';

/**
 * Why an address that a registry sends us to may be wrong: behind a proxy that does not tell it, a registry knows neither
 * the port nor the scheme nor the host that it is asked under, and writes others.
 * @param from the registry, or whoever else sends us
 * @returns what to do about it; `undefined` if the other host may well be meant
 */
export function strayHint(from: URL, to: URL): string | undefined {
  const lost = lostIn(from, to);
  return lost === undefined
    ? undefined
    : `${from.origin} names ${to.origin} as its own address: a proxy in front of it probably hides the ${lost} from it; ${CURE}`;
}

function lostIn(from: URL, to: URL): string | undefined {
  const api = to.pathname.startsWith('/v2/');
  if (from.hostname !== to.hostname) return api && isInternal(to.hostname) ? 'host name' : undefined;
  const parts = [from.protocol === to.protocol ? '' : 'scheme', from.port === to.port ? '' : 'port'].filter(Boolean);
  // Another port that is written out may be another server on the same machine.
  const meant = !api && to.port !== '' && from.protocol === to.protocol;
  return meant || parts.length === 0 ? undefined : parts.join(' and the ');
}

/** Names that mean something inside one network or cluster only. */
function isInternal(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0) return true;
  return !host.includes('.') || /\.(?:local|internal|intranet|lan|svc|localdomain|localhost|corp|home)$/.test(host);
}
