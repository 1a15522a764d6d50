import { UsageError } from '../../../core/errors.js';
import type { Env } from '../../../core/ports.js';
import { isExempt } from './no-proxy.js';

export interface ProxyServer {
  /** Without user info. */
  readonly url: URL;
  /** Value of `Proxy-Authorization`. */
  readonly authorization: string | undefined;
}

/**
 * The proxy that the environment names for a URL, by the rules that GitHub's own actions follow: `https_proxy` or
 * `HTTPS_PROXY` for https, `http_proxy` or `HTTP_PROXY` for http, unless `no_proxy` lists the host, which may name ranges of
 * addresses here and not there; loopback is always direct. A proxy written without a scheme (`proxy.corp:8080`) counts as
 * http.
 * @throws UsageError if the variable holds no http or https address. Its value is not shown, it may hold a password.
 */
export function proxyFor(url: URL, env: Env): ProxyServer | undefined {
  if (isLoopback(url) || isExempt(url, env.no_proxy || env.NO_PROXY || '')) return undefined;
  const names = url.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
  const name = names.find((each) => env[each]);
  const text = name === undefined ? '' : (env[name] ?? '').trim();
  if (name === undefined || text === '') return undefined;
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(written) || !/^https?:\/\/[^/]/i.test(written)) {
    throw new UsageError(`Cannot use the proxy in ${name}: expected http://host:port, or https://host:port`, {
      hint: `correct the environment variable ${name}, or unset it`,
    });
  }
  const proxy = new URL(written);
  const { username, password } = proxy;
  return { url: new URL(proxy.origin), authorization: username || password ? basic(username, password) : undefined };
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A password with a bare % in it: taken as it stands.
    return text;
  }
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname.startsWith('127.') || hostname === '[::1]';
}
