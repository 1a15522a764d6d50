import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileBytes, memoryBytes } from '../../src/core/bytes.js';
import { LARGEST_METADATA } from '../../src/python/archive/archive-limits.js';
import { readSdist, readWheel } from '../../src/python/archive.js';
import {
  aWheel,
  metadataText,
  wheelEntries,
  type Zip64EndFields,
  zip,
  zip64Extra,
  zipExtra,
} from '../support/builders.js';
import { countingBytes } from '../support/counting-bytes.js';
import { writeGiant } from '../support/giant.js';
import { expectRefused } from '../support/refusals.js';
import { deflatedZeros, gzippedZeros } from '../support/zeros.js';

const DIST_INFO = 'foo-1.0.dist-info';
const METADATA = `${DIST_INFO}/METADATA`;
const ONES = 0xffffffff;
const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

const read = (bytes: Buffer) => readWheel(memoryBytes(bytes));

describe('ZIP64', () => {
  const whole = { distInfo: DIST_INFO, metadata: metadataText({}), findings: [] };
  const end = { members: 0xffff, membersHere: 0xffff, length: ONES, offset: ONES };

  it('case 43: sizes only in the local ZIP64 field, as force_zip64 writes them, are read', async () => {
    const entries = wheelEntries({ deflate: false }).map((entry) => {
      const size = Buffer.from(entry.data ?? '').length;
      return { ...entry, local: { size: ONES, packed: ONES, extra: zip64Extra(size, size) } };
    });
    expect(await read(zip(entries))).toEqual(whole);
  });

  it('case 43: a wheel of 65,536 members is read', async () => {
    const many = Array.from({ length: 65_536 - 4 }, (_, index) => ({ name: `foo/${index}.py` }));
    const bytes = aWheel({ entries: many, frame: { zip64: {}, end: { members: 0xffff, membersHere: 0xffff } } });
    expect(await read(bytes)).toEqual(whole);
  });

  it('case 43: a ZIP64 end record beside a full narrow one is read', async () => {
    expect(await read(aWheel({ frame: { zip64: {} } }))).toEqual(whole);
    expect(await read(aWheel({ frame: { zip64: {}, end } }))).toEqual(whole);
  });

  it('case 43: a wheel beyond 4 GiB is read without reading its data', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wheel-'));
    try {
      const path = join(folder, 'foo-1.0-py3-none-any.whl');
      await writeGiant(path, 4 * GIB + 5);
      const bytes = await fileBytes(path);
      expect(bytes.size).toBeGreaterThan(4 * GIB);
      let taken = 0;
      const counted = {
        ...bytes,
        read: async (offset: number, length: number) => {
          taken += length;
          return bytes.read(offset, length);
        },
      };
      expect(await readWheel(counted)).toEqual(whole);
      expect(taken).toBeLessThan(MIB);
      await bytes.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each<[string, Partial<Zip64EndFields>, RegExp]>([
    ['a locator that points elsewhere', { recordOffset: 0 }, /locator does not point/],
    ['extensible data', { recordSize: 52 }, /does not point at a plain ZIP64 end record/],
    ['a record that states another size', { statedSize: 52 }, /not the plain one of 56 bytes/],
    ['another count than the end record', { members: 3 }, /tell different things/],
    ['another offset than the end record', { offset: 3 }, /tell different things/],
    ['another length than the end record', { length: 3 }, /tell different things/],
  ])('case 43: %s is refused', (_what, zip64, reason) => expectRefused(read(aWheel({ frame: { zip64 } })), reason));

  it.each<[string, Buffer, RegExp]>([
    ['two ZIP64 fields', Buffer.concat([zip64Extra(0), zip64Extra(0)]), /two ZIP64 extra fields/],
    ['a ZIP64 field that nobody asked for, with another size', zip64Extra(7), /does not fit its header/],
    ['an extra field that is cut short', zipExtra(0x5455, Buffer.alloc(9)).subarray(0, 8), /cut short/],
  ])('case 43: %s is refused', (_what, extra, reason) =>
    expectRefused(read(zip([...wheelEntries(), { name: 'x', central: { extra } }])), reason),
  );
});

describe('archives made to exhaust their reader', () => {
  it('case 44: 300 MiB of zeros as METADATA are refused before they are unpacked', async () => {
    const { payload, crc } = deflatedZeros(300);
    const fields = { crc, size: 300 * MIB };
    const bytes = countingBytes(withMetadata({ payload, local: fields, central: fields }));
    await expectRefused(readWheel(bytes), /over 50 times/);
    expect(bytes.handedOut).toBeLessThan(bytes.size);
  });

  it('case 44: METADATA that lie about their size are unpacked no further than that', async () => {
    const { payload, crc } = deflatedZeros(300);
    const fields = { crc, size: 1_000 };
    await expectRefused(read(withMetadata({ payload, local: fields, central: fields })), /more than the 1000 bytes/);
  });

  it('case 44: METADATA of 4 MiB are read, of one byte more refused', async () => {
    const most = Buffer.alloc(LARGEST_METADATA, 'Name: foo\n');
    expect((await read(aWheel({ metadata: most }))).metadata.equals(most)).toBe(true);
    const more = Buffer.alloc(LARGEST_METADATA + 1, 'Name: foo\n');
    await expectRefused(read(aWheel({ metadata: more })), /4194305 bytes, more than 4194304/);
  });

  it('case 44: 300 MiB of zeros as another member are refused by their ratio', async () => {
    const { payload, crc } = deflatedZeros(300);
    const fields = { crc, size: 300 * MIB, method: 8 };
    const bytes = countingBytes(
      zip([...wheelEntries(), { name: 'foo/zeros', payload, local: fields, central: fields }]),
    );
    await expectRefused(readWheel(bytes), /over 50 times/);
    expect(bytes.handedOut).toBeLessThan(2_000);
  });

  it('case 60: a gzip bomb of 1 GiB is refused before it is read to its end', async () => {
    const bytes = countingBytes(gzippedZeros(1024));
    await expectRefused(readSdist(bytes), /over 50 times/);
    expect(bytes.handedOut).toBeLessThan(bytes.size / 4);
  });
});

function withMetadata(more: object): Buffer {
  return zip(wheelEntries().map((entry) => (entry.name === METADATA ? { ...entry, ...more } : entry)));
}
