import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { anySignal } from '../../../core/cancellation.js';
import { UserError } from '../../../core/errors.js';
import { TooSlowError } from './answer-body.js';
import type { Way } from './connections.js';
import { SilenceError } from './network-failure.js';

/** Bytes to send, that can be opened again. */
export interface Body {
  /** In bytes. */
  readonly size: number;
  /** Each piece is lent until the next is asked for. */
  pieces(): AsyncIterable<Buffer>;
}

export interface Outgoing {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body | undefined;
  readonly onProgress: ((bytes: number) => void) | undefined;
  /** Milliseconds without a byte in either direction after which we give up. */
  readonly silence: number;
  /**
   * Milliseconds from the last piece sent to the head of the answer. A header may come byte by byte, and any number of
   * answers 1xx before the real one, without a moment of silence.
   */
  readonly longestHead: number;
  readonly signal: AbortSignal;
}

export interface Incoming {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Values of `WWW-Authenticate`, one for each header. */
  readonly challenges: readonly string[];
  /** Fails if the connection ends before the body does. Must be read to its end, or destroyed. */
  readonly body: Readable;
}

/** The bytes to be sent could not be read: no fault of the network. */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure';
}

/**
 * One request and the head of its answer. All that goes wrong on the way is dealt with here: a source that breaks off,
 * runs short or over aborts the request, so that the registry never takes a part for the whole; an answer that comes
 * early stops the sending; silence, not total time, times out.
 * @throws the signal's reason, SourceFailure, SilenceError, TooSlowError, or Node's error
 */
export async function exchange(way: Way, outgoing: Outgoing): Promise<Incoming> {
  const { transport, peer, path, agent, headers, lookup } = way;
  const { method, body, silence, longestHead } = outgoing;
  // Its own, since any number of requests may be under way under one.
  const signal = anySignal(outgoing.signal, undefined);
  signal.throwIfAborted();
  const length = body || method === 'POST' || method === 'PUT' ? { 'content-length': `${body?.size ?? 0}` } : {};
  return new Promise((resolve, reject) => {
    const options = { method, path, agent, timeout: silence, headers: { ...headers, ...outgoing.headers, ...length } };
    const request = transport.request(peer, lookup ? { ...options, lookup } : options);
    let answer: IncomingMessage | undefined;
    const give = (reason: unknown): void => {
      reject(reason);
      const error = reason instanceof Error ? reason : new Error('aborted', { cause: reason });
      if (answer) answer.destroy(error);
      request.destroy(error);
    };
    const aborted = (): void => give(signal.reason);
    signal.addEventListener('abort', aborted, { once: true });
    const late = setTimeout(() => give(new TooSlowError(`no answer in ${longestHead / 1000} s`)), longestHead);
    const onProgress = (bytes: number): void => {
      if (!answer) late.refresh();
      outgoing.onProgress?.(bytes);
    };
    request.once('close', () => {
      clearTimeout(late);
      signal.removeEventListener('abort', aborted);
      // Node closes the connection without a word when the answer is 101: nobody asked for another protocol.
      reject(Object.assign(new Error('closed without an answer'), { code: 'ECONNRESET' }));
    });
    request.once('timeout', () => give(new SilenceError(`no byte in ${silence / 1000} s`)));
    request.on('error', reject);
    const stop = body ? sendBody(request, body, onProgress, give) : undefined;
    request.once('response', (response) => {
      clearTimeout(late);
      answer = response;
      // Whoever reads the body learns of its errors; without a listener they would end the process.
      response.on('error', () => {});
      if (!request.writableEnded) stop?.(response);
      const { statusCode: status = 0, headers: received, headersDistinct } = response;
      const challenges = headersDistinct['www-authenticate'] ?? [];
      resolve({ status, headers: received, challenges, body: response });
    });
    if (!body) request.end();
  });
}

/**
 * Sends exactly the bytes that were announced, and tells how many have gone. Pieces go from the source to the socket as
 * they are, the next when the system has taken the one before: what is on its way meanwhile keeps the wire busy.
 * @returns what to do when the answer comes before everything was sent
 */
function sendBody(
  request: ClientRequest,
  { size, pieces }: Body,
  onProgress: (bytes: number) => void,
  give: (reason: unknown) => void,
): (response: IncomingMessage) => void {
  let stopped = false;
  let goOn = (): void => {};
  const stop = (): void => {
    stopped = true;
    goOn();
  };
  const taken = (piece: Buffer, last: boolean): Promise<void> =>
    new Promise((resolve) => {
      goOn = resolve;
      // The end goes with the last bytes: behind them it might come after the answer, which would cost the connection.
      if (last) request.end(piece, () => resolve());
      else request.write(piece, () => resolve());
    });
  const send = async (): Promise<void> => {
    let gone = 0;
    for await (const piece of pieces()) {
      if (stopped) return;
      gone += piece.length;
      if (gone > size) throw new UserError(`Cannot send ${size} bytes: the source has more`);
      onProgress(gone);
      await taken(piece, gone === size);
      if (stopped) return;
    }
    if (gone < size) throw new UserError(`Cannot send ${size} bytes: the source ended after ${gone}`);
    if (size === 0) request.end();
  };
  onProgress(0);
  request.once('close', stop);
  send().catch((cause) => give(new SourceFailure('the bytes to send cannot be read', { cause })));
  return (response) => {
    stop();
    // The registry waits for bytes that will not come: this connection is of no more use.
    response.once('close', () => request.destroy());
  };
}
