import { crc32, deflateRawSync } from 'node:zlib';

/** The values that a local header and a directory entry both state. */
export interface ZipFields {
  readonly name: Buffer;
  readonly flags: number;
  /** 0 = stored, 8 = deflated. */
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly extra: Buffer;
}

/** What only a directory entry states. */
export interface CentralFields extends ZipFields {
  readonly offset: number;
  /** Unix mode in the upper half. */
  readonly attributes: number;
  readonly comment: Buffer;
  readonly disk: number;
  /** Version needed to extract, 20 unless given. */
  readonly version?: number;
}

/** One member. `local` and `central` override what the two places say about it, so that they can disagree. */
export interface ZipEntry {
  readonly name: string | Buffer;
  readonly data?: Buffer | string;
  readonly deflate?: boolean;
  /** The bytes behind the local header, if they are not the packed `data`. */
  readonly payload?: Buffer;
  readonly mode?: number;
  readonly local?: Partial<ZipFields>;
  readonly central?: Partial<CentralFields>;
  /** Leaves the member out of one of the two places. */
  readonly only?: 'local' | 'central';
}

export interface EndFields {
  readonly disk: number;
  readonly directoryDisk: number;
  readonly membersHere: number;
  readonly members: number;
  readonly length: number;
  readonly offset: number;
  readonly comment: Buffer;
}

export interface Zip64EndFields {
  readonly members: number;
  readonly length: number;
  readonly offset: number;
  /** Size of the record without its first 12 bytes: 44 without extensible data. */
  readonly recordSize: number;
  /** What it says about that size, if not the truth. */
  readonly statedSize?: number;
  /** Where the locator says that the record lies. */
  readonly recordOffset: number;
}

export interface ZipFrame {
  readonly prefix?: Buffer;
  readonly suffix?: Buffer;
  readonly end?: Partial<EndFields>;
  /** Writes the ZIP64 records, with these values where they are to differ from the true ones. */
  readonly zip64?: Partial<Zip64EndFields>;
}

/** 1980-01-01 00:00, the earliest time that the format knows. */
const DATE = 0x0021;
const NOTHING = Buffer.alloc(0);

export function localHeader(fields: ZipFields): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(20, 4);
  writeShared(head, 6, fields);
  return Buffer.concat([head, fields.name, fields.extra]);
}

export function centralHeader(fields: CentralFields): Buffer {
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE((3 << 8) | 20, 4);
  head.writeUInt16LE(fields.version ?? 20, 6);
  writeShared(head, 8, fields);
  head.writeUInt16LE(fields.comment.length, 32);
  head.writeUInt16LE(fields.disk, 34);
  head.writeUInt32LE(fields.attributes >>> 0, 38);
  head.writeUInt32LE(fields.offset, 42);
  return Buffer.concat([head, fields.name, fields.extra, fields.comment]);
}

/** The 24 bytes that both headers share: flags to length of the extra field. */
function writeShared(head: Buffer, at: number, fields: ZipFields): void {
  head.writeUInt16LE(fields.flags, at);
  head.writeUInt16LE(fields.method, at + 2);
  head.writeUInt16LE(DATE, at + 6);
  head.writeUInt32LE(fields.crc, at + 8);
  head.writeUInt32LE(fields.packed, at + 12);
  head.writeUInt32LE(fields.size, at + 16);
  head.writeUInt16LE(fields.name.length, at + 20);
  head.writeUInt16LE(fields.extra.length, at + 22);
}

export function endRecord(fields: EndFields): Buffer {
  const bytes = Buffer.alloc(22);
  bytes.writeUInt32LE(0x06054b50, 0);
  bytes.writeUInt16LE(fields.disk, 4);
  bytes.writeUInt16LE(fields.directoryDisk, 6);
  bytes.writeUInt16LE(fields.membersHere, 8);
  bytes.writeUInt16LE(fields.members, 10);
  bytes.writeUInt32LE(fields.length, 12);
  bytes.writeUInt32LE(fields.offset, 16);
  bytes.writeUInt16LE(fields.comment.length, 20);
  return Buffer.concat([bytes, fields.comment]);
}

/** The ZIP64 end record and, behind it, its locator. */
export function zip64End(fields: Zip64EndFields): Buffer {
  const record = Buffer.alloc(12 + fields.recordSize);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(BigInt(fields.statedSize ?? fields.recordSize), 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(fields.members), 24);
  record.writeBigUInt64LE(BigInt(fields.members), 32);
  record.writeBigUInt64LE(BigInt(fields.length), 40);
  record.writeBigUInt64LE(BigInt(fields.offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(fields.recordOffset), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator]);
}

/** One extra field: its id and its data. */
export function zipExtra(id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(data.length, 2);
  return Buffer.concat([head, data]);
}

/** The ZIP64 extra field (0x0001) with these 8-byte values. */
export function zip64Extra(...values: readonly number[]): Buffer {
  const data = Buffer.alloc(8 * values.length);
  for (const [at, value] of values.entries()) data.writeBigUInt64LE(BigInt(value), 8 * at);
  return zipExtra(0x0001, data);
}

/** A ZIP archive, byte by byte: true values everywhere except where an entry or the frame says otherwise. */
export function zip(entries: readonly ZipEntry[], frame: ZipFrame = {}): Buffer {
  const prefix = frame.prefix ?? NOTHING;
  const body: Buffer[] = [prefix];
  const directory: Buffer[] = [];
  let at = prefix.length;
  for (const entry of entries) {
    const { fields, payload } = packed(entry);
    if (entry.only !== 'local') {
      const attributes = ((entry.mode ?? 0o100644) << 16) >>> 0;
      directory.push(centralHeader({ ...fields, offset: at, attributes, comment: NOTHING, disk: 0, ...entry.central }));
    }
    if (entry.only === 'central') continue;
    const header = localHeader({ ...fields, ...entry.local });
    body.push(header, payload);
    at += header.length + payload.length;
  }
  const central = Buffer.concat(directory);
  const members = directory.length;
  const end = { disk: 0, directoryDisk: 0, membersHere: members, members, length: central.length, offset: at };
  const wide = frame.zip64
    ? zip64End({ ...end, recordSize: 44, recordOffset: at + central.length, ...frame.zip64 })
    : NOTHING;
  const narrow = endRecord({ ...end, comment: NOTHING, ...frame.end });
  return Buffer.concat([...body, central, wide, narrow, frame.suffix ?? NOTHING]);
}

function packed(entry: ZipEntry): { readonly fields: ZipFields; readonly payload: Buffer } {
  const name = typeof entry.name === 'string' ? Buffer.from(entry.name) : entry.name;
  const data = Buffer.from(entry.data ?? '');
  const payload = entry.payload ?? (entry.deflate ? deflateRawSync(data) : data);
  const flags = name.some((byte) => byte > 0x7f) ? 0x0800 : 0;
  const method = entry.deflate ? 8 : 0;
  return {
    fields: { name, flags, method, crc: crc32(data), packed: payload.length, size: data.length, extra: NOTHING },
    payload,
  };
}
