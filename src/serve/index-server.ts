/** The package index on loopback: takes requests, turns strangers away, answers, and says what it did. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { codeOf } from '../core/error-code.js';
import { UserError } from '../core/errors.js';
import type { Clock } from '../core/ports.js';
import type { Store } from '../oci/store.js';
import type { OwnedNames } from '../simple/owned-names.js';
import { sendJson, sendProblem, sendRedirect } from './answers.js';
import type { OnEvent, ServeReport } from './event.js';
import { sendFile, sendMetadata } from './file-answers.js';
import { FileStore, type ListedFile } from './files/file-store.js';
import { lackOfPassword, strangerIn, wrongMethod } from './guard.js';
import { Ledger } from './ledger.js';
import { sendProject, sendProjectJson, sendRoot } from './page-answers.js';
import { Projects } from './projects/projects.js';
import { type Target, targetOf } from './target.js';
import { troubleWith } from './trouble.js';
import type { TakeUpload } from './uploads/upload-answers.js';

export interface IndexServerOptions {
  readonly store: Store;
  readonly owned: OwnedNames;
  /** First segments of every address: `ghcr.io/octo-org`. They say what this index is. */
  readonly path: string;
  /** Pages of all other names are below it; ends with a slash. `undefined`: they are not there. */
  readonly fallback: URL | undefined;
  /** `undefined`: none is asked for. */
  readonly password: string | undefined;
  /** Told to whoever asks for the health, so that a server that was started can be known again. */
  readonly nonce: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Takes one upload in, up to its answer; `undefined`: the index is read only. */
  readonly takeUpload?: TakeUpload | undefined;
  readonly clock: Clock;
  /** Ends everything at once. */
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
}

export interface IndexServer {
  readonly port: number;
  readonly report: ServeReport;
  /** Takes no more requests, and waits for those under way; after `drain` milliseconds it cuts them. */
  close(drain: number): Promise<void>;
}

/** The port is in use by another program. */
export class PortTakenError extends UserError {
  override readonly name = 'PortTakenError';
}

/** Only this machine. */
const LOOPBACK = '127.0.0.1';
const MOST_SOCKETS = 256;
/** Milliseconds without a byte in either direction. */
const SILENCE = 60_000;
const HEADERS_WITHIN = 15_000;

/** Why a read ends whose client does not wait for it any more; and what streams make of that. */
const CLIENT_LEFT = new UserError('the client left');
const CUT: readonly (string | undefined)[] = ['ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'];

/** @throws PortTakenError */
export async function startIndexServer(options: IndexServerOptions): Promise<IndexServer> {
  const index = new Index(options);
  // An upload takes as long as it takes; only silence ends it.
  const requestTimeout = options.takeUpload ? 0 : SILENCE;
  const server = createServer({ headersTimeout: HEADERS_WITHIN, requestTimeout, keepAliveTimeout: SILENCE });
  server.maxConnections = MOST_SOCKETS;
  server.setTimeout(SILENCE, (socket) => socket.destroy());
  server.on('request', (request, response) => void index.answer(request, response, portOf(server)));
  await listen(server, options.port);
  const cut = (): void => server.closeAllConnections();
  options.signal.addEventListener('abort', cut, { once: true });
  return {
    port: portOf(server),
    get report() {
      return index.report;
    },
    close: async (drain) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const over = new AbortController();
      options.clock.sleep(drain, over.signal).then(cut, () => {});
      await closed;
      over.abort();
      options.signal.removeEventListener('abort', cut);
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, LOOPBACK);
  try {
    await once(server, 'listening');
  } catch (cause) {
    if (codeOf(cause) !== 'EADDRINUSE') throw new UserError(`Cannot listen on port ${port}`, { cause });
    throw new PortTakenError(`Cannot listen on port ${port}: another program uses it`, { cause });
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo | null)?.port ?? 0;
}

/** One index: what is asked of it, and what it answers. */
class Index {
  readonly #options: IndexServerOptions;
  readonly #ledger: Ledger;
  readonly #projects: Projects;
  readonly #files: FileStore;

  constructor(options: IndexServerOptions) {
    const { store, owned, clock, signal, onEvent } = options;
    this.#options = options;
    this.#ledger = new Ledger(onEvent);
    const passedOver = (project: string, what: string, why: string): void =>
      onEvent({ kind: 'passed-over', project, what, why });
    this.#projects = new Projects({ store, clock, signal, passedOver });
    this.#files = new FileStore({ store, owned, projects: this.#projects, signal });
  }

  get report(): ServeReport {
    return this.#ledger.report;
  }

  async answer(request: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
    this.#watch(request, response);
    // What a client breaks is its own request.
    for (const stream of [request, response]) stream.on('error', () => {});
    const { password, takeUpload } = this.#options;
    const target = targetOf(request.url ?? '', this.#options.path);
    const method = wrongMethod(request.method, target.kind === 'upload' ? 'upload' : 'page', takeUpload !== undefined);
    const stranger = strangerIn(request, { port, password }) ?? method;
    if (!stranger && target.kind === 'upload' && takeUpload) {
      return this.#upload(request, response, takeUpload, port);
    }
    // What is sent along with a question is nothing to us.
    request.resume();
    if (stranger) return sendProblem(request, response, stranger, stranger.headers);
    if (target.kind === 'bad') {
      return sendProblem(request, response, { status: 400, title: 'Bad request', detail: `${target.why}.` });
    }
    if (target.kind === 'health') {
      return sendJson(request, response, { ok: true, path: this.#options.path, nonce: this.#options.nonce });
    }
    const denial = lackOfPassword(request.headers, { port, password });
    if (denial) return sendProblem(request, response, denial, denial.headers);
    return this.#targeted(target, request, response);
  }

  async #targeted(target: Target, request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (target.kind) {
      case 'report':
        return sendJson(request, response, this.report);
      case 'moved':
        return sendRedirect(response, 301, target.to);
      case 'root':
        return sendRoot(request, response, this.#options.owned.listed);
      case 'project':
      case 'json':
        return this.#project(target, request, response);
      case 'file':
      case 'metadata':
        return this.#file(target, request, response);
      default:
        return notFound(request, response, 'There is nothing under this address.');
    }
  }

  async #upload(
    request: IncomingMessage,
    response: ServerResponse,
    takeUpload: TakeUpload,
    port: number,
  ): Promise<void> {
    const denial = lackOfPassword(request.headers, { port, password: this.#options.password });
    if (denial) {
      request.resume();
      return sendProblem(request, response, denial, denial.headers);
    }
    const taken = await takeUpload(request, response);
    // All of it was read, or nobody needs the rest.
    request.resume();
    switch (taken.kind) {
      case 'left':
        return void response.destroy();
      case 'received': {
        const { upload, received } = taken;
        this.#projects.forget(received.project);
        this.#ledger.uploaded(upload.filename, received);
        return sendJson(request, response, { ok: true, file: upload.filename, ...received });
      }
      case 'failed': {
        const { trouble, file, project } = taken;
        this.#ledger.failed({ project: project ?? '', message: `${file ?? 'An upload'}: ${trouble.detail}` });
        return sendProblem(request, response, trouble);
      }
    }
  }

  async #project(
    { kind, root, project: name }: Extract<Target, { kind: 'project' | 'json' }>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { owned, fallback } = this.#options;
    const found = owned.find(name);
    if (!found) {
      if (root === 'owned' || fallback === undefined || kind === 'json') {
        return notFound(request, response, `${name} is not among the packages of this index.`);
      }
      this.#ledger.redirected(name);
      return sendRedirect(response, 302, new URL(`${name}/`, fallback).href);
    }
    try {
      const project = await this.#projects.read(found);
      if (kind === 'json') sendProjectJson(request, response, project);
      else sendProject(request, response, project);
    } catch (error) {
      this.#failed(name, error, request, response);
    }
  }

  async #file(
    { kind, ...address }: Extract<Target, { kind: 'file' | 'metadata' }>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort(CLIENT_LEFT));
    const signal = AbortSignal.any([gone.signal, this.#options.signal]);
    let project = '';
    try {
      let listed: ListedFile | undefined;
      for (const owner of this.#files.ownersOf(address.filename)) {
        project = owner.project;
        listed ??= await this.#files.find(address, owner);
      }
      if (!listed || (kind === 'metadata' && listed.file.coreMetadata === undefined)) {
        return notFound(request, response, `${address.filename} is not among the files of this index under this hash.`);
      }
      project = listed.owned.project;
      if (kind === 'metadata') return await sendMetadata(request, response, listed, this.#files, signal);
      await sendFile(request, response, listed, this.#files, signal);
      if (response.statusCode === 200 && request.method === 'GET') this.#ledger.served(project, listed.file.size ?? 0);
    } catch (error) {
      this.#failed(project, error, request, response);
    }
  }

  /** Tells a failure where it is seen; an answer that has begun is cut, so that nobody takes it for whole. */
  #failed(project: string, error: unknown, request: IncomingMessage, response: ServerResponse): void {
    // The client left: nothing failed, and nobody is there to be told.
    if (error === CLIENT_LEFT || CUT.includes(codeOf(error))) return void response.destroy();
    const { trouble, failure } = troubleWith(project, error);
    this.#ledger.failed(failure);
    if (response.headersSent) response.destroy();
    else sendProblem(request, response, trouble);
  }

  #watch(request: IncomingMessage, response: ServerResponse): void {
    const { clock, onEvent, path } = this.#options;
    const begun = clock.now();
    const { socket, method = '' } = request;
    // pip writes the colon of a registry's port in its own way.
    const url = (request.url ?? '').replaceAll(/%3a/gi, ':');
    const before = socket.bytesWritten;
    response.once('close', () => {
      onEvent({
        kind: 'answered',
        method,
        target: url.startsWith(`/${path}/`) ? url.slice(path.length + 1) : url,
        status: response.headersSent ? response.statusCode : 0,
        cut: !response.writableFinished,
        bytes: socket.bytesWritten - before,
        milliseconds: clock.now() - begun,
        client: request.headers['user-agent']?.split(' ', 1)[0] ?? '',
      });
    });
  }
}

function notFound(request: IncomingMessage, response: ServerResponse, detail: string): void {
  sendProblem(request, response, { status: 404, title: 'Not found', detail });
}
