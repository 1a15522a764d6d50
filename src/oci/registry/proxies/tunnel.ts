import http, { type ClientRequestArgs } from 'node:http';
import https, { type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import type { ProxyServer } from './proxy.js';

type Connected = (error: Error | null, socket: Duplex) => void;

/** The proxy itself failed or refused, before the registry was reached. `status`: what it answered, if it did. */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';
  readonly proxy: string;
  readonly status: number | undefined;

  constructor(proxy: URL, status: number | undefined, options?: ErrorOptions) {
    super(status === undefined ? `no connection to ${proxy.host}` : `${proxy.host} answered ${status}`, options);
    this.proxy = proxy.host;
    this.status = status;
  }
}

/**
 * TLS connections through a proxy, kept open between requests like those of any agent. The agent that
 * `@actions/http-client` makes for proxies opens a new tunnel for every request and warns of deprecation with a
 * proxy that wants a password.
 */
export class TunnelAgent extends https.Agent {
  readonly #proxy: ProxyServer;

  constructor(proxy: ProxyServer) {
    super({ keepAlive: true });
    this.#proxy = proxy;
  }

  override createConnection(options: RequestOptions, connected: Connected = () => {}): undefined {
    const { url, authorization } = this.#proxy;
    const failed = connected as (error: Error) => void;
    const { host, port, timeout } = options;
    const authority = `${host?.includes(':') ? `[${host}]` : host}:${port ?? 443}`;
    const tunnel: ClientRequestArgs = {
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) },
      agent: false,
      ...(timeout === undefined ? {} : { timeout }),
    };
    const request = (url.protocol === 'https:' ? https : http).request(url, tunnel);
    request.once('connect', (response, socket) => {
      if (response.statusCode === 200) {
        connected(null, super.createConnection({ ...options, socket } as RequestOptions) as Duplex);
        return;
      }
      socket.destroy();
      failed(new ProxyFailure(url, response.statusCode));
    });
    request.once('timeout', () => request.destroy(new Error('it kept silent')));
    request.once('error', (cause) => failed(new ProxyFailure(url, undefined, { cause })));
    request.end();
    return undefined;
  }
}
