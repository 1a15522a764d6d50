import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OCI_INDEX } from '../../../src/oci/media-types.js';

/** Where a registry puts its text: the place of the protocol that all repositories of a run get to. */
export const STAGES = [
  'challenge',
  'token',
  'manifest',
  'page',
  'tags',
  'index',
  'upload',
  'location',
  'redirect',
] as const;
export type Stage = (typeof STAGES)[number];

export interface HostileRegistry {
  readonly host: string;
  close(): Promise<void>;
}

/** A registry on loopback that says `texts` wherever it may say something; other requests find nothing there. */
export async function startHostileRegistry(stage: Stage, texts: readonly string[]): Promise<HostileRegistry> {
  let turn = 0;
  const next = (): string => texts[turn++ % texts.length] ?? '';
  const server = createServer((request, response) => {
    request.resume();
    answer(stage, next, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  stage: Stage,
  next: () => string,
  { method = '', url = '' }: IncomingMessage,
  response: ServerResponse,
): void {
  const header = (): string => next().replace(/[^\t\x20-\x7e\x80-\xff]/g, ' ');
  const parameter = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
  const send = (status: number, headers: Readonly<Record<string, string>>, body: unknown): void => {
    const warned = { 'oci-distribution-warning': header(), warning: `299 - ${parameter(header())}` };
    response.writeHead(status, header(), { 'content-type': 'application/json', ...warned, ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const reasons = (code: string): unknown => ({
    errors: [
      { code, message: next(), detail: next() },
      { code: next(), detail: { [next()]: next() } },
    ],
  });
  const reading = method === 'GET' || method === 'HEAD';
  const manifest = reading && url.includes('/manifests/');
  const challenge = (realm: string): void => {
    const value = `Bearer realm=${parameter(realm)},service=${parameter(header())}`;
    send(401, { 'www-authenticate': value }, reasons('UNAUTHORIZED'));
  };

  if (stage === 'challenge') challenge(header());
  else if (stage === 'token' && !url.startsWith('/token')) challenge('/token');
  else if (stage === 'token') send(403, {}, reasons(next()));
  else if (stage === 'tags' && url.includes('/tags/list')) {
    send(200, {}, { name: next(), tags: [next(), next(), next(), next(), next()] });
  } else if (stage === 'index' && manifest) {
    const index = { schemaVersion: 2, mediaType: OCI_INDEX, artifactType: next(), manifests: [] };
    send(200, { 'content-type': OCI_INDEX }, { ...index, annotations: { [next()]: next() } });
  } else if (stage === 'manifest' && manifest) send(403, {}, reasons(next()));
  else if (stage === 'page' && manifest) {
    send(400, { 'content-type': 'text/html' }, `<html><title>${next()}</title>${next()}`);
  } else if (stage === 'redirect' && reading) {
    send(307, { location: header() }, '');
  } else if (stage === 'location' && method === 'POST') send(202, { location: header() }, '');
  else if (reading) send(404, {}, reasons('NAME_UNKNOWN'));
  else send(400, {}, reasons(next()));
}
