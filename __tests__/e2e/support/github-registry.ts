import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TokenRegistry } from './registries.js';

/** A manifest or index that the registry took. */
export interface Pushed {
  readonly repository: string;
  readonly reference: string;
  readonly digest: string;
}

/**
 * Makes a registry look like GitHub's: its token service is on its own host, as the job's token demands, and it tells of
 * what is pushed.
 */
export class GitHubRegistry {
  /** Every manifest and index that was taken, in order. */
  readonly pushes: Pushed[] = [];
  pushed: (push: Pushed) => void = () => undefined;
  readonly #upstream: TokenRegistry;
  readonly #server = createServer((incoming, outgoing) => {
    this.#relay(incoming, outgoing).catch(() => outgoing.destroy());
  });

  constructor(upstream: TokenRegistry) {
    this.#upstream = upstream;
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #relay(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', headers, url: path = '/' } = incoming;
    const { realm } = this.#upstream.tokens;
    const home = path.startsWith('/token') ? new URL(realm).host : this.#upstream.host;
    const [host, port] = home.split(':');
    // The Host stays, so that the registry's own Locations lead back here.
    const asked = request({ host, port, method, path, headers });
    incoming.pipe(asked);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    if (method === 'PUT' && answer.statusCode === 201) this.#tell(path, answer);
    const raw = answer.rawHeaders.map((text) => text.replaceAll(realm, `http://${this.host}/token`));
    outgoing.writeHead(answer.statusCode ?? 502, raw);
    answer.pipe(outgoing);
  }

  #tell(path: string, { headers }: IncomingMessage): void {
    const [, repository, reference] = /^\/v2\/(.+)\/manifests\/([^/?]+)/.exec(path) ?? [];
    if (repository === undefined || reference === undefined) return;
    const push = { repository, reference, digest: String(headers['docker-content-digest'] ?? '') };
    this.pushes.push(push);
    this.pushed(push);
  }
}
