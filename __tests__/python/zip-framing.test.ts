import { randomBytes } from 'node:crypto';
import { memoryBytes } from '../../src/core/bytes.js';
import { LARGEST_DIRECTORY, MOST_MEMBERS, unpackedLimit } from '../../src/python/archive-limits.js';
import { readZip } from '../../src/python/zip-framing.js';
import { type ZipEntry, type ZipFrame, zip, zip64Extra, zipExtra } from '../support/builders.js';
import { countingBytes } from '../support/counting-bytes.js';
import { expectRefused } from '../support/refusals.js';

const ONES = 0xffffffff;
const KIB = 1024;

const read = (entries: readonly ZipEntry[], frame?: ZipFrame) => readZip(memoryBytes(zip(entries, frame)));

describe('readZip', () => {
  it('tells of each member what the directory says', async () => {
    const { members } = await read([
      { name: 'a/', mode: 0o040755 },
      { name: 'a/b', data: 'bytes', deflate: true },
    ]);
    expect(members.map(({ name, method, size, offset, mode }) => ({ name, method, size, offset, mode }))).toEqual([
      { name: 'a/', method: 0, size: 0, offset: 0, mode: 0o040755 },
      { name: 'a/b', method: 8, size: 5, offset: 32, mode: 0o100644 },
    ]);
  });

  it('takes a directory in another order than the file', async () => {
    const first = { name: 'a', central: { name: Buffer.from('b'), offset: 31, crc: 0 } };
    const second = { name: 'b', central: { name: Buffer.from('a'), offset: 0, crc: 0 } };
    const { members } = await read([first, second]);
    expect(members.map((member) => [member.name, member.offset])).toEqual([
      ['b', 31],
      ['a', 0],
    ]);
  });

  it('reads the headers of many small members with few reads', async () => {
    const entries = Array.from({ length: 2_000 }, (_, index) => ({ name: `m${index}`, data: randomBytes(200) }));
    const bytes = countingBytes(zip(entries));
    expect((await readZip(bytes)).members).toHaveLength(2_000);
    expect(bytes.reads).toBeLessThan(10);
  });

  it('steps over the data of large members', async () => {
    const entries = Array.from({ length: 20 }, (_, index) => ({ name: `m${index}`, data: randomBytes(100 * KIB) }));
    const bytes = countingBytes(zip(entries));
    await readZip(bytes);
    expect(bytes.handedOut).toBeLessThan(20 * KIB);
  });

  it('reads a header whose extra fields are longer than usual', async () => {
    const extra = zipExtra(0x5455, Buffer.alloc(5_000));
    const entries = [
      { name: 'a', data: randomBytes(100 * KIB), local: { extra } },
      { name: 'b', local: { extra } },
    ];
    expect((await read(entries)).members).toHaveLength(2);
  });

  it.each<[string, number[], Partial<{ size: number; packed: number; offset: number }>]>([
    ['the size alone', [1], { size: ONES }],
    ['the packed size alone', [1], { packed: ONES }],
    ['the offset alone', [0], { offset: ONES }],
    ['all three', [1, 1, 0], { size: ONES, packed: ONES, offset: ONES }],
    ['all three, though only the size is asked for', [1, 1, 0], { size: ONES }],
    ['both sizes, though none is asked for', [1, 1], {}],
  ])('finds %s in a ZIP64 extra field', async (_what, values, fields) => {
    const entry = { name: 'a', data: 'x', central: { ...fields, extra: zip64Extra(...values) } };
    expect((await read([entry])).members).toMatchObject([{ size: 1, packed: 1, offset: 0 }]);
  });

  it.each<[string, ZipEntry['central'], RegExp]>([
    ['lacks a ZIP64 value', { size: ONES, extra: zip64Extra() }, /lacks a value/],
    ['lacks the ZIP64 field', { size: ONES }, /lacks a value/],
    ['has one ZIP64 value too many', { size: ONES, extra: zip64Extra(1, 2) }, /does not fit its header/],
    ['has ZIP64 values in another order', { offset: ONES, extra: zip64Extra(0, 1) }, /does not fit its header/],
    ['has half a ZIP64 value', { extra: zipExtra(1, Buffer.alloc(4)) }, /does not fit its header/],
    ['has an impossible ZIP64 value', { size: ONES, extra: zip64Extra(2 ** 60) }, /impossible size/],
    ['stands on another disk', { disk: 1 }, /another disk/],
    ['asks for a newer reader', { version: 64 }, /newer version of the ZIP format/],
  ])('refuses a member that, by its directory entry, %s', (_what, central = {}, reason) =>
    expectRefused(read([{ name: 'a', data: 'x', central }]), reason),
  );

  it.each<[string, ZipFrame, RegExp]>([
    ['a part of several disks', { end: { disk: 1 } }, /several disks/],
    ['members on other disks', { end: { members: 2, membersHere: 1 } }, /several disks/],
    ['an endless directory', { end: { length: ONES, offset: 0 } }, /must end at/],
    [
      'a giant count',
      { zip64: { members: MOST_MEMBERS + 1 }, end: { members: 0xffff, membersHere: 0xffff } },
      /200000/,
    ],
  ])('refuses %s', (_what, frame, reason) => expectRefused(read([{ name: 'a' }], frame), reason));

  it('refuses a directory beyond its limit before it reads it', async () => {
    const space = Buffer.alloc(LARGEST_DIRECTORY + 1);
    const end = { offset: 0, length: space.length, members: 0, membersHere: 0 };
    const bytes = countingBytes(zip([], { prefix: space, end }));
    await expectRefused(readZip(bytes), /its directory has 67108865 bytes/);
    expect(bytes.handedOut).toBeLessThan(KIB);
  });
});

describe('unpackedLimit', () => {
  it.each([
    [0, 64 * KIB * KIB],
    [KIB * KIB, 64 * KIB * KIB],
    [2 * KIB * KIB, 100 * KIB * KIB],
  ])('of %i bytes is %i', (packed, limit) => expect(unpackedLimit(packed)).toBe(limit));
});
