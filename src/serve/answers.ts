/** The forms of an answer: pages, redirects, and problems in words that clients print. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PROBLEM_TYPE, problemJson, type Trouble } from '../simple/problem-document.js';

export type Headers = Readonly<Record<string, string>>;

/** Pages may have changed at the next request: clients ask again, and get 304 for what they have. */
const PAGE_HEADERS: Headers = { 'cache-control': 'private, max-age=0, must-revalidate', vary: 'Accept' };
/** Characters of a status line that every client shows as they are. */
const PLAIN = /[^\x20-\x7e]+/g;
const LONGEST_TITLE = 200;

/** Answers with a page, or with 304 to a client that has it. A HEAD gets the same without the body. */
export function sendPage(request: IncomingMessage, response: ServerResponse, type: string, text: string): void {
  const body = Buffer.from(text);
  const etag = `"${createHash('sha256').update(type).update(body).digest('hex').slice(0, 32)}"`;
  const headers = { ...PAGE_HEADERS, etag };
  if (namesTag(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  sendBody(request, response, 200, { ...headers, 'content-type': type }, body);
}

/** Answers with a document that means something at this moment only. */
export function sendJson(request: IncomingMessage, response: ServerResponse, value: object): void {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  sendBody(request, response, 200, headers, Buffer.from(`${JSON.stringify(value)}\n`));
}

export function sendRedirect(response: ServerResponse, status: 301 | 302, location: string): void {
  response.writeHead(status, { location, 'content-length': '0', 'cache-control': 'no-store' }).end();
}

/** Says what went wrong in the status line, which pip prints, and in the body, which uv prints. */
export function sendProblem(
  request: IncomingMessage,
  response: ServerResponse,
  trouble: Trouble,
  more: Headers = {},
): void {
  response.statusMessage = trouble.title.replace(PLAIN, '?').slice(0, LONGEST_TITLE);
  const headers = { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store', ...more };
  sendBody(request, response, trouble.status, headers, Buffer.from(problemJson(trouble)));
}

function sendBody(
  { method }: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Headers,
  body: Buffer,
): void {
  response.writeHead(status, { ...headers, 'content-length': String(body.length) });
  response.end(method === 'HEAD' ? undefined : body);
}

/** Whether `If-None-Match` names this entity tag; weak comparison, RFC 9110 section 13.1.2. */
export function namesTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
