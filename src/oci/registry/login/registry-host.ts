import { UsageError } from '../../../core/errors.js';
import { answeringHost } from './docker-host.js';

/** Where a registry answers. */
export interface RegistryOrigin {
  /** `host` or `host:port`, lower case; where the registry answers, whichever of its names was given. */
  readonly host: string;
  readonly scheme: 'https' | 'http';
}

const NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const HINT = 'write host or host:port, as in ghcr.io; http://host:port for a registry without TLS';

/**
 * The `registry` input: `host[:port]`, with `http://` for plain HTTP, which is implied for loopback.
 * What could send a credential to a host the reader of the workflow does not see is refused: user info, a path, a query,
 * letters that only look like ASCII.
 * @throws UsageError
 */
export function parseRegistry(text: string): RegistryOrigin {
  const [, scheme, rest = ''] = /^(?:(https?):\/\/)?(.*?)\/?$/is.exec(text.trim()) ?? [];
  if (rest.includes('@'))
    throw wrong(
      rest.slice(rest.lastIndexOf('@') + 1),
      'user and password do not belong here',
      'use the inputs username and password',
    );
  if (rest.includes('://')) throw wrong(text, 'its scheme is neither http nor https');
  if (/[/?#]/.test(rest)) throw wrong(text, 'it has a path', 'write the host here, and the path as the namespace');
  if (/[^\x21-\x7e]/.test(rest))
    throw wrong(text, 'it holds blanks or characters outside ASCII', 'write an international name in its xn-- form');

  const [, host = '', port] = /^(.*?)(?::([0-9]{1,5}))?$/.exec(rest.toLowerCase()) ?? [];
  if (!NAME.test(host) && !/^\[[0-9a-f:.]{2,45}\]$/.test(host)) throw wrong(text, 'it is no host name');
  if (!isPlain(host)) throw wrong(text, 'it is an address in an unusual notation');
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    throw wrong(text, 'its port is none of 1 to 65535');
  const implied = isLoopback(host) ? 'http' : 'https';
  return {
    host: port === undefined ? answeringHost(host) : `${host}:${port}`,
    scheme: scheme === undefined ? implied : scheme.toLowerCase() === 'http' ? 'http' : 'https',
  };
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.[0-9]{1,3}){3}$/.test(host)
  );
}

/** Whether URLs keep the host as it is: `0x7f.1` and `2130706433` would turn into another one. */
function isPlain(host: string): boolean {
  const url = `http://${host}/`;
  return URL.canParse(url) && new URL(url).hostname === host;
}

function wrong(found: string, what: string, hint = HINT): UsageError {
  return new UsageError(`found "${found}", but ${what}`, { hint });
}
