import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import type { ByteSource } from '../../../core/bytes.js';
import { UserError } from '../../../core/errors.js';
import { ArchiveError, quoted } from '../../archive/archive-error.js';
import type { ZipMember } from './zip-directory.js';
import type { ZipFraming } from './zip-framing.js';

const CHUNK = 256 * 1024;

/**
 * The unpacked data of some members, by name. The caller bounds their sizes before.
 *
 * Members are found by a library that knows nothing of our reading: what it finds must be what we found.
 *
 * @throws ArchiveError if the two readings differ, or if the data are not what the directory says.
 */
export async function unpack(
  bytes: ByteSource,
  framing: ZipFraming,
  wanted: readonly ZipMember[],
): Promise<ReadonlyMap<string, Buffer>> {
  const open = new Map(wanted.map((member) => [member.name, member]));
  const found = new Map<string, Buffer>();
  try {
    const archive = await fromRandomAccessReaderPromise(new SourceReader(bytes, framing), bytes.size);
    for await (const entry of archive.eachEntry()) {
      const member = open.get(entry.fileName);
      if (member) found.set(member.name, await unpackOne(archive, entry, member));
      open.delete(entry.fileName);
      if (open.size === 0) break;
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ArchiveError(`its data cannot be unpacked: ${reason}`, undefined, { cause: error });
  }
  const [missing] = open.keys();
  if (missing !== undefined) throw new ArchiveError(`a second reader does not find ${quoted(missing)}`);
  return found;
}

async function unpackOne(archive: ZipFile, entry: Entry, member: ZipMember): Promise<Buffer> {
  const same =
    entry.uncompressedSize === member.size &&
    entry.compressedSize === member.packed &&
    entry.relativeOffsetOfLocalHeader === member.offset;
  if (!same) throw new ArchiveError(`a second reader finds another ${quoted(member.name)}`);
  const packed = await archive.openReadStreamPromise(entry, { decodeFileData: false });
  const data = member.method === 0 ? await collect(packed, member) : await inflated(packed, member);
  if (data.length !== member.size) {
    throw new ArchiveError(
      `${quoted(member.name)} unpacks to ${data.length} bytes, not to the ${member.size} it states`,
    );
  }
  if (crc32(data) !== member.crc) throw new ArchiveError(`the bytes of ${quoted(member.name)} do not fit their CRC`);
  return data;
}

/** Deflated data must end where their place ends: a reader who looks for the end by itself would go on behind it. */
async function inflated(packed: Readable, member: ZipMember): Promise<Buffer> {
  const inflate = createInflateRaw();
  packed.on('error', (error) => inflate.destroy(error));
  try {
    const data = await collect(packed.pipe(inflate), member);
    if (inflate.bytesWritten === member.packed) return data;
  } finally {
    packed.destroy();
  }
  throw new ArchiveError(
    `the compressed data of ${quoted(member.name)} end after ${inflate.bytesWritten} of ${member.packed} bytes`,
  );
}

async function collect(stream: Readable, member: ZipMember): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > member.size) {
      throw new ArchiveError(`${quoted(member.name)} unpacks to more than the ${member.size} bytes it states`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What the library reads through: the directory from memory, all else from the source. */
class SourceReader extends RandomAccessReader {
  readonly #bytes: ByteSource;
  readonly #framing: ZipFraming;

  constructor(bytes: ByteSource, framing: ZipFraming) {
    super();
    this.#bytes = bytes;
    this.#framing = framing;
  }

  override read(
    target: Buffer,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, read?: number) => void,
  ): void {
    const at = position - this.#framing.offset;
    if (at >= 0) {
      done(null, this.#framing.tail.copy(target, offset, at, at + length));
      return;
    }
    this.#bytes.read(position, length).then((bytes) => done(null, bytes.copy(target, offset)), done);
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const bytes = this.#bytes;
    const chunks = async function* (): AsyncGenerator<Buffer> {
      for (let at = start; at < end; at += CHUNK) yield await bytes.read(at, Math.min(CHUNK, end - at));
    };
    return Readable.from(chunks(), { objectMode: false });
  }
}
