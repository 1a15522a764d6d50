import { deflateRawSync, gzipSync } from 'node:zlib';
import { memoryBytes } from '../../src/core/bytes.js';
import { readWheel } from '../../src/python/archive.js';
import type { Problem } from '../../src/python/problem.js';
import {
  anSdist,
  aWheel,
  localHeader,
  metadataText,
  sdistMembers,
  tar,
  type WheelOptions,
  wheelEntries,
  type ZipEntry,
  type ZipFields,
  type ZipFrame,
  zip,
  zipExtra,
} from '../support/builders.js';
import { expectRefused } from '../support/refusals.js';

const DIST_INFO = 'foo-1.0.dist-info';
const METADATA = `${DIST_INFO}/METADATA`;
const EVIL = metadataText({ name: 'evil' });

const UTF8 = { data: EVIL, local: { flags: 0x0800 }, central: { flags: 0x0800 } };

type Row = [what: string, bytes: Buffer, reason: RegExp];

const read = (bytes: Buffer) => readWheel(memoryBytes(bytes));
const refuse = (_what: string, bytes: Buffer, reason: RegExp) => expectRefused(read(bytes), reason);

const withEntry = (...entries: ZipEntry[]): Buffer => zip([...wheelEntries(), ...entries]);
const withMetadata = (more: Partial<ZipEntry>): Buffer =>
  zip(wheelEntries().map((entry) => (entry.name === METADATA ? { ...entry, ...more } : entry)));
const withFields = (fields: Partial<ZipFields>): Buffer => withMetadata({ local: fields, central: fields });
const framed = (frame: ZipFrame): Buffer => aWheel({ frame });

describe('what a wheel may look like', () => {
  it.each<[string, WheelOptions]>([
    ['METADATA first', { metadataAt: 'first' }],
    ['METADATA last', { metadataAt: 'last' }],
    ['stored members', { deflate: false }],
    ['deflated members', { deflate: true }],
    ['folder entries', { entries: [{ name: 'foo/' }, { name: `${DIST_INFO}/`, mode: 0o040755 }] }],
    ['a name beyond ASCII', { files: { 'foo/ünï.py': '' } }],
  ])('case 33: a wheel with %s is read', async (_what, options) => {
    expect(await read(aWheel(options))).toEqual({ distInfo: DIST_INFO, metadata: metadataText({}), findings: [] });
  });

  it('case 34: vendored dist-info folders and a stray METADATA are ignored', async () => {
    const files = { 'foo/_vendor/x-2.dist-info/METADATA': EVIL, METADATA: EVIL, 'docs/METADATA': EVIL };
    expect(await read(aWheel({ files }))).toEqual({ distInfo: DIST_INFO, metadata: metadataText({}), findings: [] });
  });

  it.each<Row>([
    ['no dist-info folder', zip([{ name: 'foo.py' }]), /no \.dist-info folder/],
    ['a dist-info folder without METADATA', aWheel({ without: ['METADATA'] }), /no "foo-1\.0\.dist-info\/METADATA"/],
    ['two dist-info folders', withEntry({ name: 'bar-1.0.dist-info/METADATA', data: EVIL }), /2 \.dist-info folders/],
    ['two that differ in case', withEntry({ name: 'Foo-1.0.dist-info/METADATA', data: EVIL }), /2 \.dist-info folders/],
    ['a file named like a second one', withEntry({ name: 'bar-1.0.dist-info' }), /2 \.dist-info folders/],
    ['one that Windows has under a second name', withEntry({ name: 'FOO-10~1.DIS/METADATA' }), /2 \.dist-info folders/],
    ['one with a dot behind it', withEntry({ name: `${DIST_INFO}./METADATA`, data: EVIL }), /2 \.dist-info folders/],
    ['one with another s', withEntry({ name: 'foo-1.0.di\u017ft-info/x', ...UTF8 }), /2 \.dist-info folders/],
    ['a link in place of the folder', withEntry({ name: DIST_INFO, mode: 0o120777 }), /is no folder/],
    ...['metadata', 'METADATA.', 'METADATA. .', 'METADATA::$DATA', 'METADATA:x', 'META\u200cDATA'].map(
      (name): Row => [
        `${JSON.stringify(name)} beside METADATA`,
        withEntry({ name: `${DIST_INFO}/${name}`, ...UTF8 }),
        /would take the place of/,
      ],
    ),
    ['a folder in upper case', aWheel({ distInfo: 'foo-1.0.DIST-INFO' }), /not in lower case/],
  ])('case 35: %s is refused', refuse);

  it.each<[string, WheelOptions, Problem['severity'], RegExp]>([
    ['no RECORD', { without: ['RECORD'] }, 'error', /no foo-1\.0\.dist-info\/RECORD: pip and uv refuse/],
    ['no WHEEL', { without: ['WHEEL'] }, 'error', /no foo-1\.0\.dist-info\/WHEEL: pip and uv refuse/],
    ['a RECORD without one member', { unlisted: ['foo/__init__.py'] }, 'warning', /not list "foo\/__init__\.py",/],
  ])('case 46: of a wheel with %s is told', async (_what, options, severity, message) => {
    expect((await read(aWheel(options))).findings).toMatchObject([
      { severity, message: expect.stringMatching(message) },
    ]);
  });
});

describe('what makes two readers see two wheels', () => {
  const unicodePath = zipExtra(0x7075, Buffer.concat([Buffer.alloc(5, 1), Buffer.from(METADATA)]));
  it.each<Row>([
    ['two METADATA entries', withEntry({ name: METADATA, data: EVIL }), /two members named/],
    ['a folder of that name', withEntry({ name: `${METADATA}/` }), /two members named/],
    ['NUL in a name', withEntry({ name: `${METADATA}\0x`, data: EVIL }), /control characters/],
    ['a backslash in a name', withEntry({ name: `${DIST_INFO}\\METADATA`, data: EVIL }), /backslash/],
    ['extra 0x7075', withEntry({ name: 'x', central: { extra: unicodePath } }), /second name/],
    ['extra 0x7075 in the local header', withEntry({ name: 'x', local: { extra: unicodePath } }), /second name/],
    ['an absolute name', withEntry({ name: `/${METADATA}` }), /is absolute/],
    ['a name with a drive', withEntry({ name: `C:${METADATA}` }), /is absolute/],
    ['a name with ..', withEntry({ name: `foo/../${METADATA}` }), /"\.\."/],
    ['a name that is not UTF-8', withEntry({ name: Buffer.from('caf\xe9', 'latin1') }), /not UTF-8/],
    ['a name not marked as UTF-8', withEntry({ name: 'é', local: { flags: 0 }, central: { flags: 0 } }), /not marked/],
    ['a symlink as METADATA', withMetadata({ mode: 0o120777 }), /not a regular file/],
  ])('case 37: %s is refused', refuse);

  it.each<Row>([
    ['a comment holding a ZIP', framed({ end: { comment: aWheel({ metadata: EVIL }) } }), /are joined/],
    ['bytes in front', framed({ prefix: Buffer.from('#!/bin/sh\n') }), /bytes 0 to 10 belong to no member/],
    ['bytes in front that nobody counted', Buffer.concat([Buffer.from('#!'), aWheel()]), /in front of the archive/],
    [
      'one byte behind',
      framed({ suffix: Buffer.from('\n') }),
      /1 bytes follow its end record.*: uv, the public index and/,
    ],
    ['two ZIPs joined', Buffer.concat([aWheel(), aWheel({ metadata: EVIL })]), /are joined/],
  ])('case 38: %s is refused', refuse);

  it.each<Row>([
    ['name', withMetadata({ local: { name: Buffer.from(METADATA.toLowerCase()) } }), /about its name/],
    ['size', withMetadata({ local: { size: 1 } }), /about its size/],
    ['packed size', withMetadata({ local: { packed: 1 } }), /about its size/],
    ['method', withMetadata({ local: { method: 0 } }), /about its method/],
    ['CRC', withMetadata({ local: { crc: 1 } }), /about its CRC/],
    ['flags', withMetadata({ local: { flags: 0x0002 } }), /about its flags/],
  ])('case 39: a local header with another %s is refused', refuse);

  const fields = { flags: 0, method: 0, crc: 0, packed: 0, size: 0, extra: Buffer.alloc(0) };
  const hidden = { name: 'b', only: 'central', central: { offset: 31 } } as const;
  const whole = aWheel();
  const offset = whole.readUInt32LE(whole.length - 6);
  const length = whole.readUInt32LE(whole.length - 10);
  it.each<Row>([
    ['a local-only entry', withEntry({ name: METADATA, data: EVIL, only: 'local' }), /belong to no member/],
    ['a local-only entry in front', zip([{ name: 'x', only: 'local' }, ...wheelEntries()]), /bytes 0 to 31 belong/],
    ['a directory-only entry', withEntry({ name: 'x', only: 'central' }), /reaches into the directory/],
    [
      'an entry inside another',
      zip([{ name: 'a', data: localHeader({ ...fields, name: Buffer.from('b') }) }, hidden]),
      /overlaps/,
    ],
    ['two entries with one header', zip([{ name: 'a' }, { ...hidden, central: { offset: 0 } }]), /overlaps/],
    ['a directory offset off by one', framed({ end: { offset: offset + 1 } }), /must end at/],
    ['a directory begun too late', framed({ end: { offset: offset + 1, length: length - 1 } }), /directory is broken/],
    ['fewer members than there are', framed({ end: { members: 2, membersHere: 2 } }), /more members than/],
    ['more members than there are', framed({ end: { members: 9, membersHere: 9 } }), /4 members, its end record 9/],
  ])('case 40: %s is refused', refuse);
});

describe('data that are not what the directory says', () => {
  const text = metadataText({});
  it.each<Row>([
    ['a wrong CRC', withFields({ crc: 1 }), /do not fit their CRC/],
    ['a stated size too small', withFields({ size: text.length - 1 }), /unpacks to more than/],
    ['a stated size too large', withFields({ size: text.length + 1 }), /unpacks to \d+ bytes, not to/],
    ['a stored member of two sizes', withMetadata({ deflate: false, payload: text.subarray(1) }), /stored as it is/],
    ['a cut deflate stream', withMetadata({ payload: deflateRawSync(text).subarray(0, -3) }), /cannot be unpacked/],
    ['a broken deflate stream', withMetadata({ payload: Buffer.alloc(9, 0xff) }), /cannot be unpacked/],
    ['bytes behind the stream', withMetadata({ payload: Buffer.concat([deflateRawSync(text), text]) }), /end after/],
  ])('case 41: %s is refused', refuse);

  it.each<Row>([
    ['an encrypted member', withFields({ flags: 0x0001 }), /is encrypted/],
    ['a bzip2 member', withFields({ method: 12 }), /with method 12/],
    ['an LZMA member', withFields({ method: 14 }), /with method 14/],
    ['a member that is a patch', withFields({ flags: 0x0020 }), /is said to be a patch/],
    ['a data descriptor', withFields({ flags: 0x0008 }), /data descriptor/],
  ])('case 42: %s is refused', refuse);

  it.each<Row>([
    ['an empty file', Buffer.alloc(0), /an empty file/],
    ['21 bytes', Buffer.alloc(21), /too few/],
    ['an empty ZIP', zip([]), /an empty ZIP archive/],
    ['a PNG', Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(99)]), /a PNG image/],
    ['a gzip', anSdist(), /a gzip file/],
    ['a tar', tar(sdistMembers()), /a tar archive/],
    ['a wheel in gzip', gzipSync(aWheel()), /a gzip file/],
    ['a wheel cut in half', aWheel().subarray(0, 300), /cut short/],
  ])('case 45: %s named .whl is refused', refuse);
});
