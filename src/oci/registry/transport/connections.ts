import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Env, Log } from '../../../core/ports.js';
import { guardedLookup } from '../origins/guarded-lookup.js';
import { type ProxyServer, proxyFor } from '../proxies/proxy.js';
import { TunnelAgent } from '../proxies/tunnel.js';

/** How a URL is reached: whom to connect to, and what to ask there. */
export interface Way {
  readonly transport: Pick<typeof http, 'request'>;
  /** The URL itself, or the proxy that is asked for it. */
  readonly peer: URL;
  readonly path: string;
  readonly agent: http.Agent;
  readonly headers: Readonly<Record<string, string>>;
  /** How the peer's name is looked up, if it is not ours to trust. */
  readonly lookup?: LookupFunction;
  /** Host and port of the proxy that is on the way, if there is one. */
  readonly proxy?: string;
}

/** Connections that are kept open between requests, straight or through the proxies that the environment names. */
export class Connections {
  readonly #env: Env;
  readonly #log: Log;
  readonly #lookup: LookupFunction;
  readonly #agents = new Map<string, http.Agent>();

  /** @param lookup how names are looked up that a registry sends us to; the system's way unless given */
  constructor(env: Env, log: Log, lookup?: LookupFunction) {
    this.#env = env;
    this.#log = log;
    this.#lookup = guardedLookup(lookup);
  }

  /**
   * @param sent whether a registry sends us there: then its name may not stand for a link-local address. A proxy looks
   * names up itself. The same for every request to an origin, since they share connections.
   */
  wayTo(url: URL, sent = false): Way {
    const secure = url.protocol === 'https:';
    const proxy = proxyFor(url, this.#env);
    const headers = { host: url.host };
    const path = `${url.pathname}${url.search}`;
    const direct = { transport: secure ? https : http, peer: url, path, headers };
    if (!proxy) {
      const way = { ...direct, agent: this.#agent(url.protocol, () => straight(secure)) };
      return sent ? { ...way, lookup: this.#lookup } : way;
    }
    const name = `${url.protocol} ${proxy.url.href}`;
    const { host } = proxy.url;
    if (secure) {
      const agent = this.#agent(name, () => this.#announced(proxy, new TunnelAgent(proxy)));
      return { ...direct, agent, proxy: host };
    }
    const overTls = proxy.url.protocol === 'https:';
    return {
      transport: overTls ? https : http,
      peer: proxy.url,
      path: `${url.origin}${path}`,
      proxy: host,
      agent: this.#agent(name, () => this.#announced(proxy, straight(overTls))),
      headers: {
        ...headers,
        ...(proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization }),
      },
    };
  }

  /** Ends every connection, those in use too. */
  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  #agent(name: string, make: () => http.Agent): http.Agent {
    const found = this.#agents.get(name) ?? make();
    this.#agents.set(name, found);
    return found;
  }

  #announced(proxy: ProxyServer, agent: http.Agent): http.Agent {
    this.#log.info(`Connecting through the proxy ${proxy.url.host}`);
    return agent;
  }
}

function straight(secure: boolean): http.Agent {
  return secure ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
}
