import fc from 'fast-check';
import { checkGlobalPax, parsePax } from '../../../../src/python/sdist/tar/pax.js';
import { type TarExtract, TarFraming } from '../../../../src/python/sdist/tar/tar-framing.js';
import { parseHeader } from '../../../../src/python/sdist/tar/tar-header.js';
import type { TarMember } from '../../../../src/python/sdist/tar/tar-member.js';
import { parseNumber } from '../../../../src/python/sdist/tar/tar-number.js';
import {
  base256,
  binaryPaxRecord,
  gnuLong,
  pax,
  paxRecord,
  type TarMember as Raw,
  sdistMembers,
  tar,
  tarHeader,
} from '../../../support/builders.js';

/** Walks an archive cut into pieces of these lengths, over and over. */
function walk(bytes: Buffer, pieces: readonly number[], wanted = (_: TarMember) => false) {
  const members: TarMember[] = [];
  const framing = new TarFraming((member) => {
    members.push(member);
    return wanted(member);
  });
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = pieces[turn % pieces.length] ?? bytes.length;
    framing.push(bytes.subarray(at, at + length));
    at += length;
  }
  const extracts: readonly TarExtract[] = framing.finish();
  return { members, extracts };
}

describe('TarFraming', () => {
  const members: Raw[] = [
    ...sdistMembers({ format: 'gnu', files: { a: 'x'.repeat(511), b: 'x'.repeat(512), c: 'x'.repeat(513), d: '' } }),
    gnuLong(`foo-1.0/${'e'.repeat(200)}`),
    { name: 'foo-1.0/e', data: 'e', format: 'gnu' },
    { name: 'foo-1.0/link', type: '2', link: 'a', format: 'gnu' },
  ];

  it('tells path, kind and size of each member, with what extension headers change', () => {
    expect(walk(tar(members), [4_096]).members).toEqual([
      { path: 'foo-1.0', kind: 'folder', size: 0 },
      { path: 'foo-1.0/a', kind: 'file', size: 511 },
      { path: 'foo-1.0/b', kind: 'file', size: 512 },
      { path: 'foo-1.0/c', kind: 'file', size: 513 },
      { path: 'foo-1.0/d', kind: 'file', size: 0 },
      { path: 'foo-1.0/PKG-INFO', kind: 'file', size: 46 },
      { path: `foo-1.0/${'e'.repeat(200)}`, kind: 'file', size: 1 },
      { path: 'foo-1.0/link', kind: 'link', size: 0, link: { hard: false, target: Buffer.from('a') } },
    ]);
  });

  const x = { name: 'foo-1.0/x', data: 'x' };
  const gnu = { ...x, name: 'foo-1.0/y', format: 'gnu' } as const;
  it.each<[string, (Raw | Buffer)[], string]>([
    ['GNU behind ustar', [x, gnu], 'two formats, ustar and GNU: uv refuses'],
    ['ustar behind GNU', [gnu, x], 'two formats, GNU and ustar: uv refuses'],
    ['a GNU member in a pax archive', [pax({ mtime: '1' }), x, gnu], 'two formats, ustar and GNU'],
    ['a pax header in a GNU archive', [pax({ mtime: '1' }), gnu], 'two formats, ustar and GNU'],
    [
      'a pax header marked as GNU',
      [{ ...pax({ mtime: '1' }), format: 'gnu' }, gnu],
      'type x, marked as GNU: uv refuses',
    ],
    ['a global one', [{ ...pax({ comment: '1' }, 'g'), format: 'gnu' }, gnu], 'type g, marked as GNU: uv refuses'],
    ['a GNU long name in a pax archive', [x, gnuLong('foo-1.0/l'), x], 'two formats, ustar and GNU'],
    ['one marked as ustar', [{ ...gnuLong('foo-1.0/l'), format: 'ustar' }, x], 'type L, marked as ustar: uv refuses'],
  ])('refuses %s, as no more than one format is unpacked by uv', (_what, mixed, message) => {
    expect(() => walk(tar(mixed), [4_096])).toThrow(message);
  });

  it('refuses ustar of another version, as uv does', () => {
    const header = tarHeader(x);
    const checksum = Number.parseInt(header.toString('latin1', 148, 154), 8) - 2 * '0'.charCodeAt(0);
    expect(() => parseHeader(tarHeader({ ...x, checksum }).fill('\0', 263, 265))).toThrow(
      'ustar of a version other than 00: uv refuses',
    );
  });

  it('sees the same however the stream is cut', () => {
    const bytes = tar(members);
    const whole = walk(bytes, [bytes.length], ({ path }) => path.endsWith('/c'));
    const cuts = fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(cuts, (pieces) => {
        expect(walk(bytes, pieces, ({ path }) => path.endsWith('/c'))).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  it('hands over the blocks of a wanted member with its extension headers, and no others', () => {
    const extension = pax({ path: 'foo-1.0/wanted' });
    const wanted: Raw = { name: 'foo-1.0/short', data: 'data' };
    const bytes = tar([
      pax({ comment: 'c' }, 'g'),
      pax({ mtime: '1' }),
      { name: 'foo-1.0/x', data: 'x' },
      extension,
      wanted,
    ]);
    const { extracts } = walk(bytes, [700], ({ path }) => path === 'foo-1.0/wanted');
    expect(extracts).toEqual([
      { member: { path: 'foo-1.0/wanted', kind: 'file', size: 4 }, blocks: tar([extension, wanted], Buffer.alloc(0)) },
    ]);
  });

  it.each<[string, Raw]>([
    ['pax header', { ...pax('x'.repeat(256 * 1024 + 1)) }],
    ['GNU long path', gnuLong('x'.repeat(128 * 1024))],
  ])('refuses a %s beyond its limit before it is read', (_what, member) => {
    const header = tar([member], Buffer.alloc(0)).subarray(0, 512);
    expect(() => walk(header, [512])).toThrow(/an extended tar header has \d+ bytes, more than/);
  });
});

describe('parseHeader', () => {
  /** A header with this text at an offset, its checksum made to fit. */
  const patched = (text: string, at: number): Buffer => {
    const block = tarHeader({ name: 'a' });
    block.write(text, at, 'latin1');
    block.fill(' ', 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(sum.toString(8).padStart(6, '0'), 148);
    return block;
  };

  it.each([
    ['mode', 100],
    ['owner', 108],
    ['group', 116],
    ['time', 136],
    ['major device number', 329],
    ['minor device number', 337],
  ])('refuses a %s that is no number, since Python ends the archive there', (what, at) => {
    expect(() => parseHeader(patched('00x0', at))).toThrow(`a ${what} that is no number`);
  });

  it.each(['', '       \0', '\xff\xff\xff\xff\xff\xff\xff\x01', '644\0junk'])('takes %j as an owner', (text) => {
    expect(parseHeader(patched(text, 108))).toEqual({
      format: 'ustar',
      path: Buffer.from('a'),
      type: '0',
      size: 0,
      link: Buffer.alloc(0),
    });
  });
});

describe('parsePax', () => {
  it('gives what changes the member behind it', () => {
    const records = `${paxRecord('mtime', '1.5')}${paxRecord('path', 'a=b/ü')}${paxRecord('size', '12')}`;
    expect(parsePax(Buffer.from(records))).toEqual({ path: Buffer.from('a=b/ü'), size: 12 });
  });

  it.each(['SCHILY.xattr.user.x', 'SCHILY.acl.access', 'LIBARCHIVE.xattr.user.x'])(
    'takes any bytes as the value of %s, as tar --xattrs writes them',
    (key) => {
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
      const records = [binaryPaxRecord(key, bytes), Buffer.from(paxRecord('size', '1'))];
      expect(parsePax(Buffer.concat(records))).toEqual({ size: 1 });
      expect(() => checkGlobalPax(binaryPaxRecord(key, bytes))).not.toThrow();
    },
  );

  it('takes an attribute that looks like another record as one attribute', () => {
    const evil = Buffer.from('a\n17 path=evil/x\n');
    expect(parsePax(binaryPaxRecord('SCHILY.xattr.user.x', evil))).toEqual({});
  });

  it("takes BINARY as the encoding, as Python's tarfile writes it in front of attributes", () => {
    expect(parsePax(Buffer.from(paxRecord('hdrcharset', 'BINARY') + paxRecord('path', 'a')))).toEqual({
      path: Buffer.from('a'),
    });
  });

  it('gives the target of a link', () => {
    expect(parsePax(Buffer.from(paxRecord('linkpath', '../a')))).toEqual({ link: Buffer.from('../a') });
  });

  it.each([
    ['mtime', '1'],
    ['mtime', '1.5'],
    ['mtime', ''],
    ['atime', '0'],
    ['uid', '4294967296'],
    ['gid', ''],
    ['uname', 'ü'],
    ['comment', ''],
    ['charset', 'x'],
    ['realtime.x', 'y'],
    ['security.x', 'y'],
    ['SCHILY.dev', '4'],
    ['LIBARCHIVE.creationtime', '1.5'],
  ])('takes %s=%j', (key, value) => expect(parsePax(Buffer.from(paxRecord(key, value)))).toEqual({}));

  it.each([
    ['mtime', '-1'],
    ['mtime', '1.'],
    ['mtime', '.5'],
    ['mtime', '+1'],
    ['mtime', '1e5'],
    ['mtime', '99999999999999999999'],
    ['atime', 'x'],
    ['uid', '-1'],
    ['gid', '1.0'],
    ['uid', '99999999999999999999'],
  ])('refuses %s=%j, at which uv stops', (key, value) => {
    expect(() => parsePax(Buffer.from(paxRecord(key, value)))).toThrow(
      `states the ${key} "${value}", at which uv stops`,
    );
  });

  it.each([
    'RHT.security.selinux',
    'SUN.holesdata',
    'APPLE.x',
    'vendor.x',
    'foo',
    'X',
    'SCHILY',
    'GNU.foo',
    'toString',
  ])('refuses the keyword %s, at which uv stops', (key) => {
    expect(() => parsePax(Buffer.from(paxRecord(key, 'x')))).toThrow(`sets "${key}", a keyword at which uv stops`);
    expect(() => checkGlobalPax(Buffer.from(paxRecord(key, 'x')))).toThrow(/at which uv stops/);
  });

  it('takes a value with a line end at its declared length', () => {
    const records = paxRecord('comment', 'x\n20 path=evil') + paxRecord('size', '1');
    expect(parsePax(Buffer.from(records))).toEqual({ size: 1 });
  });

  it.each([
    ['no length', 'path=x\n'],
    ['a length too short', '8 path=x\n'],
    ['a length too long', '90 path=x\n'],
    ['a length of zero', '0 path=x\n'],
    ['a length with a sign', '+9 path=x\n'],
    ['no equals sign', '9 pathx1\n'],
    ['no key', '5 =x\n'],
    ['no line end', '9 path=xy'],
    ['NUL in a value', paxRecord('path', 'a\0b')],
    ['NULs behind the records', `${paxRecord('path', 'a')}\0\0`],
    ['NUL in a name of an attribute', paxRecord('SCHILY.xattr.a\0b', 'x')],
    ['a link target that is not UTF-8', binaryPaxRecord('linkpath', Buffer.from([0xe9]))],
    ['NUL in a link target', paxRecord('linkpath', 'a\0b')],
    ['bytes that are not UTF-8', Buffer.from('9 path=\xe9\n', 'latin1')],
  ])('refuses %s', (_what, data) => {
    expect(() => parsePax(Buffer.from(data))).toThrow(/a pax header is malformed/);
  });

  it.each([
    ['a key twice', paxRecord('path', 'a') + paxRecord('path', 'a'), /sets "path" twice/],
    ['a sparse file of GNU tar', paxRecord('GNU.sparse.name', 'x'), /sparse/],
    ['a sparse file of star', paxRecord('SCHILY.realsize', '9'), /sparse/],
    ['another encoding', paxRecord('hdrcharset', 'ISO-IR 8859 1 1998'), /not in UTF-8/],
    ['a negative size', paxRecord('size', '-1'), /the size "-1"/],
    ['a size with a fraction', paxRecord('size', '1.5'), /the size "1\.5"/],
    ['a size with a zero in front, at which uv stops', paxRecord('size', '04'), /the size "04"/],
    ['an attribute twice', paxRecord('SCHILY.xattr.a', 'a') + paxRecord('SCHILY.xattr.a', 'b'), /twice/],
    ['an empty size', paxRecord('size', ''), /the size ""/],
  ])('refuses %s', (_what, data, reason) => {
    expect(() => parsePax(Buffer.from(data))).toThrow(reason);
  });
});

describe('parseNumber', () => {
  it.each([
    ['00000000017\0', 15],
    ['17 \0\0\0\0\0\0\0\0\0', 15],
    ['         17 ', 15],
    ['777777777777', 8 ** 12 - 1],
    ['\0'.repeat(12), 0],
    [' '.repeat(12), 0],
  ])('reads %j', (text, value) => expect(parseNumber(Buffer.from(text), 'size')).toBe(value));

  it.each([0, 1, 2 ** 40, Number.MAX_SAFE_INTEGER])('reads %i in base 256', (value) =>
    expect(parseNumber(base256(value), 'size')).toBe(value),
  );

  it.each(['0000000008\0\0', '-0000000017\0', '0x11\0\0\0\0\0\0\0\0', '17\x0017\0\0\0\0\0\0\0'])('refuses %j', (text) =>
    expect(() => parseNumber(Buffer.from(text), 'size')).toThrow(/a size that is no number/),
  );

  it.each([-1, -(2 ** 40)])('refuses %i in base 256', (value) =>
    expect(() => parseNumber(base256(value), 'size')).toThrow(/below zero/),
  );
});
