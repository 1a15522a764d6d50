import type { IncomingHttpHeaders } from 'node:http';

/** One request, read to its end. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What goes back. An object as body goes out as JSON; `violation` says what the client did that it never should. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Buffer | string | object;
  readonly violation?: string;
}

/** An error as the distribution spec words it. @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes */
export function refusal(status: number, code: string, message: string, detail?: unknown): Answer {
  return { status, body: { errors: [{ code, message, ...(detail === undefined ? {} : { detail }) }] } };
}

/** A refusal of something that no client of ours may ever send; the end of the test asserts that none came. */
export function violation(status: number, code: string, message: string): Answer {
  return { ...refusal(status, code, message), violation: message };
}

/** The bytes of an answer and the headers that go with them. */
export function encodeBody(answer: Answer): { bytes: Buffer; type: string | undefined } {
  const { body } = answer;
  if (body === undefined) return { bytes: Buffer.alloc(0), type: undefined };
  if (Buffer.isBuffer(body)) return { bytes: body, type: undefined };
  if (typeof body === 'string') return { bytes: Buffer.from(body), type: 'text/plain' };
  return { bytes: Buffer.from(JSON.stringify(body)), type: 'application/json' };
}

/** Rules that hold for every request, whatever its route. */
export function breachOf(exchange: Exchange): Answer | undefined {
  const { method, query, headers, body } = exchange;
  const writes = method === 'PUT' || method === 'POST' || method === 'PATCH';
  if (writes && headers['content-length'] === undefined) {
    return violation(411, 'SIZE_INVALID', `${method} without Content-Length`);
  }
  if (!writes && body.length > 0) return violation(400, 'UNSUPPORTED', `${method} with a body`);
  const names = [...query.keys()].filter((name) => name !== 'scope');
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return violation(400, 'UNSUPPORTED', `query parameter ${twice} given twice`);
  if (headers['user-agent'] === undefined) return violation(400, 'UNSUPPORTED', 'no User-Agent');
  return undefined;
}

/** Every parameter of the query must be one of `known`. */
export function strangerIn(query: URLSearchParams, known: readonly string[]): Answer | undefined {
  const stranger = [...query.keys()].find((name) => !known.includes(name));
  return stranger === undefined
    ? undefined
    : violation(400, 'UNSUPPORTED', `query parameter ${stranger} means nothing here`);
}
