/** One header, field by field; what is not given is what an ordinary file has. */
export interface TarHeader {
  readonly name: string | Buffer;
  /** `0` file, `1` hard link, `2` symlink, `5` folder, `x` and `g` pax, `L` and `K` GNU long names. */
  readonly type?: string;
  readonly size?: number;
  /** The 12 raw bytes of the size field, for what `size` cannot say. */
  readonly sizeField?: Buffer;
  readonly mode?: number;
  readonly mtime?: number;
  readonly link?: string;
  /** `ustar` unless given. */
  readonly format?: 'ustar' | 'gnu' | 'v7';
  /** Leading folders of a long ustar name. */
  readonly prefix?: string;
  /** Written instead of the true checksum. */
  readonly checksum?: number;
}

export interface TarMember extends TarHeader {
  readonly data?: Buffer | string;
}

export const BLOCK = 512;
/** The two blocks of zeros that end an archive. */
export const END_MARK = Buffer.alloc(2 * BLOCK);

const MAGIC = { ustar: 'ustar\x0000', gnu: 'ustar  \0', v7: '' } as const;

export function tarHeader(fields: TarHeader): Buffer {
  const block = Buffer.alloc(BLOCK);
  Buffer.from(fields.name).copy(block, 0, 0, 100);
  octal(fields.mode ?? 0o644, 7).copy(block, 100);
  octal(0, 7).copy(block, 108);
  octal(0, 7).copy(block, 116);
  (fields.sizeField ?? octal(fields.size ?? 0, 11)).copy(block, 124);
  octal(fields.mtime ?? 0, 11).copy(block, 136);
  block.write(fields.type ?? '0', 156, 'latin1');
  block.write(fields.link ?? '', 157, 100);
  block.write(MAGIC[fields.format ?? 'ustar'], 257, 'latin1');
  block.write(fields.prefix ?? '', 345, 155);
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${(fields.checksum ?? sum).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function octal(value: number, digits: number): Buffer {
  return Buffer.from(`${value.toString(8).padStart(digits, '0')}\0`);
}

/** A size in the base-256 form that GNU tar writes from 8 GiB on. */
export function base256(value: number): Buffer {
  const field = Buffer.alloc(12, value < 0 ? 0xff : 0);
  field.writeBigInt64BE(BigInt(value), 4);
  if (value >= 0) field[0] = 0x80;
  return field;
}

/** Data filled up with zeros to whole blocks. */
export function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)]);
}

/** A tar archive from headers with their data, and from raw bytes where a header won't do. */
export function tar(members: readonly (TarMember | Buffer)[], end: Buffer = END_MARK): Buffer {
  const blocks = members.map((member) => {
    if (Buffer.isBuffer(member)) return member;
    const data = Buffer.from(member.data ?? '');
    return Buffer.concat([tarHeader({ size: data.length, ...member }), padded(data)]);
  });
  return Buffer.concat([...blocks, end]);
}

/** A pax header (`x` for the next member, `g` for all that follow) from records or, where they are broken, from text. */
export function pax(records: Readonly<Record<string, string>> | string | Buffer, type: 'x' | 'g' = 'x'): TarMember {
  const text =
    typeof records === 'string' || Buffer.isBuffer(records)
      ? records
      : Object.entries(records)
          .map(([key, value]) => paxRecord(key, value))
          .join('');
  return { name: type === 'x' ? 'PaxHeaders/member' : 'pax_global_header', type, data: text };
}

/** `length key=value\n`, where length counts itself. */
export function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (String(length).length + rest !== length) length = String(length).length + rest;
  return `${length} ${key}=${value}\n`;
}

/** The same with a value of any bytes, as extended attributes have. */
export function binaryPaxRecord(key: string, value: Buffer): Buffer {
  const filled = Buffer.from(paxRecord(key, 'x'.repeat(value.length)));
  value.copy(filled, filled.length - 1 - value.length);
  return filled;
}

/** The GNU way to name the next member (`L`) or its link target (`K`). */
export function gnuLong(name: string, type: 'L' | 'K' = 'L'): TarMember {
  return { name: '././@LongLink', type, format: 'gnu', data: `${name}\0` };
}
