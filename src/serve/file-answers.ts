/** Answers with files: whole and verified, or a part; and with the metadata of wheels. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Headers, namesTag, sendProblem } from './answers.js';
import type { FileStore, ListedFile } from './files/file-store.js';
import { partAsked } from './files/ranges.js';

/** The address holds the hash: what it leads to never changes. */
const IMMUTABLE = 'private, max-age=31536000, immutable';

/** @throws what the registry failed with, as long as nothing is sent; then the connection is cut instead */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  listed: ListedFile,
  files: FileStore,
  signal: AbortSignal,
): Promise<void> {
  const blob = await files.blobOf(listed, { signal });
  const etag = `"${blob.digest}"`;
  const headers: Headers = {
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    'cache-control': IMMUTABLE,
    etag,
  };
  if (namesTag(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const part = request.method === 'HEAD' ? 'whole' : partAsked(request.headers, blob.size, etag);
  if (part === 'beyond') {
    const detail = `${listed.file.filename} has ${blob.size} bytes.`;
    sendProblem(
      request,
      response,
      { status: 416, title: 'Range not satisfiable', detail },
      {
        'content-range': `bytes */${blob.size}`,
      },
    );
    return;
  }
  if (request.method === 'HEAD') {
    response.writeHead(200, { ...headers, 'content-length': String(blob.size) }).end();
    return;
  }
  if (part === 'whole') {
    const body = await begun(await files.open(listed, blob, { signal }));
    response.writeHead(200, { ...headers, 'content-length': String(blob.size) });
    await sendAll(body, response);
    return;
  }
  const body = await begun(await files.openPart(listed, blob, part, { signal }));
  response.writeHead(206, {
    ...headers,
    'content-range': `bytes ${part.first}-${part.last}/${blob.size}`,
    'content-length': String(part.last - part.first + 1),
  });
  await sendAll(body, response);
}

export async function sendMetadata(
  request: IncomingMessage,
  response: ServerResponse,
  listed: ListedFile,
  files: FileStore,
  signal: AbortSignal,
): Promise<void> {
  const etag = `"sha256:${listed.file.sha256}.metadata"`;
  const headers: Headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': IMMUTABLE, etag };
  if (namesTag(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const bytes = await files.metadataOf(listed, { signal });
  response.writeHead(200, { ...headers, 'content-length': String(bytes.length) });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** The stream once something of it is there, so that what fails before can still be said in words. */
async function begun(stream: Readable): Promise<Readable> {
  if (stream.readableLength === 0 && !stream.readableEnded) await once(stream, 'readable');
  if (stream.errored) throw stream.errored;
  return stream;
}

/** @throws why the file did not come, if that is what ended it, and not the client */
async function sendAll(body: Readable, response: ServerResponse): Promise<void> {
  try {
    await pipeline(body, response);
  } catch (error) {
    throw body.errored ?? error;
  }
}
