import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import {
  type CentralFields,
  wheelEntries,
  type ZipEntry,
  type ZipFrame,
  zip,
  zip64Extra,
  zipExtra,
} from '../builders.js';
import { inserted, pick, place, seldom } from './choice.js';
import { damage, damaged } from './damage.js';
import type { GeneratedFile } from './file.js';
import { FORGED, metadata } from './metadata.js';

const METADATA = /^[^/]*\.dist-info\/METADATA$/;
const INTERESTING = [0, 1, 8, 9, 20, 22, 30, 46, 0x800, 0xffff, 0x10000, 0xffffffff] as const;

/** A change to the members or to what frames them. */
interface Parts {
  readonly entries: readonly ZipEntry[];
  readonly frame: ZipFrame;
}
type Edit = (parts: Parts) => Parts;

const side = fc.constantFrom('local', 'central');
const number = fc.oneof(fc.constantFrom(...INTERESTING), fc.nat(400));

const extra = fc.oneof(
  fc.array(number, { maxLength: 4 }).map((values) => zip64Extra(...values)),
  fc.uint8Array({ maxLength: 9 }).map((data) => Buffer.from(data)),
  fc
    .tuple(fc.constantFrom(0x7075, 0x0001, 0x5455, 0x7875, 0xcafe), fc.uint8Array({ maxLength: 9 }))
    .map(([id, data]) => zipExtra(id, Buffer.from(data))),
);

const fields: fc.Arbitrary<Partial<CentralFields>> = fc.oneof(
  fc
    .constantFrom('flags', 'method', 'disk')
    .chain((field) => fc.constantFrom(0, 1, 2, 8, 9, 12, 93, 0x800, 0xffff).map((value) => ({ [field]: value }))),
  fc
    .constantFrom('crc', 'packed', 'size', 'offset', 'attributes')
    .chain((field) => number.map((value) => ({ [field]: value }))),
  extra.map((bytes) => ({ extra: bytes })),
  fc.uint8Array({ maxLength: 8 }).map((bytes) => ({ comment: Buffer.from(bytes) })),
);

/** Names that some reader could take for METADATA, or for another member. */
function lookalikes({ entries }: Parts): readonly (string | Buffer)[] {
  const name = String(entries.find(({ name }) => METADATA.test(String(name)))?.name ?? 'x.dist-info/METADATA');
  const [folder = '', member = ''] = name.split('/');
  return [
    ...[
      name,
      `${name}\0x`,
      `${name}/`,
      `./${name}`,
      `/${name}`,
      `${folder}\\${member}`,
      `${folder}//${member}`,
      `x/../${name}`,
    ],
    ...[
      `${folder.toUpperCase()}/${member}`,
      `${folder}/metadata`,
      `forged-6.6.6.dist-info/${member}`,
      `a/${name}`,
      member,
    ],
    ...[
      `foo-1.0.data/purelib/${name}`,
      `${folder}/${member} `,
      `${folder.replace('.dist-info', '.Dist-Info')}/${member}`,
      `${name}\u00e9`,
    ],
    Buffer.concat([Buffer.from(name), Buffer.from([0xe9])]),
  ];
}

function changed(parts: Parts, at: number, change: (entry: ZipEntry) => ZipEntry): Parts {
  const index = Math.floor(at * parts.entries.length);
  return { ...parts, entries: parts.entries.map((entry, other) => (other === index ? change(entry) : entry)) };
}

const second: fc.Arbitrary<Edit> = fc
  .tuple(place, place, fc.constantFrom(undefined, 'local', 'central'), fc.boolean())
  .map(
    ([at, which, only, deflate]): Edit =>
      (parts) => {
        const name = pick(lookalikes(parts), which);
        const entry: ZipEntry = { name, data: FORGED, deflate, ...(only && { only }) };
        return { ...parts, entries: inserted(parts.entries, at, entry) };
      },
  );
const disagreement: fc.Arbitrary<Edit> = fc.tuple(place, side, fields).map(
  ([at, where, values]): Edit =>
    (parts) =>
      changed(parts, at, (entry) => ({ ...entry, [where]: { ...entry[where], ...values } })),
);
const agreement: fc.Arbitrary<Edit> = fc.tuple(place, fields).map(
  ([at, { offset: _offset, ...values }]): Edit =>
    (parts) =>
      changed(parts, at, (entry) => ({
        ...entry,
        local: { ...entry.local, ...values },
        central: { ...entry.central, ...values },
      })),
);
const renamed: fc.Arbitrary<Edit> = fc.tuple(place, side, place).map(
  ([at, where, which]): Edit =>
    (parts) =>
      changed(parts, at, (entry) => {
        const name = Buffer.from(pick(lookalikes(parts), which));
        return { ...entry, [where]: { ...entry[where], name } };
      }),
);
const onlyOnce: fc.Arbitrary<Edit> = fc.tuple(place, side).map(
  ([at, only]): Edit =>
    (parts) =>
      changed(parts, at, (entry) => ({ ...entry, only })),
);
const payload: fc.Arbitrary<Edit> = fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 20 })).map(
  ([at, more]): Edit =>
    (parts) =>
      changed(parts, at, (entry) => ({
        ...entry,
        payload: Buffer.concat([
          entry.deflate ? deflateRawSync(Buffer.from(entry.data ?? '')) : Buffer.from(entry.data ?? ''),
          more,
        ]),
      })),
);
const mode: fc.Arbitrary<Edit> = fc.tuple(place, fc.constantFrom(0o120777, 0o040755, 0o020666, 0o644, 0)).map(
  ([at, value]): Edit =>
    (parts) =>
      changed(parts, at, (entry) => ({ ...entry, mode: value })),
);
const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 }).map((array) => Buffer.from(array));
const frame: fc.Arbitrary<Edit> = fc
  .oneof(
    bytes.map((prefix): ZipFrame => ({ prefix })),
    bytes.map((suffix): ZipFrame => ({ suffix })),
    bytes.map((comment): ZipFrame => ({ end: { comment } })),
    fc.constantFrom('disk', 'directoryDisk', 'membersHere', 'members', 'length', 'offset').chain((field) =>
      number.map(
        (value): ZipFrame => ({
          end: { [field]: value % (field === 'length' || field === 'offset' ? 2 ** 32 : 2 ** 16) },
        }),
      ),
    ),
    fc.constant<ZipFrame>({ zip64: {} }),
    fc.constant<ZipFrame>({
      zip64: {},
      end: { members: 0xffff, membersHere: 0xffff, length: 0xffffffff, offset: 0xffffffff },
    }),
    fc
      .constantFrom('members', 'length', 'offset', 'statedSize', 'recordOffset')
      .chain((field) => number.map((value): ZipFrame => ({ zip64: { [field]: value } }))),
  )
  .map(
    (values): Edit =>
      (parts) => ({ ...parts, frame: { ...parts.frame, ...values } }),
  );

const edit = fc.oneof(second, disagreement, agreement, renamed, onlyOnce, payload, mode, frame);

/** Wheels: some sound, some with one or two tricks in their framing, some damaged. */
export const hostileWheel: fc.Arbitrary<GeneratedFile> = fc
  .record({
    metadata,
    tag: fc.constantFrom(
      'py3-none-any',
      '2-cp312-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64',
      '1_a-py2.py3-none-any',
    ),
    metadataAt: fc.constantFrom('first', 'last'),
    deflate: fc.boolean(),
    edits: seldom(edit, 2),
    damage: seldom(damage, 8),
  })
  .map(({ metadata: { name, version, bytes: text }, tag, metadataAt, deflate, edits, damage: ways }) => {
    // Several dashes are no wheel's name.
    const file = name.replaceAll('-', '_');
    const spelled = version.replaceAll('-', '_');
    const entries = wheelEntries({
      name: file,
      version: spelled,
      metadata: text,
      metadataAt,
      deflate,
      distInfo: `${file}-${spelled}.dist-info`,
    });
    const parts = edits.reduce<Parts>((left, change) => change(left), { entries, frame: {} });
    return { name: `${file}-${spelled}-${tag}.whl`, bytes: damaged(zip(parts.entries, parts.frame), ways) };
  });
