import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { UserError } from './errors.js';

/** Bytes that can be opened as often as needed, so that a retry starts at byte zero and nothing is held in memory. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** Where they lie, if that is a file: for readers in other threads, who can be handed no stream. */
  readonly file?: FileState;
  /**
   * All bytes from the first, each piece only lent until the next is asked for: its memory serves again. Ends with an
   * error if they are no longer the ones that were there at first.
   */
  pieces(): AsyncIterable<Buffer>;
  /** Random access: `length` bytes from `offset`. @throws UserError if the source ends before. */
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
 * each upload holds two of them.
 */
const PIECE = 512 * 1024;

export function memoryBytes(bytes: Uint8Array): ByteSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    size: buffer.length,
    async *pieces() {
      if (buffer.length) yield buffer;
    },
    read: async (offset, length) => {
      if (offset < 0 || offset + length > buffer.length) throw cutShort('memory', offset, length, buffer.length);
      return buffer.subarray(offset, offset + length);
    },
    close: async () => {},
  };
}

/** The bytes of a regular file, its size as it is now. @throws UserError if it is not a regular file. */
export async function fileBytes(path: string): Promise<ByteSource> {
  const status = await stat(path);
  if (!status.isFile()) throw new UserError(`Cannot read ${path}: it is not a regular file`);
  const file: FileState = { path, size: status.size, mtimeMs: status.mtimeMs };
  let handle: ReturnType<typeof open> | undefined;
  let whole: Promise<Buffer> | undefined;
  const readAt = async (offset: number, length: number): Promise<Buffer> => {
    handle ??= open(path, 'r');
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await (await handle).read(buffer, filled, length - filled, offset + filled);
      if (bytesRead === 0) throw cutShort(path, offset, length, offset + filled);
      filled += bytesRead;
    }
    return buffer;
  };
  return {
    size: file.size,
    file,
    pieces: () => piecesOf(file),
    read: async (offset, length) => {
      if (file.size > PIECE || offset + length > file.size) return readAt(offset, length);
      // What asks for one part of a small file asks for ten more, and each costs more than reading all of it.
      whole ??= readAt(0, file.size);
      return Buffer.from((await whole).subarray(offset, offset + length));
    },
    close: async () => {
      const opened = handle;
      handle = undefined;
      whole = undefined;
      await (await opened)?.close();
    },
  };
}

/**
 * The last piece is kept back until it is sure that the file has not changed: nobody gets all bytes of a wrong one.
 * Two buffers in turn: one is read into while the other is used. A new one for each piece would cost as much processor
 * time for collecting them as hashing all bytes does.
 */
async function* piecesOf(file: FileState): AsyncGenerator<Buffer> {
  const handle = await open(file.path, 'r');
  const buffers: Buffer[] = [];
  let turn = 0;
  const readAt = async (at: number): Promise<Buffer> => {
    const left = file.size - at;
    turn = 1 - turn;
    const buffer = buffers[turn] ?? Buffer.allocUnsafeSlow(Math.min(PIECE, left));
    buffers[turn] = buffer;
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, left), at);
    return buffer.subarray(0, bytesRead);
  };
  try {
    let next = file.size > 0 ? readAt(0) : undefined;
    for (let at = 0; next; ) {
      const piece: Buffer = await next;
      if (piece.length === 0) throw changed(file.path);
      at += piece.length;
      next = at < file.size ? readAt(at) : undefined;
      // It may fail before anybody asks for it.
      next?.catch(() => {});
      if (!next) await checkUnchanged(file);
      yield piece;
    }
  } finally {
    await handle.close();
  }
  if (file.size === 0) await checkUnchanged(file);
}

/** The same bytes as a stream, whose pieces are the reader's to keep. */
export function streamOf(bytes: Pick<ByteSource, 'pieces'>): Readable {
  const copies = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of bytes.pieces()) yield Buffer.from(piece);
  };
  return Readable.from(copies(), { objectMode: false });
}

/**
 * To be asked when the last byte has been read: a file may change between its check and its upload.
 * @throws UserError if it is no longer the file that was looked at first
 */
export async function checkUnchanged({ path, size, mtimeMs }: FileState): Promise<void> {
  const now = await stat(path);
  if (now.size !== size || now.mtimeMs !== mtimeMs) throw changed(path);
}

function changed(path: string): UserError {
  return new UserError(`Cannot publish ${path}: the file was changed after it had been checked`, {
    hint: 'make sure that no other step writes into the folder while it is published, then run again',
  });
}

function cutShort(what: string, offset: number, length: number, end: number): UserError {
  return new UserError(`Cannot read ${length} bytes at ${offset} of ${what}: it ends at ${end}`);
}
