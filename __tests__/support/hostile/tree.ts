import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { pax, sdistMembers, type TarMember, tar, wheelName } from '../builders.js';
import { inserted, place, seldom } from './choice.js';
import type { GeneratedFile } from './file.js';
import { hiddenWheel, type Packing, packing } from './gzip-forms.js';
import { SDIST_FILES } from './sdist.js';

const TOP = 'foo-1.0';
/** Where links point: inside, to nothing, outside, and in spellings that only some readers resolve. */
const TARGETS = [
  ...['PKG-INFO', 'src/foo.py', 'foo.py', '../src/foo.py', `${TOP}/src/foo.py`, `${TOP}/PKG-INFO`, 'src', '.', '..'],
  ...[
    '../..',
    '../../x',
    '../foo-1.0/PKG-INFO',
    '../../../../../../etc/passwd',
    `../${TOP}`,
    'nothing',
    `${TOP}/nothing`,
  ],
  ...['/etc/passwd', '/', '//x', `/${TOP}/PKG-INFO`, 'C:\\x', 'C:/x', 'src\\foo.py', '\\\\host\\x', '..\\..\\x', '~/x'],
  ...[
    '',
    'link',
    'src/../PKG-INFO',
    'src/../../x',
    `${TOP}/../x`,
    `./${TOP}/PKG-INFO`,
    `${TOP}//PKG-INFO`,
    `${TOP}/src`,
    ' ',
  ],
  ...[
    'x'.repeat(99),
    `${TOP}/link`,
    `${TOP}/a`,
    'a',
    'b',
    '/tmp',
    'http://x.example/',
    '\u00e9',
    'a\nb',
    './a',
    'src/',
  ],
] as const;
const PATHS = [
  ...[
    'link',
    'a',
    'b',
    'src/link',
    'src/a',
    'src',
    'src/foo.py',
    'x/y/z',
    'x/',
    '.hidden',
    'x ',
    'x.',
    'a\\b',
    'C:',
    'a:b',
  ],
  ...[
    '../x',
    '../../x',
    'src/../x',
    './x',
    '//x',
    'x//y',
    '\u00e9',
    'e\u0301',
    'CON',
    'a\nb',
    'a\tb',
    'PKG-INFO/x',
    'pyproject.toml',
  ],
  ...['setup.py', 'foo.egg-info/PKG-INFO', 'foo.egg-info/requires.txt', 'y'.repeat(90), '*', '?', '"', '-', ' '],
] as const;
const WHOLE_PATHS = [
  '/x',
  `/${TOP}/x`,
  './x',
  `./${TOP}/x`,
  `${TOP}`,
  `${TOP}/`,
  'x',
  'x/y',
  '..',
  '.',
  `../${TOP}/x`,
  '',
] as const;

const member: fc.Arbitrary<TarMember> = fc
  .record({
    path: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...PATHS).map((path) => `${TOP}/${path}`) },
      { weight: 1, arbitrary: fc.constantFrom(...WHOLE_PATHS) },
    ),
    type: fc.constantFrom('0', '1', '1', '2', '2', '2', '5', '3', '4', '6', '7', '\0'),
    link: fc.constantFrom(...TARGETS),
    mode: fc.constantFrom(0o644, 0o644, 0o755, 0o777, 0, 0o4755, 0o2755, 0o1777, 0o444, 0o100644, 0o7777777),
    mtime: fc.constantFrom(0, 0, 1, 1_600_000_000, 2 ** 31, 2 ** 32, 8 ** 11 - 1),
    format: fc.constantFrom('ustar', 'ustar', 'ustar', 'ustar', 'gnu', 'v7'),
    data: fc.constantFrom('', 'x = 1\n'),
  })
  .map(({ path, type, link, data, ...rest }) => ({
    ...rest,
    name: path,
    type,
    ...(type === '1' || type === '2' ? { link } : {}),
    ...(type === '0' || type === '\0' || type === '7' ? { data } : {}),
  }));

const PAX = [
  ...[
    'SCHILY.xattr.user.x',
    'SCHILY.xattr.com.apple.provenance',
    'LIBARCHIVE.xattr.com.apple.quarantine',
    'SCHILY.acl.access',
  ],
  ...[
    'RHT.security.selinux',
    'LIBARCHIVE.creationtime',
    'SCHILY.dev',
    'SCHILY.fflags',
    'MSWINDOWS.rawsd',
    'GNU.volume.label',
  ],
  ...[
    'comment',
    'mtime',
    'atime',
    'ctime',
    'uid',
    'gid',
    'uname',
    'gname',
    'charset',
    'hdrcharset',
    'x',
    'VENDOR.y',
    'mode',
  ],
] as const;
const PAX_VALUES = [
  '',
  'x',
  '1',
  '-1',
  '1.5',
  '1e400',
  'nan',
  'inf',
  '0x10',
  'BINARY',
  'UTF-8',
  '99999999999999999999',
  'a=b',
  'a\nb',
  '\u00e9',
];

/** What tells something beside the content: attributes, times, owners. */
const attributes: fc.Arbitrary<TarMember> = fc
  .tuple(fc.constantFrom(...PAX), fc.constantFrom(...PAX_VALUES), fc.constantFrom<'x' | 'g'>('x', 'x', 'g'))
  .map(([key, value, type]) => pax({ [key]: value }, type));

const NAMED = [
  'foo-1.0',
  'UNKNOWN-0.0.0',
  'unknown-0.0.0',
  'Foo-1.0',
  'foo-1.0.0',
  'UNKNOWN-1.0',
  'foo-0.0.0',
] as const;

/** What is odd about an sdist; the rest of it is sound. */
interface Oddity {
  readonly members?: readonly (readonly [at: number, member: TarMember])[];
  readonly named?: string;
  readonly packing?: Packing;
  readonly file?: Buffer;
}

const placed = fc.tuple(place, member);
const oddity: fc.Arbitrary<Oddity> = fc.oneof(
  { weight: 6, arbitrary: placed.map((one) => ({ members: [one] })) },
  { weight: 2, arbitrary: fc.tuple(placed, placed).map((members) => ({ members })) },
  { weight: 3, arbitrary: fc.tuple(place, attributes).map((one) => ({ members: [one] })) },
  { weight: 3, arbitrary: packing.map((one) => ({ packing: one })) },
  { weight: 1, arbitrary: fc.constantFrom(...NAMED).map((named) => ({ named })) },
  { weight: 1, arbitrary: fc.constant({ file: hiddenWheel }) },
);

/** Sdists of sound framing with an oddity, seldom two: links, paths, types, attributes, and gzip files around them. */
export const hostileTree: fc.Arbitrary<GeneratedFile> = fc
  .record({ format: fc.constantFrom('pax', 'gnu', 'ustar'), first: oddity, second: seldom(oddity, 5) })
  .map(({ format, first, second }): GeneratedFile => {
    const oddities = [first, ...second];
    const [named = 'foo-1.0'] = oddities.flatMap((one) => one.named ?? []);
    const [pack = (archive: Buffer) => gzipSync(archive, { level: 1 })] = oddities.flatMap((one) => one.packing ?? []);
    const [hidden] = oddities.flatMap((one) => one.file ?? []);
    const [name = '', version = ''] = named.split('-');
    const files = { ...SDIST_FILES, ...(hidden && { [`src/${wheelName()}`]: hidden }) };
    const parts = oddities
      .flatMap((one) => one.members ?? [])
      .reduce<readonly TarMember[]>(
        (left, [at, part]) => inserted(left, at, part),
        sdistMembers({ name, version, top: named, format, files }),
      );
    return { name: `${named}.tar.gz`, bytes: pack(tar(parts)) };
  });
