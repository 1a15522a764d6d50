import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { wheelEntries, type ZipEntry, type ZipFrame, zip } from '../builders.js';
import { pick, place, seldom } from './choice.js';
import type { GeneratedFile } from './file.js';

/** Bit 3 of the flags: sizes and CRC stand behind the data. @see APPNOTE.TXT 4.3.9 */
const BEHIND = 8;

/** How a data descriptor is written: with its signature or without, narrow or wide, true or not. */
interface Descriptor {
  readonly signature: boolean;
  readonly wide: boolean;
  readonly wrong: 'nothing' | 'crc' | 'packed' | 'size' | 'missing';
  /** What the local header says: zeros as the format asks for, or the true values. */
  readonly local: 'zeros' | 'values' | 'mixed';
}

function described(entry: ZipEntry, { signature, wide, wrong, local }: Descriptor): ZipEntry {
  const data = Buffer.from(entry.data ?? '');
  const packed = entry.deflate ? deflateRawSync(data) : data;
  const numbers = { crc: crc32(data), packed: packed.length, size: data.length };
  const told = { ...numbers, ...(wrong in numbers && { [wrong]: numbers[wrong as keyof typeof numbers] + 1 }) };
  const tail = Buffer.alloc((signature ? 4 : 0) + (wide ? 20 : 12));
  let at = signature ? tail.writeUInt32LE(0x08074b50, 0) : 0;
  at = tail.writeUInt32LE(told.crc >>> 0, at);
  if (wide) tail.writeBigUInt64LE(BigInt(told.size), tail.writeBigUInt64LE(BigInt(told.packed), at));
  else tail.writeUInt32LE(told.size, tail.writeUInt32LE(told.packed, at));
  const flags = BEHIND | (Buffer.from(entry.name).some((byte) => byte > 0x7f) ? 0x800 : 0);
  const header = { zeros: { crc: 0, packed: 0, size: 0 }, values: {}, mixed: { crc: 0 } }[local];
  return {
    ...entry,
    payload: wrong === 'missing' ? packed : Buffer.concat([packed, tail]),
    local: { ...entry.local, flags, ...header },
    central: { ...entry.central, flags, ...numbers },
  };
}

const descriptor: fc.Arbitrary<Descriptor> = fc.record({
  signature: fc.boolean(),
  wide: fc.constantFrom(false, false, true),
  wrong: fc.constantFrom('nothing', 'nothing', 'nothing', 'crc', 'packed', 'size', 'missing'),
  local: fc.constantFrom('zeros', 'zeros', 'values', 'mixed'),
});

const END = Buffer.from('PK\x05\x06');
const COMMENTS = [
  ...[
    Buffer.from('a comment'),
    Buffer.from('\u00e9'),
    Buffer.alloc(65_535, 'x'),
    Buffer.alloc(1),
    Buffer.from('PK\x01\x02'),
  ],
  ...[END, Buffer.concat([END, Buffer.alloc(18)]), Buffer.concat([Buffer.from('x'), END, Buffer.alloc(30)])],
  ...[zip(wheelEntries()), Buffer.from('PK\x06\x07'), Buffer.concat([Buffer.alloc(20), END, Buffer.alloc(17)])],
] as const;

const frame: fc.Arbitrary<ZipFrame> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<ZipFrame>({}) },
  { weight: 2, arbitrary: fc.constantFrom(...COMMENTS).map((comment) => ({ end: { comment } })) },
  { weight: 1, arbitrary: fc.constantFrom(...COMMENTS).map((suffix) => ({ suffix })) },
  { weight: 1, arbitrary: fc.constantFrom(...COMMENTS).map((prefix) => ({ prefix })) },
);

/** One field that both headers state, or a wrong CRC: what a reader of all members stumbles over. */
const oddity: fc.Arbitrary<(entry: ZipEntry) => ZipEntry> = fc.oneof(
  fc.constantFrom(1, 0x40, 0x800, 0x2000, 2, 4, 6, 0x20, 0x80, 0x1000).map((flags) => (entry: ZipEntry) => ({
    ...entry,
    local: { ...entry.local, flags },
    central: { ...entry.central, flags },
  })),
  fc.constantFrom(1, 6, 9, 12, 14, 93, 95, 98, 99).map((method) => (entry: ZipEntry) => ({
    ...entry,
    local: { ...entry.local, method },
    central: { ...entry.central, method },
  })),
  fc.constantFrom(0, 1, 0xffffffff).map((crc) => (entry: ZipEntry) => ({
    ...entry,
    local: { ...entry.local, crc },
    central: { ...entry.central, crc },
  })),
  fc.constantFrom(10, 45, 46, 63, 100, 255).map((version) => (entry: ZipEntry) => ({
    ...entry,
    central: { ...entry.central, version },
  })),
  fc.constantFrom('', 'a comment', '\u00e9').map((comment) => (entry: ZipEntry) => ({
    ...entry,
    central: { ...entry.central, comment: Buffer.from(comment) },
  })),
  fc.constant((entry: ZipEntry) => ({
    ...entry,
    payload: Buffer.from([0x07]),
    local: { ...entry.local, method: 8, packed: 1 },
    central: { ...entry.central, method: 8, packed: 1 },
  })),
);

/** Wheels whose content is sound, in forms of ZIP that some writers use: descriptors, comments, flags, methods. */
export const hostileZip: fc.Arbitrary<GeneratedFile> = fc
  .record({
    deflate: fc.boolean(),
    described: fc.oneof(
      { weight: 3, arbitrary: fc.constant<readonly (readonly [number, Descriptor])[]>([]) },
      fc.array(fc.tuple(place, descriptor), { minLength: 1, maxLength: 2 }),
      descriptor.map((one) => [0, 0.25, 0.5, 0.75].map((at) => [at, one] as const)),
    ),
    oddities: seldom(fc.tuple(place, oddity), 2),
    frame,
  })
  .map(({ deflate, described: descriptors, oddities, frame }): GeneratedFile => {
    let entries = wheelEntries({ deflate });
    for (const [at, one] of descriptors) {
      const chosen = pick(entries, at);
      if (!chosen.payload) entries = entries.map((entry) => (entry === chosen ? described(entry, one) : entry));
    }
    for (const [at, change] of oddities) {
      const chosen = pick(entries, at);
      entries = entries.map((entry) => (entry === chosen ? change(entry) : entry));
    }
    return { name: 'foo-1.0-py3-none-any.whl', bytes: zip(entries, frame) };
  });
