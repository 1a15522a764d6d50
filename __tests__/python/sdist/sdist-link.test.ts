import { gzipSync } from 'node:zlib';
import { memoryBytes } from '../../../src/core/bytes.js';
import { MOST_FOLDERS } from '../../../src/python/archive/archive-limits.js';
import { readSdist } from '../../../src/python/archive.js';
import { gnuLong, pax, sdistMembers, type TarMember, tar } from '../../support/builders.js';
import { expectRefused } from '../../support/refusals.js';

const read = (...members: readonly TarMember[]) =>
  readSdist(memoryBytes(gzipSync(tar([...sdistMembers({ files: { 'd/x': 'x' } }), ...members]))));
const symbolic = (name: string, link: string): TarMember => ({ name: `foo-1.0/${name}`, type: '2', link });
const hard = (name: string, link: string): TarMember => ({ name: `foo-1.0/${name}`, type: '1', link });
const file = (name: string): TarMember => ({ name: `foo-1.0/${name}`, data: 'x' });
const folder = (name: string): TarMember => ({ name: `foo-1.0/${name}/`, type: '5' });

/** Each was given to pip 26.3 and uv 0.13.9 for an answer. */
describe('a symbolic link of an sdist', () => {
  it.each<[string, readonly TarMember[]]>([
    ['to a file beside it', [symbolic('a', 'PKG-INFO')]],
    ['to a file below', [symbolic('a', 'd/x')]],
    ['to a file above', [symbolic('d/a', '../PKG-INFO')]],
    ['to a folder', [symbolic('a', 'd'), symbolic('b', 'd/'), symbolic('c', '.')]],
    ['to the top folder', [symbolic('d/a', '..')]],
    ['to a file that comes later', [symbolic('a', 'z'), file('z')]],
    ['to nothing', [symbolic('a', 'nothing')]],
    ['with ./ and //', [symbolic('a', './/d/./x')]],
    ['through another link', [symbolic('a', 'b/x'), symbolic('b', 'd')]],
    ['through 39 others', Array.from({ length: 39 }, (_, at) => symbolic(`l${at}`, `l${at + 1}`))],
    ['in place of a file', [file('z'), symbolic('z', 'PKG-INFO')]],
    ['by a pax linkpath', [pax({ linkpath: 'PKG-INFO' }), symbolic('a', '/x')]],
  ])('is fine %s', async (_what, members) => {
    await expect(read(...members)).resolves.toMatchObject({ top: 'foo-1.0', findings: [] });
  });

  it('is fine by a GNU long link', async () => {
    const link: TarMember = { ...symbolic('a', '/x'), format: 'gnu' };
    const bytes = gzipSync(tar([...sdistMembers({ format: 'gnu' }), gnuLong('PKG-INFO', 'K'), link]));
    expect(await readSdist(memoryBytes(bytes))).toMatchObject({ top: 'foo-1.0', findings: [] });
  });

  it.each<[string, readonly TarMember[], RegExp]>([
    [
      'to an absolute path',
      [symbolic('a', '/home/u/A.md')],
      /link to "\/home\/u\/A\.md", an absolute path: pip and uv/,
    ],
    ['to a network path', [symbolic('a', '//x')], /an absolute path/],
    ['out of the archive', [symbolic('a', '../../A.md')], /outside of the top folder: pip refuses/],
    ['out of the top folder', [symbolic('a', '../A.md')], /outside of the top folder: pip refuses/],
    ['out of the top folder from below', [symbolic('d/a', '../../x')], /outside of the top folder/],
    ['out of the top folder and back', [symbolic('a', '../foo-1.0/PKG-INFO')], /outside of the top folder/],
    ['to the folder above all', [symbolic('a', '..')], /outside of the top folder/],
    ['down and up again', [symbolic('a', 'd/../PKG-INFO')], /goes down and up again: uv refuses/],
    ['down and out', [symbolic('a', 'd/../../x')], /goes down and up again/],
    ['to nothing at all', [symbolic('a', '')], /is nothing: uv refuses/],
    ['to a Windows path', [symbolic('a', 'C:/x')], /holds a colon: uv refuses/],
    ['with backslashes', [symbolic('a', '..\\..\\x')], /holds a backslash: uv refuses/],
    ['with control characters', [symbolic('a', 'a\nb')], /holds control characters: uv refuses/],
    ['with a blank at its end', [symbolic('a', 'x ')], /ends with a blank: uv refuses/],
    ['to a name too long for a disk', [pax({ linkpath: 'x'.repeat(256) }), symbolic('a', '')], /more than 255 bytes/],
    ['to a path too long', [pax({ linkpath: 'x/'.repeat(3_000) }), symbolic('a', '')], /more than 4096/],
    ['by a GNU long link', [gnuLong('/x', 'K'), { ...symbolic('a', 'PKG-INFO'), format: 'gnu' }], /an absolute path/],
    ['by a pax linkpath', [pax({ linkpath: '/x' }), symbolic('a', 'PKG-INFO')], /an absolute path/],
    ['to itself', [symbolic('a', 'a')], /"foo-1\.0\/a" leads back to itself/],
    ['to below itself', [symbolic('a', 'a/x')], /leads back to itself/],
    ['in a circle', [symbolic('a', 'b'), symbolic('b', 'a')], /leads back to itself/],
    ['in a circle through folders', [symbolic('e/x', '../a'), symbolic('l', 'e'), symbolic('a', 'l/x')], /leads back/],
    [
      'through 41 others',
      Array.from({ length: 42 }, (_, at) => symbolic(`l${at}`, `l${at + 1}`)),
      /more than 40 links/,
    ],
    ['in place of a folder', [symbolic('d', 'PKG-INFO')], /needs a file and a folder of one name/],
  ])('is refused %s', (_what, members, reason) => expectRefused(read(...members), reason));

  it('is judged in linear time, however deep it leads', async () => {
    const deep = 'y/'.repeat(2_000);
    const links = Array.from({ length: 9_000 }, (_, at) => [pax({ linkpath: deep }), symbolic(`l${at}`, '')]);
    await expect(read(...links.flat())).resolves.toMatchObject({ top: 'foo-1.0' });
  });
});

describe('a hard link of an sdist', () => {
  it.each<[string, readonly TarMember[]]>([
    ['to a file in front of it', [hard('a', 'foo-1.0/PKG-INFO')]],
    ['to another hard link', [hard('a', 'foo-1.0/PKG-INFO'), hard('b', 'foo-1.0/a')]],
    ['down and up again', [hard('a', 'foo-1.0/d/../PKG-INFO'), hard('b', 'foo-1.0/d/./x')]],
    ['in place of a file', [file('z'), hard('z', 'foo-1.0/PKG-INFO')]],
  ])('is fine %s', async (_what, members) => {
    await expect(read(...members)).resolves.toMatchObject({ top: 'foo-1.0', findings: [] });
  });

  it.each<[string, readonly TarMember[], RegExp]>([
    ['to a member that is not there', [hard('a', 'foo-1.0/nothing')], /"foo-1\.0\/nothing", which is no file in front/],
    ['to a member behind it', [hard('a', 'foo-1.0/z'), file('z')], /no file in front of it/],
    ['to itself', [hard('a', 'foo-1.0/a')], /no file in front of it/],
    ['to a folder', [hard('a', 'foo-1.0/d')], /no file in front of it/],
    ['to the top folder', [hard('a', 'foo-1.0')], /does not begin with "foo-1\.0\/"/],
    ['to a symbolic link', [symbolic('a', 'PKG-INFO'), hard('b', 'foo-1.0/a')], /no file in front of it/],
    ['through a symbolic link', [symbolic('e', 'd'), hard('b', 'foo-1.0/e/x')], /no file in front of it/],
    ['to a file spelled otherwise', [hard('a', 'foo-1.0/pkg-info')], /no file in front of it/],
    ['from its own folder', [hard('a', 'PKG-INFO')], /does not begin with "foo-1\.0\/": pip or uv does not find it/],
    ['with ./', [hard('a', './foo-1.0/PKG-INFO')], /does not begin with/],
    ['with // behind the top folder', [hard('a', 'foo-1.0//PKG-INFO')], /does not begin with/],
    ['to an absolute path', [hard('a', '/etc/passwd')], /is a hard link to "\/etc\/passwd", an absolute path/],
    ['out of the archive', [hard('a', 'foo-1.0/../../x')], /outside of the top folder/],
    ['out of the top folder and back', [hard('a', 'foo-1.0/../foo-1.0/PKG-INFO')], /outside of the top folder/],
    ['to nothing at all', [hard('a', '')], /is nothing: uv refuses/],
  ])('is refused %s', (_what, members, reason) => expectRefused(read(...members), reason));
});

describe('a member of an sdist', () => {
  it.each<[string, readonly TarMember[], RegExp]>([
    ['below a file', [file('z'), file('z/y')], /"foo-1\.0\/z\/y" needs a file and a folder of one name/],
    ['in place of a folder', [folder('z'), file('z')], /needs a file and a folder/],
    ['in place of a folder that another implies', [file('d')], /needs a file and a folder/],
    ['in place of a file, as a folder', [file('z'), folder('z')], /needs a file and a folder/],
    ['with a backslash in its name', [file('a\\b')], /"foo-1\.0\/a\\b" of a member holds a backslash: uv refuses/],
    ['with a colon in its name', [file('a:b')], /holds a colon: uv refuses/],
    ['with a blank at the end of its name', [file('a ')], /ends with a blank: uv refuses/],
    [
      'with a name too long for a disk',
      [pax({ path: `foo-1.0/${'ü'.repeat(128)}` }), file('x')],
      /more than the 255 bytes/,
    ],
    [
      'that is a file and has a link target',
      [{ ...file('z'), link: 'x' }],
      /a file with a link target, at which uv stops/,
    ],
    ['that is a folder and has a link target', [{ ...folder('z'), link: 'x' }], /with a link target/],
  ])('is refused %s', (_what, members, reason) => expectRefused(read(...members), reason));

  it('may stand twice, have odd names, and blanks at the end of a folder', async () => {
    const names = ['a', 'a', 'CON', 'a?b', 'e.', ' b', 'd /x', 'x'.repeat(90)].map(file);
    await expect(read(...names, folder('d '))).resolves.toMatchObject({ findings: [] });
  });

  it('is refused in more folders than can be kept in mind', async () => {
    const deep = (at: number): TarMember[] => [pax({ path: `foo-1.0/${at}/${'y/'.repeat(2_000)}z` }), file('x')];
    const members = Array.from({ length: MOST_FOLDERS / 2_000 + 1 }, (_, at) => deep(at)).flat();
    await expectRefused(read(...members), /more than 100000 folders/);
  });
});
