import { deflateRawSync, gunzipSync, gzipSync } from 'node:zlib';
import { memoryBytes } from '../../../src/core/bytes.js';
import { readSdist } from '../../../src/python/archive.js';
import { isZipForPython } from '../../../src/python/sdist/zip-lookalike.js';
import { anSdist, sdistMembers, tar, zip } from '../../support/builders.js';
import { expectRefused } from '../../support/refusals.js';

const END = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);
const sdist = anSdist();
const plain = gunzipSync(sdist);
const read = (bytes: Buffer) => readSdist(memoryBytes(bytes));

/** The same sdist with optional fields in its gzip header: `flags` says which `fields` stand behind it. */
function packed(flags: number, fields: Buffer, level = 6): Buffer {
  const body = level === 0 ? deflateRawSync(plain, { level }) : sdist.subarray(10, -8);
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255]), fields, body, sdist.subarray(-8)]);
}
const extra = (data: Buffer): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16LE(data.length);
  return Buffer.concat([length, data]);
};

describe('the gzip around an sdist', () => {
  it.each([
    ['a name, as gzip writes it', packed(0x08, Buffer.from('foo-1.0.tar\0'))],
    ['a comment', packed(0x10, Buffer.from('hello\0'))],
    ['an extra field', packed(0x04, extra(Buffer.from('ab\x02\0xy')))],
    ['a text flag', packed(0x01, Buffer.alloc(0))],
    ['zeros behind it', Buffer.concat([sdist, Buffer.alloc(100_000)])],
  ])('may have %s', async (_what, bytes) => expect((await read(bytes)).findings).toEqual([]));

  it('is warned about with a checksum of the header, which uv takes for data', async () => {
    const header = Buffer.from([0x1f, 0x8b, 8, 0x02, 0, 0, 0, 0, 0, 255]);
    const { crc32 } = await import('node:zlib');
    const sum = Buffer.alloc(2);
    sum.writeUInt16LE(crc32(header) & 0xffff);
    expect((await read(packed(0x02, sum))).findings).toMatchObject([
      { severity: 'warning', message: expect.stringMatching(/FHCRC\): pip unpacks it, uv does not/) },
    ]);
  });

  it.each([
    ['cut in the middle', [gzipSync(plain.subarray(0, 700)), gzipSync(plain.subarray(700))]],
    ['of one block each', [0, 512, 1024].map((at) => gzipSync(plain.subarray(at, at === 1024 ? undefined : at + 512)))],
    ['with zeros behind', [gzipSync(plain.subarray(0, 700)), gzipSync(plain.subarray(700)), Buffer.alloc(9)]],
    ['the first one empty', [gzipSync(''), sdist]],
    ['the last one empty', [sdist, gzipSync('')]],
  ])('is warned about in several members, %s', async (_what, members) => {
    expect((await read(Buffer.concat(members))).findings).toMatchObject([
      { severity: 'warning', message: expect.stringMatching(/several gzip members.*uv only the first/) },
    ]);
  });

  const asZip = /holds the mark of a ZIP archive, as which pip before 26\.1 unpacks it/;
  it.each([
    ['an extra field', packed(0x04, extra(END))],
    ['an extra field, a whole archive', packed(0x04, extra(zip([{ name: 'evil-1.0/PKG-INFO', data: 'Name: evil' }])))],
    ['its name', packed(0x08, Buffer.from(`PK\x05\x06${'a'.repeat(18)}\0`, 'latin1'))],
    ['its comment', packed(0x10, Buffer.from(`PK\x05\x06${'a'.repeat(18)}\0`, 'latin1'))],
    ['data that are stored', gzipSync(tar(sdistMembers({ files: { 'a.zip': zip([{ name: 'x' }]) } })), { level: 0 })],
  ])('is refused where Python finds a ZIP archive in %s', (_what, bytes) => expectRefused(read(bytes), asZip));

  it('is not refused for an archive out of the reach of Python', async () => {
    const files = { 'a.zip': zip([{ name: 'x' }]), z: Buffer.alloc(70_000, 'z') };
    const far = gzipSync(tar(sdistMembers({ files })), { level: 0 });
    expect((await read(far)).findings).toEqual([]);
    expect((await read(Buffer.concat([packed(0x04, extra(END)), Buffer.alloc(66_000)]))).findings).toEqual([]);
  });
});

/** Each was given to `zipfile.is_zipfile` of Python 3.11 for an answer. */
describe('isZipForPython', () => {
  it.each<[string, Buffer, boolean]>([
    ['a ZIP archive', zip([{ name: 'a' }]), true],
    ['an end record alone', END, true],
    ['bytes behind it', Buffer.concat([END, Buffer.from('junk')]), true],
    ['one byte too few', END.subarray(0, -1), false],
    ['a mark cut short behind it', Buffer.concat([END, Buffer.from('PK\x05\x06', 'latin1')]), false],
    [
      'a mark within the record at the end',
      Buffer.concat([END.subarray(0, 10), END.subarray(0, 4), Buffer.alloc(8)]),
      true,
    ],
    ['nothing', Buffer.alloc(0), false],
    ['zeros', Buffer.alloc(100), false],
  ])('of %s is %s', (_what, bytes, expected) => expect(isZipForPython(bytes)).toBe(expected));
});
