import fc from 'fast-check';
import { BLOCK, base256, gnuLong, pax, paxRecord, type TarMember, tar } from '../builders.js';
import { inserted, pick, place } from './choice.js';
import { FORGED } from './metadata.js';

/** Members with their headers, and raw blocks where a header won't do. */
export type Parts = readonly (TarMember | Buffer)[];
export type Edit = (parts: Parts) => Parts;

const ZERO_BLOCK = Buffer.alloc(BLOCK);

/** Names that some reader could take for PKG-INFO, or for another member. */
function lookalikes(parts: Parts): readonly string[] {
  const top = topOf(parts);
  const name = `${top}/PKG-INFO`;
  return [
    ...[
      name,
      name,
      `./${name}`,
      `/${name}`,
      `${name}/`,
      `${top}//PKG-INFO`,
      `x/../${name}`,
      `${top}/pkg-info`,
      `${top}/PKG-INFO `,
    ],
    ...[
      `${top}/link`,
      `${top}/foo.egg-info/PKG-INFO`,
      `forged-6.6.6/PKG-INFO`,
      'PKG-INFO',
      `._${top}`,
      `${top}/\u00e9`,
      `${top}/a/${'long/'.repeat(30)}x`,
    ],
  ];
}

const types = fc.constantFrom(
  '0',
  '\0',
  '1',
  '2',
  '5',
  '7',
  '3',
  '6',
  'S',
  'M',
  'V',
  'N',
  'x',
  'g',
  'L',
  'K',
  'X',
  'A',
  ' ',
);
const sizes = fc.oneof(fc.constantFrom(0, 1, 511, 512, 513, 1024), fc.nat(3_000));
const paxValues = fc.constantFrom(
  '0',
  '1',
  '12',
  '512',
  '1024',
  '1e3',
  ' 5',
  '-1',
  '+7',
  '0012',
  '9999999999999999',
  'x',
  '',
);
const paxKeys = [
  'path',
  'size',
  'linkpath',
  'mtime',
  'hdrcharset',
  'comment',
  'uname',
  'GNU.sparse.size',
  'GNU.sparse.name',
  'SCHILY.realsize',
  'SCHILY.xattr.user.x',
  'LIBARCHIVE.xattr.user.x',
  'RHT.security.selinux',
  'atime',
  '',
];

function topOf(parts: Parts): string {
  for (const part of parts) {
    if (!Buffer.isBuffer(part) && !['x', 'g', 'L', 'K'].includes(part.type ?? '0'))
      return String(part.name).split('/')[0] ?? 'foo-1.0';
  }
  return 'foo-1.0';
}

const second: fc.Arbitrary<Edit> = fc.tuple(place, place, fc.constantFrom('ustar', 'gnu', 'v7'), types).map(
  ([at, which, format, type]): Edit =>
    (parts) =>
      inserted(parts, at, {
        name: pick(lookalikes(parts), which).slice(0, 100),
        data: FORGED,
        format,
        type,
        link: 'PKG-INFO',
      }),
);
const plainSecond: fc.Arbitrary<Edit> = fc.tuple(place, place).map(
  ([at, which]): Edit =>
    (parts) =>
      inserted(parts, at, { name: pick(lookalikes(parts), which).slice(0, 100), data: FORGED }),
);
/** A link that leads somewhere, to nothing, out of the archive or to itself. */
const leading: fc.Arbitrary<Edit> = fc
  .tuple(
    place,
    fc.constantFrom('1', '2'),
    fc.constantFrom('PKG-INFO', './PKG-INFO', '..', '../x', '/x', 'link', 'none', 'x/../PKG-INFO', 'C:/x', ''),
    fc.boolean(),
  )
  .map(
    ([at, type, link, rooted]): Edit =>
      (parts) => {
        const top = topOf(parts);
        return inserted(parts, at, { name: `${top}/link`, type, link: rooted ? `${top}/${link}` : link });
      },
  );
/** A link, and a file of the same name behind it: unpacking one writes through the other. */
const throughLink: fc.Arbitrary<Edit> = fc.tuple(place, fc.constantFrom('1', '2'), fc.boolean()).map(
  ([at, type, folder]): Edit =>
    (parts) => {
      const top = topOf(parts);
      const link = folder ? '.' : type === '1' ? `${top}/PKG-INFO` : 'PKG-INFO';
      const target = folder ? `${top}/link/PKG-INFO` : `${top}/link`;
      return [...inserted(parts, at, { name: `${top}/link`, type, link }), { name: target, data: FORGED }];
    },
);
const paxed: fc.Arbitrary<Edit> = fc
  .tuple(
    place,
    fc.array(fc.tuple(fc.constantFrom(...paxKeys), fc.oneof(paxValues, place)), { minLength: 1, maxLength: 2 }),
    fc.constantFrom('x', 'x', 'g'),
  )
  .map(
    ([at, records, type]): Edit =>
      (parts) => {
        const values = records.map(([key, value]): [string, string] => [
          key,
          typeof value === 'string' ? value : pick(lookalikes(parts), value),
        ]);
        return inserted(parts, at, pax(Object.fromEntries(values), type));
      },
  );
const rawPax: fc.Arbitrary<Edit> = fc
  .tuple(
    place,
    fc.constantFrom(
      '12 path=a/b\n',
      '20 path=foo-1.0/x\n',
      '8 path=\n',
      '011 size=5\n',
      '10 size=5\n\n',
      '9 size=5\0',
      '99 path=x\n',
      '6 a=b\n6 a=c\n',
      '12 path=x\0y\n',
      '-5 a=b\n',
    ),
  )
  .map(
    ([at, text]): Edit =>
      (parts) =>
        inserted(parts, at, pax(text)),
  );
const long: fc.Arbitrary<Edit> = fc.tuple(place, place, fc.constantFrom('L', 'K')).map(
  ([at, which, type]): Edit =>
    (parts) =>
      inserted(parts, at, gnuLong(pick(lookalikes(parts), which), type)),
);
const block: fc.Arbitrary<Edit> = fc
  .tuple(
    place,
    fc.constantFrom(
      ZERO_BLOCK,
      Buffer.concat([ZERO_BLOCK, ZERO_BLOCK]),
      Buffer.alloc(BLOCK, 0x20),
      tar([{ name: 'foo-1.0/PKG-INFO', data: FORGED }], Buffer.alloc(0)),
    ),
  )
  .map(
    ([at, raw]): Edit =>
      (parts) =>
        inserted(parts, at, raw),
  );
const field: fc.Arbitrary<Partial<TarMember>> = fc.oneof(
  types.map((type) => ({ type })),
  sizes.map((size) => ({ size })),
  fc
    .oneof(
      sizes.map(base256),
      fc
        .constantFrom(
          '           \0',
          '0000000000 1',
          '00000000007 ',
          '\0'.repeat(12),
          '0x000000010',
          '-0000000001',
          ' 0000000010\0',
          '777777777777',
        )
        .map((text) => Buffer.from(text.padEnd(12, '\0'), 'latin1')),
    )
    .map((sizeField) => ({ sizeField })),
  fc.constantFrom('ustar', 'gnu', 'v7').map((format) => ({ format }) as const),
  fc.constantFrom('', 'foo-1.0', 'x', 'foo-1.0/', '.').map((prefix) => ({ prefix })),
  fc.nat(70_000).map((checksum) => ({ checksum })),
  fc.constantFrom('PKG-INFO', '../x', 'foo-1.0/PKG-INFO', '/x', 'x/../PKG-INFO', '').map((link) => ({ link })),
);
const changed: fc.Arbitrary<Edit> = fc.tuple(place, field).map(
  ([at, values]): Edit =>
    (parts) => {
      const index = Math.floor(at * parts.length);
      return parts.map((part, other) => (other === index && !Buffer.isBuffer(part) ? { ...part, ...values } : part));
    },
);

/** An extended header that states less than it has: some readers go on to the end of its last block. */
const smuggled: fc.Arbitrary<Edit> = fc.tuple(place, place, fc.constantFrom('x', 'g', 'L')).map(
  ([at, which, type]): Edit =>
    (parts) => {
      const [top, name] = [topOf(parts), pick(lookalikes(parts), which)];
      const said = type === 'L' ? `${top}/a` : paxRecord('comment', 'x');
      const data = `${said}${type === 'L' ? name : paxRecord('path', name)}`;
      const header = { name: 'extended', type, data, size: Buffer.byteLength(said) };
      return inserted(parts, at, header, { name: `${top}/b`, data: FORGED });
    },
);

/** Tricks with the members of an sdist, in a form that a test can repeat. */
export const edit: fc.Arbitrary<Edit> = fc.oneof(
  smuggled,
  second,
  plainSecond,
  leading,
  throughLink,
  paxed,
  rawPax,
  long,
  block,
  changed,
);
