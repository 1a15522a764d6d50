import type { ByteSource } from '../../core/bytes.js';

const KINDS: readonly (readonly [offset: number, magic: Buffer, kind: string])[] = [
  [0, Buffer.from('PK\x03\x04'), 'a ZIP archive'],
  [0, Buffer.from('PK\x05\x06'), 'an empty ZIP archive'],
  [0, Buffer.from([0x1f, 0x8b]), 'a gzip file'],
  [0, Buffer.from('BZh'), 'a bzip2 file'],
  [0, Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]), 'an xz file'],
  [0, Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 'a zstd file'],
  [0, Buffer.from([0x89, 0x50, 0x4e, 0x47]), 'a PNG image'],
  [0, Buffer.from('version https://git-lfs'), 'a Git LFS pointer'],
  [0, Buffer.from('<'), 'a page of HTML or XML'],
  [257, Buffer.from('ustar'), 'a tar archive'],
];

/** What a file is by its first bytes, in words for a message: `a gzip file`, `an empty file`. */
export async function fileKind(bytes: ByteSource): Promise<string> {
  if (bytes.size === 0) return 'an empty file';
  const head = await bytes.read(0, Math.min(bytes.size, 512));
  const known = KINDS.find(([offset, magic]) => head.subarray(offset, offset + magic.length).equals(magic));
  return known?.[2] ?? 'something else';
}
