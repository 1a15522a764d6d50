import { extract } from 'tar-stream';
import { UserError } from '../../../core/errors.js';
import { ArchiveError, quoted } from '../../archive/archive-error.js';
import type { TarExtract } from './tar-framing.js';
import { BLOCK } from './tar-header.js';

/**
 * The data of one member, from its raw blocks.
 *
 * They are read by a library that knows nothing of our reading: what it finds must be what we found.
 *
 * @throws ArchiveError if the two readings differ.
 */
export async function unpackTar({ member, blocks }: TarExtract): Promise<Buffer> {
  const reader = extract();
  reader.end(Buffer.concat([blocks, Buffer.alloc(2 * BLOCK)]));
  const found: Buffer[] = [];
  try {
    for await (const entry of reader) {
      const data: Buffer[] = [];
      for await (const chunk of entry as AsyncIterable<Buffer>) data.push(chunk);
      const same = entry.header.name === member.path && entry.header.size === member.size;
      if (!same) throw differs(member.path);
      found.push(Buffer.concat(data));
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw differs(member.path, error);
  }
  const [data] = found;
  if (found.length !== 1 || data?.length !== member.size) throw differs(member.path);
  return data;
}

function differs(path: string, cause?: unknown): ArchiveError {
  return new ArchiveError(`a second reader finds another ${quoted(path)}`, undefined, { cause });
}
