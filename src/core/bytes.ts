import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { PublishError } from './errors.js';

/** Bytes that can be opened as often as needed, so that a retry starts at byte zero and nothing is held in memory. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** Where they lie, if that is a file: for readers in other threads, who can be handed no stream. */
  readonly file?: FileState;
  /** A fresh stream of all bytes. It ends with an error if they are no longer the ones that were there at first. */
  open(): Readable;
  /** Random access: `length` bytes from `offset`. @throws PublishError if the source ends before. */
  read(offset: number, length: number): Promise<Buffer>;
  /** Releases what random access holds open. The source may be used again afterwards. */
  close(): Promise<void>;
}

/** A file as it was when it was first looked at. */
export interface FileState {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since the epoch, with fractions. */
  readonly mtimeMs: number;
}

/**
 * Bytes read at once. Measured with uploads of 1 GiB: half the time of 64 KiB pieces; more than this gains nothing, and
 * each upload holds three of them.
 */
const PIECE = 512 * 1024;

export function memoryBytes(bytes: Uint8Array): ByteSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    size: buffer.length,
    open: () => Readable.from(buffer.length ? [buffer] : [], { objectMode: false }),
    read: async (offset, length) => {
      if (offset < 0 || offset + length > buffer.length) throw cutShort('memory', offset, length, buffer.length);
      return buffer.subarray(offset, offset + length);
    },
    close: async () => {},
  };
}

/** The bytes of a regular file, its size as it is now. @throws PublishError if it is not a regular file. */
export async function fileBytes(path: string): Promise<ByteSource> {
  const status = await stat(path);
  if (!status.isFile()) throw new PublishError(`Cannot read ${path}: it is not a regular file`);
  const file: FileState = { path, size: status.size, mtimeMs: status.mtimeMs };
  let handle: ReturnType<typeof open> | undefined;
  return {
    size: file.size,
    file,
    open: () => Readable.from(piecesOf(file), { objectMode: false, highWaterMark: PIECE }),
    read: async (offset, length) => {
      handle ??= open(path, 'r');
      const buffer = Buffer.alloc(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await (await handle).read(buffer, filled, length - filled, offset + filled);
        if (bytesRead === 0) throw cutShort(path, offset, length, offset + filled);
        filled += bytesRead;
      }
      return buffer;
    },
    close: async () => {
      const opened = handle;
      handle = undefined;
      await (await opened)?.close();
    },
  };
}

async function* piecesOf(file: FileState): AsyncGenerator<Buffer> {
  const handle = await open(file.path, 'r');
  try {
    for (let at = 0; at < file.size; ) {
      const length = Math.min(PIECE, file.size - at);
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, at);
      if (bytesRead === 0) throw changed(file.path);
      at += bytesRead;
      yield bytesRead === length ? buffer : buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
  await checkUnchanged(file);
}

/**
 * To be asked when the last byte has been read: a file may change between its check and its upload.
 * @throws PublishError if it is no longer the file that was looked at first
 */
export async function checkUnchanged({ path, size, mtimeMs }: FileState): Promise<void> {
  const now = await stat(path);
  if (now.size !== size || now.mtimeMs !== mtimeMs) throw changed(path);
}

function changed(path: string): PublishError {
  return new PublishError(`Cannot publish ${path}: the file was changed after it had been checked`, {
    hint: 'make sure that no other step writes into the folder while it is published, then run again',
  });
}

function cutShort(what: string, offset: number, length: number, end: number): PublishError {
  return new PublishError(`Cannot read ${length} bytes at ${offset} of ${what}: it ends at ${end}`);
}
