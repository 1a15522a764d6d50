import { randomBytes } from 'node:crypto';
import { memoryBytes } from '../../../../src/core/bytes.js';
import { LARGEST_DIRECTORY, MOST_MEMBERS, unpackedLimit } from '../../../../src/python/archive/archive-limits.js';
import { readZip } from '../../../../src/python/wheel/zip/zip-framing.js';
import { type ZipEntry, type ZipFrame, zip, zip64Extra, zipExtra } from '../../../support/builders.js';
import { countingBytes } from '../../../support/counting-bytes.js';
import { expectRefused } from '../../../support/refusals.js';

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

  const commented = (comment: Buffer, frame: ZipFrame = {}) =>
    read([{ name: 'a' }], { ...frame, end: { ...frame.end, comment } });

  it.each([
    ['some text', Buffer.from('built by hand')],
    ['the letters PK', Buffer.from('PK and PKZIP')],
    ['as many bytes as fit', Buffer.alloc(0xffff, 'x')],
    ['zeros', Buffer.alloc(100)],
  ])('takes a comment of %s', async (_what, comment) => {
    expect((await commented(comment)).members).toMatchObject([{ name: 'a' }]);
    expect((await commented(comment, { zip64: {} })).members).toMatchObject([{ name: 'a' }]);
  });

  it.each([
    ['a local header', 'PK\x03\x04'],
    ['a directory entry', 'PK\x01\x02'],
    ['a ZIP64 end record', 'PK\x06\x06'],
    ['a ZIP64 locator', 'PK\x06\x07'],
    ['a data descriptor', 'PK\x07\x08'],
  ])('refuses a comment with the mark of %s', (_what, mark) =>
    expectRefused(commented(Buffer.from(`x${mark}x`, 'latin1')), /its comment holds the mark of a ZIP record/),
  );

  it.each([
    ['an end record', Buffer.concat([Buffer.from('xPK\x05\x06', 'latin1'), Buffer.alloc(18)]), /must end at/],
    ['the mark of one, cut short', Buffer.from('xPK\x05\x06', 'latin1'), /follow its end record/],
    ['a whole archive', zip([{ name: 'b' }]), /must end at/],
  ])('refuses a comment with %s', (_what, comment, reason) => expectRefused(commented(comment), reason));

  it('refuses a mark that the length of a comment makes with its beginning', () => {
    const comment = Buffer.alloc(0x4b50, 'x');
    comment.write('\x03\x04', 'latin1');
    return expectRefused(commented(comment), /its comment holds the mark of a ZIP record/);
  });

  it.each([
    ['longer', Buffer.from('x')],
    ['shorter', Buffer.from('xyz')],
  ])('refuses a comment that is %s than its end record says', (_what, suffix) => {
    const bytes = zip([{ name: 'a' }], { end: { comment: Buffer.from('ab') } });
    const other = Buffer.concat([bytes.subarray(0, -2), suffix]);
    return expectRefused(readZip(memoryBytes(other)), /follow its end record, which speaks of 2/);
  });

  it('refuses zeros behind the end record', () =>
    expectRefused(
      read([{ name: 'a' }], { suffix: Buffer.alloc(4) }),
      /4 bytes follow its end record.*: the public index and/,
    ));

  it('refuses a local header that asks for a newer reader, at which uv stops', () => {
    const bytes = zip([{ name: 'a' }]);
    bytes.writeUInt8(64, 4);
    return expectRefused(readZip(memoryBytes(bytes)), /"a" asks for a newer version of the ZIP format/);
  });

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
