/** Who may ask: this machine, no web page, and only with the password. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Trouble } from '../simple/problem-document.js';

export interface GuardOptions {
  readonly port: number;
  /** `undefined`: everybody on this machine may ask. */
  readonly password: string | undefined;
}

export interface Denial extends Trouble {
  readonly headers?: Readonly<Record<string, string>>;
}

/** Names of this machine. One of another, in a request that got here, is a web page's trick (DNS rebinding). */
const NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const READING = ['GET', 'HEAD'];

/** Turns away who may not ask at all. @returns what to answer, or `undefined` if the request may go on */
export function strangerIn(
  { headers }: { readonly headers: IncomingHttpHeaders },
  { port }: GuardOptions,
): Denial | undefined {
  const { host = '' } = headers;
  if (!NAMES.some((name) => host.toLowerCase() === `${name}:${port}`)) {
    return {
      status: 421,
      title: 'Not this host',
      detail: 'This index answers under 127.0.0.1 and localhost only, with its port.',
    };
  }
  const site = headers['sec-fetch-site'];
  if (headers.origin !== undefined || (site !== undefined && site !== 'none' && site !== 'same-origin')) {
    return { status: 403, title: 'Not for web pages', detail: 'This index does not answer requests of web pages.' };
  }
  return undefined;
}

/** @param uploads whether this is the address for uploads, and they are switched on */
export function wrongMethod(
  method: string | undefined,
  target: 'upload' | 'page',
  uploads: boolean,
): Denial | undefined {
  const upload = target === 'upload' && uploads;
  const allowed = upload ? ['POST'] : READING;
  if (allowed.includes(method ?? '')) return undefined;
  const headers = { allow: allowed.join(', ') };
  if (upload) return { status: 405, title: 'For uploads', detail: 'Upload to this address by POST.', headers };
  if (method !== 'POST') return { status: 405, title: 'Read only', detail: 'Use GET or HEAD here.', headers };
  return uploads
    ? { status: 405, title: 'Not here: upload to legacy/', detail: 'Pages are read only: upload to legacy/.', headers }
    : {
        status: 405,
        title: 'Read only: start the index with --publish to upload',
        detail: 'This index can be read only. To fix it: start it with --publish to upload to it.',
        headers,
      };
}

/** Asks for the password, which is compared in constant time. The user's name does not matter. */
export function lackOfPassword(headers: IncomingHttpHeaders, { password }: GuardOptions): Denial | undefined {
  if (password === undefined) return undefined;
  const [, encoded = ''] = /^basic +([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '') ?? [];
  const [, given] = /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  if (given !== undefined && timingSafeEqual(hashOf(given), hashOf(password))) return undefined;
  return {
    status: 401,
    title: 'Wrong or missing password',
    detail: 'Use the address with the password that the index printed when it started: each start makes a new one.',
    headers: { 'www-authenticate': 'Basic realm="pyoci-publish", charset="UTF-8"' },
  };
}

/** Of equal length whatever was given. */
function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
