import { gunzipSync, gzipSync } from 'node:zlib';
import { memoryBytes } from '../../src/core/bytes.js';
import { readSdist } from '../../src/python/archive.js';
import {
  anSdist,
  aWheel,
  BLOCK,
  base256,
  END_MARK,
  gnuLong,
  metadataText,
  padded,
  pax,
  type SdistOptions,
  sdistMembers,
  type TarMember,
  tar,
} from '../support/builders.js';
import { expectRefused } from '../support/refusals.js';

const PKG_INFO = 'foo-1.0/PKG-INFO';
const TEXT = metadataText({});
const EVIL = metadataText({ name: 'evil' });
const LONG = `${'a'.repeat(70)}/${'b'.repeat(70)}`;

type Row = [what: string, bytes: Buffer, reason: RegExp];

const read = (bytes: Buffer) => readSdist(memoryBytes(bytes));
const refuse = (_what: string, bytes: Buffer, reason: RegExp) => expectRefused(read(bytes), reason);
const whole = { top: 'foo-1.0', pkgInfo: TEXT, findings: [] };

const info: TarMember = { name: PKG_INFO, data: TEXT };
const gnuInfo: TarMember = { ...info, format: 'gnu' };
const packed = (...members: (TarMember | Buffer)[]): Buffer => gzipSync(tar(members));
const withMember = (...members: TarMember[]): Buffer => packed(...sdistMembers(), ...members);
/** The archive up to its end mark, and then these bytes. */
const endingWith = (...bytes: Buffer[]): Buffer => gzipSync(tar(sdistMembers(), Buffer.concat(bytes)));

describe('what an sdist may look like', () => {
  it.each(['first', 'middle', 'last'] as const)('case 47: PKG-INFO as the %s member is read', async (pkgInfoAt) => {
    expect(await read(anSdist({ pkgInfoAt }))).toEqual(whole);
  });

  it('case 48: other files named PKG-INFO are ignored', async () => {
    const files = { 'foo.egg-info/PKG-INFO': EVIL, 'tests/data/x-1.0/PKG-INFO': EVIL, 'src/PKG-INFO': EVIL };
    expect(await read(anSdist({ files }))).toEqual(whole);
  });

  it.each<[string, SdistOptions]>([
    ['pax with a time on each member', { format: 'pax' }],
    ['pax with a long path', { format: 'pax', files: { [LONG]: 'x' } }],
    ['GNU with a long path', { format: 'gnu', files: { [LONG]: 'x' } }],
    ['ustar with a prefix', { format: 'ustar', files: { [LONG]: 'x' } }],
  ])('case 49: %s is read', async (_what, options) => {
    expect(await read(anSdist(options))).toEqual(whole);
  });

  it.each<[string, (TarMember | Buffer)[]]>([
    ['a base-256 size', [{ ...info, format: 'gnu', sizeField: base256(TEXT.length) }]],
    ['a size padded with blanks', [{ ...info, sizeField: Buffer.from(`${TEXT.length.toString(8).padStart(11)} `) }]],
    ['the old type of a file', [{ ...info, type: '\0' }]],
    ['the type of a contiguous file', [{ ...info, type: '7' }]],
    ['a GNU long link', [gnuLong('x', 'K'), { name: 'foo-1.0/l', type: '2', format: 'gnu' }, gnuInfo]],
    [
      'a GNU long link and path',
      [gnuLong('x', 'K'), gnuLong('foo-1.0/m'), { name: 'l', type: '2', format: 'gnu' }, gnuInfo],
    ],
    ['PKG-INFO by a GNU long path', [gnuLong(PKG_INFO), { ...info, name: 'foo-1.0/x', format: 'gnu' }]],
    [
      'a long path that the header cuts at a slash',
      [pax({ path: 'foo-1.0/x/y' }), { name: 'foo-1.0/x/', data: 'y' }, info],
    ],
    ['an old folder, a file with a slash', [{ name: 'foo-1.0/', type: '\0' }, info]],
  ])('case 49: %s is read', async (_what, members) => {
    expect(await read(packed(...members))).toEqual(whole);
  });

  it('case 52: the top folder need not be spelled like the file', async () => {
    expect(await read(anSdist({ name: 'foo_bar', top: 'Foo.Bar-1.0' }))).toMatchObject({ top: 'Foo.Bar-1.0' });
  });

  it.each<[string, TarMember, Partial<TarMember>]>([
    ['size', pax({ size: String(TEXT.length) }), { size: 0 }],
    ['path', pax({ path: PKG_INFO }), { name: 'foo-1.0/other' }],
  ])('case 57: a pax %s wins over the header', async (_what, extension, header) => {
    expect(await read(packed(extension, { ...info, ...header }))).toEqual(whole);
  });

  it('case 62: PKG-INFO of version 1.0 is read as it is', async () => {
    const metadata = 'Metadata-Version: 1.0\nName: foo\nVersion: 1.0\nSummary: UNKNOWN\nHome-page: UNKNOWN\n';
    expect((await read(anSdist({ metadata }))).pkgInfo.toString()).toBe(metadata);
  });
});

describe('what makes two readers see two sdists', () => {
  it.each<Row>([
    ['no PKG-INFO', packed({ name: 'foo-1.0/x' }), /no "foo-1\.0\/PKG-INFO"/],
    ['PKG-INFO in egg-info only', packed({ name: 'foo-1.0/foo.egg-info/PKG-INFO', data: TEXT }), /no "foo-1\.0\/PKG/],
    ['no members', packed(), /no "<name>-<version>\/PKG-INFO"/],
  ])('case 50: %s is refused', refuse);

  it.each<Row>([
    ['two of one name', withMember({ name: PKG_INFO, data: EVIL }), /two members named/],
    ['two top folders', withMember({ name: 'bar-1.0/PKG-INFO', data: EVIL }), /"foo-1\.0" and "bar-1\.0"/],
    ['one at the top', withMember({ name: 'PKG-INFO', data: EVIL }), /"foo-1\.0" and "PKG-INFO"/],
    ['only one, at the top', packed({ name: 'PKG-INFO', data: TEXT }), /"PKG-INFO" at its top/],
  ])('case 51: PKG-INFO, %s, is refused', refuse);

  it.each<Row>([
    ['a symlink', packed({ name: PKG_INFO, type: '2', link: 'x' }), /is a link/],
    ['a hard link', packed({ name: PKG_INFO, type: '1', link: 'x' }), /is a link/],
    ['a folder', packed({ name: PKG_INFO, type: '5' }), /is a folder/],
    ['a folder by its slash', packed({ name: `${PKG_INFO}/`, type: '\0' }), /is a folder/],
    ['a folder with data', packed({ name: `${PKG_INFO}/`, data: TEXT, type: '\0' }), /a folder with data/],
    ['a character device', packed({ name: PKG_INFO, type: '3' }), /is a device/],
    ['a block device', packed({ name: PKG_INFO, type: '4' }), /is a device/],
    ['a named pipe', packed({ name: PKG_INFO, type: '6' }), /is a named pipe/],
    ['a GNU sparse file', packed({ ...info, type: 'S', format: 'gnu' }), /is a sparse file/],
    ['a pax sparse file', packed(pax({ 'GNU.sparse.major': '1' }), info), /sparse member/],
    ['of an unknown type', packed({ ...info, type: 'Z' }), /unknown type "Z"/],
    ['of 0 bytes', packed({ name: PKG_INFO }), /is empty/],
    [
      'of 4 MiB and one byte',
      packed({ name: PKG_INFO, data: Buffer.alloc(4 * 1024 ** 2 + 1, 'x') }),
      /more than 4194304/,
    ],
    ['below a link', packed({ name: 'foo-1.0', type: '2', link: 'x' }, info), /"foo-1\.0" at its top/],
  ])('case 53: PKG-INFO, %s, is refused', refuse);

  it.each<Row>([
    ...['pkg-info', 'PKG-INFO.', 'PKG-INFO::$DATA', 'P\u212aG-INFO'].map(
      (name): Row => [
        `${JSON.stringify(name)} beside PKG-INFO`,
        withMember({ name: `foo-1.0/${name}`, data: EVIL }),
        /would take the place of PKG-INFO/,
      ],
    ),
    [
      'a member below a link of the same name in another case',
      withMember({ name: 'foo-1.0/a', type: '2', link: '.' }, { name: 'foo-1.0/A/PKG-INFO', data: EVIL }),
      /unpacked through a link/,
    ],
    ['./', packed({ ...info, name: `./${PKG_INFO}` }), /holds "\.\/" or/],
    ['//', packed({ ...info, name: 'foo-1.0//PKG-INFO' }), /holds "\.\/" or/],
    ['an absolute path', packed({ ...info, name: `/${PKG_INFO}` }), /is absolute/],
    ['..', packed({ ...info, name: 'foo-1.0/x/../PKG-INFO' }), /"\.\."/],
    ['no name', packed({ ...info, name: '' }), /no name/],
    ['control characters', packed({ ...info, name: 'foo-1.0/\x1b[2J' }), /control characters/],
    ['a name that is not UTF-8', packed({ name: Buffer.from('foo-1.0/\xe9', 'latin1') }, info), /not UTF-8/],
  ])('case 54: %s is refused', refuse);

  it.each<[string, Buffer]>([
    ['in front', packed({ name: '._foo-1.0', data: 'x' }, ...sdistMembers())],
    ['behind', withMember({ name: '._foo-1.0', data: 'x' })],
  ])('case 54: what tar on macOS adds %s is refused with the cure', (_what, bytes) =>
    expectRefused(read(bytes), /"\._foo-1\.0", which tar on macOS adds/, /COPYFILE_DISABLE=1/),
  );

  const second = tar([{ name: PKG_INFO, data: EVIL }]);
  it.each<Row>([
    ['one zero block', endingWith(Buffer.alloc(BLOCK), second), /goes on behind its end mark/],
    ['the end mark', endingWith(END_MARK, second), /goes on behind its end mark/],
    ['a long end mark', endingWith(Buffer.alloc(40 * BLOCK), second), /goes on behind its end mark/],
  ])('case 55: a second PKG-INFO behind %s is refused', refuse);

  const several = /several extended tar headers/;
  it.each<Row>([
    ['pax path and GNU L', packed(pax({ path: PKG_INFO }), gnuLong('foo-1.0/x'), info), several],
    ['GNU L and pax path', packed(gnuLong('foo-1.0/x'), pax({ path: PKG_INFO }), info), several],
    ['pax size before L', packed(pax({ size: '8192' }), gnuLong('foo-1.0/x'), info), several],
    ['pax size before x', packed(pax({ size: '8192' }), pax({ path: 'foo-1.0/x' }), info), several],
    ['pax size before g', packed(pax({ size: '8192' }), pax({ comment: 'x' }, 'g'), info), several],
    ['two GNU L', packed(gnuLong('foo-1.0/x'), gnuLong('foo-1.0/y'), info), several],
    ['global path', packed(pax({ path: PKG_INFO }, 'g'), info), /sets the path of all/],
    ['global size', packed(pax({ size: '1' }, 'g'), info), /sets the size of all/],
    ['an extension of nothing', endingWith(tar([pax({ path: PKG_INFO })])), /in front of no member/],
    ['a global header of nothing', endingWith(tar([pax({ comment: 'x' }, 'g')])), /in front of no member/],
    ['a GNU name with more behind it', packed(gnuLong('foo-1.0/x\0y'), info), /goes on behind its end/],
    ['a link with data', packed({ name: 'foo-1.0/l', type: '1', data: tar([info]) }), /a link with data/],
  ])('case 56: %s is refused', refuse);

  it('case 56: a global comment, as git writes one, is read', async () => {
    expect(await read(packed(pax({ comment: 'a'.repeat(40) }, 'g'), ...sdistMembers()))).toEqual(whole);
  });

  it.each<Row>([
    ['a bad checksum on a later member', withMember({ name: 'foo-1.0/z', checksum: 1 }), /does not fit its checksum/],
    ['no end mark', endingWith(), /ends early/],
    ['half an end mark', endingWith(Buffer.alloc(BLOCK)), /ends early/],
    ['a tar cut inside data', gzipSync(tar([info]).subarray(0, BLOCK + 20)), /ends within a member/],
    ['a tar cut inside a header', gzipSync(tar([info]).subarray(0, 200)), /ends within a member/],
    ['a negative size', packed({ ...info, format: 'gnu', sizeField: base256(-1) }), /below zero/],
    ['a size that is no number', packed({ ...info, sizeField: Buffer.from('0000000008x\0') }), /no number/],
    ['a giant size', packed({ ...info, sizeField: Buffer.from(`80${'f'.repeat(22)}`, 'hex') }), /beyond all measure/],
    ['a header of no known format', packed({ ...info, format: 'v7' }), /neither ustar nor GNU/],
    ['a GNU header with a prefix', packed({ ...info, format: 'gnu', prefix: 'x' }), /part of the path/],
  ])('case 58: %s is refused', refuse);
});

describe('the gzip around it', () => {
  const bytes = anSdist();
  const flipped = Buffer.from(bytes);
  flipped.writeUInt8(flipped.readUInt8(bytes.length - 6) ^ 1, bytes.length - 6);
  it.each<Row>([
    ['a cut gzip', bytes.subarray(0, -20), /damaged or was cut short/],
    ['a gzip without its last byte', bytes.subarray(0, -1), /damaged or was cut short/],
    ['a bad CRC', flipped, /damaged or was cut short/],
    ['junk behind', Buffer.concat([bytes, Buffer.from('junk')]), /damaged or was cut short/],
    ['junk behind zeros', Buffer.concat([bytes, Buffer.alloc(9), Buffer.from('junk')]), /follow the end of its gzip/],
    ['a member behind zeros', Buffer.concat([bytes, Buffer.alloc(9), gzipSync('x')]), /follow the end of its gzip/],
  ])('case 59: %s is refused', refuse);

  it('case 59: two gzip members joined are one sdist, and zeros may follow', async () => {
    const plain = gunzipSync(bytes);
    const halves = [gzipSync(plain.subarray(0, 700)), gzipSync(plain.subarray(700))];
    const said = expect.stringMatching(/several gzip members/);
    const warned = { ...whole, findings: [expect.objectContaining({ severity: 'warning', message: said })] };
    expect(await read(Buffer.concat(halves))).toEqual(warned);
    expect(await read(Buffer.concat([...halves, Buffer.alloc(10_000)]))).toEqual(warned);
  });

  it.each<Row>([
    ['a ZIP', aWheel(), /a ZIP archive/],
    ['a bzip2 file', Buffer.from('BZh91AY&SY'), /a bzip2 file/],
    ['a plain tar', tar(sdistMembers()), /a tar archive/],
    ['an empty file', Buffer.alloc(0), /an empty file/],
    ['a gzip of something else', gzipSync(padded(Buffer.from('hello'))), /does not fit its checksum/],
  ])('case 61: %s named .tar.gz is refused', refuse);
});
