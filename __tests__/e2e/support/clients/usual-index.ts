import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** The index that everybody uses, as far as a trial needs it: pages in HTML, files, and a list of what was asked. */
export class UsualIndex {
  /** Names of projects whose pages were asked for. */
  readonly asked = new Set<string>();
  /** Header of everybody who may ask; all may unless given. */
  authorization: string | undefined;
  readonly #files = new Map<string, Buffer>();
  readonly #server = createServer((request, response) => {
    if (this.authorization !== undefined && request.headers.authorization !== this.authorization) {
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="mirror"' }).end();
    }
    const path = decodeURIComponent(request.url ?? '').split('?')[0] ?? '';
    const [, project, file] = /^\/(?:[^/]+\/)*simple\/([^/]+)\/(.*)$/.exec(path) ?? [];
    if (project === undefined) return void response.writeHead(404).end();
    this.asked.add(project);
    const bytes = file ? this.#files.get(file) : undefined;
    if (bytes) return void response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    const links = [...this.#files].filter(([name]) => projectOf(name) === project);
    if (file || !links.length) return void response.writeHead(404).end();
    const anchors = links.map(([name, content]) => `<a href="${name}#sha256=${hashOf(content)}">${name}</a>`);
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!DOCTYPE html><body>${anchors.join('\n')}</body>`);
  });

  /** @param folder with wheels. @param more by file name */
  constructor(folder: string, more: Readonly<Record<string, Buffer>> = {}) {
    for (const file of readdirSync(folder)) this.#files.set(file, readFileSync(join(folder, file)));
    for (const [file, bytes] of Object.entries(more)) this.#files.set(file, bytes);
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/simple/`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function projectOf(file: string): string {
  return (file.split('-')[0] ?? '').toLowerCase().replaceAll('_', '-');
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
