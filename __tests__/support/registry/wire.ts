import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, type Exchange, encodeBody } from './exchange.js';
import type { Effect } from './faults.js';

/** What came in, for a test to look at. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** As they came, lower-case names. */
  readonly headers: Exchange['headers'];
  readonly credential: 'none' | 'basic' | 'bearer' | 'other';
  /** Bytes of the body that came. */
  size: number;
  /** `undefined`: the connection ended without one. */
  status: number | undefined;
}

export function recordOf(request: IncomingMessage, url: URL): RecordedRequest {
  const scheme = request.headers.authorization?.split(' ')[0]?.toLowerCase();
  const known = scheme === undefined ? 'none' : scheme === 'basic' || scheme === 'bearer' ? scheme : 'other';
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    credential: known,
    size: 0,
    status: undefined,
  };
}

/** Sends the answer, or the half of it that a fault lets through. */
export function send(response: ServerResponse, method: string, answer: Answer, effect: Effect | undefined): void {
  const { bytes, type } = encodeBody(answer);
  const length = answer.status === 204 ? {} : { 'content-length': String(bytes.length) };
  const headers = { ...(type === undefined ? {} : { 'content-type': type }), ...length, ...answer.headers };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.writeHead(answer.status);
  const halved = (effect?.kind === 'cut' || effect?.kind === 'stall') && effect.where === 'download';
  if (method === 'HEAD' || answer.status === 204) response.end();
  else if (!halved) response.end(bytes);
  else {
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
      if (effect.kind === 'cut') response.destroy();
    });
  }
}
