import { crc32, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { aWheel } from '../builders.js';
import { place } from './choice.js';

/** How a tar archive becomes a file. */
export type Packing = (archive: Buffer) => Buffer;

/** One gzip member with the optional parts of its header. @see https://www.rfc-editor.org/rfc/rfc1952#page-5 */
function gzipMember(data: Buffer, flags: number, parts: Buffer, spoil = 0): Buffer {
  const plain = gzipSync(data, { level: 1 });
  const head = Buffer.from(plain.subarray(0, 10));
  head[3] = flags;
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE((crc32(Buffer.concat([head, parts])) & 0xffff) ^ spoil);
  return Buffer.concat([head, parts, ...(flags & 2 ? [sum] : []), plain.subarray(10)]);
}

const gzipParts = fc.constantFrom<readonly [number, string]>(
  ...([
    [0, ''],
    [1, ''],
    [2, ''],
    [8, 'foo-1.0.tar\0'],
    [8, '\xe9\0'],
    [8, `${'n'.repeat(70_000)}\0`],
    [16, 'a comment\0'],
    [24, 'name\0comment\0'],
    [4, '\x04\0ab\0\0'],
    [4, '\0\0'],
    [4, '\xff\xffx'],
    [30, '\x02\0xxname\0comment\0'],
    [32, ''],
    [64, ''],
    [128, ''],
  ] as const),
);

/** A ZIP archive that an sdist has somewhere: some readers find its end record and take the sdist for a wheel. */
export const hiddenWheel = aWheel();
/** Forms of gzip that not everybody writes. */
export const packing: fc.Arbitrary<Packing> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.tuple(gzipParts, fc.constantFrom(0, 0, 1)).map(
      ([[flags, parts], spoil]) =>
        (archive: Buffer) =>
          gzipMember(archive, flags, Buffer.from(parts, 'latin1'), spoil),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.array(place, { minLength: 1, maxLength: 3 }).map((places) => (archive: Buffer) => {
      const cuts = [0, ...places.map((at) => Math.floor(at * archive.length)).sort((a, b) => a - b), archive.length];
      return Buffer.concat(cuts.slice(1).map((end, index) => gzipSync(archive.subarray(cuts[index], end))));
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom<(packed: Buffer) => Buffer>(
        (packed) => Buffer.concat([packed, gzipSync(Buffer.alloc(0))]),
        (packed) => Buffer.concat([gzipSync(Buffer.alloc(0)), packed]),
        (packed) => Buffer.concat([packed, Buffer.alloc(100)]),
        (packed) => Buffer.concat([packed, Buffer.alloc(100), gzipSync(Buffer.alloc(512))]),
        (packed) => Buffer.concat([packed, gzipSync(Buffer.alloc(10_240))]),
        (packed) => Buffer.concat([packed, Buffer.from('PK\x05\x06'), Buffer.alloc(18)]),
        (packed) => Buffer.concat([packed, hiddenWheel]),
      )
      .map((change) => (archive: Buffer) => change(gzipSync(archive))),
  },
  {
    weight: 1,
    // A comment of a gzip header, or a stored block, in which a ZIP archive or only its end record hides.
    arbitrary: fc
      .constantFrom(Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]), hiddenWheel)
      .chain((hidden) =>
        fc.constantFrom<(archive: Buffer) => Buffer>(
          (archive) => gzipSync(Buffer.concat([archive, hidden]), { level: 0 }),
          (archive) => {
            const extra = Buffer.alloc(2);
            extra.writeUInt16LE(hidden.length);
            return gzipMember(archive, 4, Buffer.concat([extra, hidden]));
          },
        ),
      ),
  },
);
