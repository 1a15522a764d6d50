import http from 'node:http';
import https from 'node:https';
import type { Env, Log } from '../../core/ports.js';
import { type ProxyServer, proxyFor } from './proxy.js';
import { TunnelAgent } from './tunnel.js';

/** How a URL is reached: whom to connect to, and what to ask there. */
export interface Way {
  readonly transport: Pick<typeof http, 'request'>;
  /** The URL itself, or the proxy that is asked for it. */
  readonly peer: URL;
  readonly path: string;
  readonly agent: http.Agent;
  readonly headers: Readonly<Record<string, string>>;
  /** Host and port of the proxy that is on the way, if there is one. */
  readonly proxy?: string;
}

/** Connections that are kept open between requests, straight or through the proxies that the environment names. */
export class Connections {
  readonly #env: Env;
  readonly #log: Log;
  readonly #agents = new Map<string, http.Agent>();

  constructor(env: Env, log: Log) {
    this.#env = env;
    this.#log = log;
  }

  wayTo(url: URL): Way {
    const secure = url.protocol === 'https:';
    const proxy = proxyFor(url, this.#env);
    const headers = { host: url.host };
    const path = `${url.pathname}${url.search}`;
    const direct = { transport: secure ? https : http, peer: url, path, headers };
    if (!proxy) {
      return { ...direct, agent: this.#agent(url.protocol, () => straight(secure)) };
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
