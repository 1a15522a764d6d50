import fc from 'fast-check';
import { place } from './choice.js';

/** A change to the text of one member; `undefined` leaves the member out. */
export type Change = (text: string) => string | Buffer | undefined;

const WHEEL_VERSIONS = [
  ...[
    '1.0',
    '1.9',
    '1',
    '1.0.0',
    '0.9',
    '01.0',
    ' 1.0 ',
    '1.0 ; x',
    '2.0',
    '2',
    '1.x',
    '',
    '1.0a',
    'v1.0',
    '1,0',
    '-1.0',
  ],
  ...[
    '1.',
    '.1',
    '\u0661.0',
    '1_0.0',
    '1.-1',
    '+1.0',
    '99999999999999999999.0',
    '1.99999999999999999999',
    '1e0',
    '1.0\n 5',
  ],
] as const;
const TAGS = [
  ...['py3-none-any', 'py2-none-any', 'cp311-cp311-win_amd64', 'py2.py3-none-any', 'py3-none', 'py3', '', 'x-y-z-w'],
  ...['py3-none-any ', 'PY3-NONE-ANY', 'p y-none-any', '\u00e9-none-any', '-none-any', 'py3-none-any\n x'],
] as const;

/** WHEEL, line by line. */
export const wheelText: fc.Arbitrary<Change> = fc.oneof(
  fc.constantFrom(...WHEEL_VERSIONS).map(
    (version): Change =>
      (text) =>
        text.replace('Wheel-Version: 1.0', `Wheel-Version: ${version}`),
  ),
  fc.constantFrom(...TAGS).map(
    (tag): Change =>
      (text) =>
        text.replace(/^Tag: .*$/m, `Tag: ${tag}`),
  ),
  fc.constantFrom(...TAGS).map(
    (tag): Change =>
      (text) =>
        `${text}Tag: ${tag}\n`,
  ),
  fc.constantFrom('Wheel-Version', 'Generator', 'Root-Is-Purelib', 'Tag').chain((name) =>
    fc.constantFrom<Change>(
      (text) => text.replace(new RegExp(`^${name}: .*\n`, 'm'), ''),
      (text) => text.replace(new RegExp(`^(${name}: .*\n)`, 'm'), '$1$1'),
      (text) => text.replace(`${name}:`, `${name.toLowerCase()}:`),
      (text) => text.replace(`${name}:`, `${name} :`),
      (text) => text.replace(`${name}:`, `X-${name}:`),
      (text) => text.replace(`${name}: `, `${name}:\n `),
      (text) => text.replace(`${name}: `, `${name}:`),
    ),
  ),
  fc.constantFrom('True', 'TRUE', 'yes', '', 'maybe', '1', 'true ').map(
    (value): Change =>
      (text) =>
        text.replace(/^Root-Is-Purelib: .*$/m, `Root-Is-Purelib: ${value}`),
  ),
  fc.constantFrom('1', '2', 'x', '', '1-2').map(
    (build): Change =>
      (text) =>
        `${text}Build: ${build}\n`,
  ),
);

const rowChanges: readonly ((row: string) => string)[] = [
  (row) => row.replace(/,[^,]*,/, ',,'),
  (row) => row.replace(/,\d+$/, ','),
  (row) => row.replace(/,[^,]*,\d*$/, ''),
  (row) => row.replace(/,\d*$/, ''),
  (row) => `${row},more`,
  (row) => row.replace(/\d+$/, '99999'),
  (row) => row.replace(/\d+$/, 'many'),
  (row) => row.replace(/\d+$/, '-1'),
  (row) => row.replace(/\d+$/, '99999999999999999999'),
  (row) => row.replace(/,(\d+)$/, ', $1'),
  (row) => row.replace('sha256=', 'sha256=A'),
  (row) => row.replace(/sha256=[^,]*/, 'sha256='),
  (row) => row.replace(/sha256=[^,]*/, 'sha256'),
  (row) => row.replace('sha256=', 'md5='),
  (row) => row.replace('sha256=', 'sha999='),
  (row) => row.replace('sha256=', ''),
  (row) => `"${row}`,
  (row) => row.replace(/^[^,]*/, '"$&"'),
  (row) => row.replace(/^[^,]*/, '"$&"x'),
  (row) => row.replace(/^[^,]*/, 'x"$&'),
  (row) => `/${row}`,
  (row) => `../${row}`,
  (row) => `./${row}`,
  (row) => row.replace('/', '\\'),
  (row) => row.replace('/', '//'),
  (row) => row.toUpperCase(),
  (row) => ` ${row}`,
  (row) => `${row}\n${row}`,
  (row) => `${row}\n`,
  (row) => `${row}\r`,
  (row) => `${row}\n,,`,
  (row) => `${row}\nmissing.py,,`,
  (row) => `${row}\n#comment`,
  (row) => row.replace(/^[^,]*/, '$&\0'),
  (row) => row.replace(/^[^,]*/, '$&\u00e9'),
  (row) => row.replaceAll(',', ';'),
  (row) => row.replaceAll(',', '\t'),
  () => '',
];
/** RECORD, row by row. */
export const recordText: fc.Arbitrary<Change> = fc.tuple(place, fc.constantFrom(...rowChanges)).map(
  ([at, change]): Change =>
    (text) => {
      const rows = text.trimEnd().split('\n');
      const index = Math.floor(at * rows.length);
      return `${rows.map((row, other) => (other === index ? change(row) : row)).join('\n')}\n`;
    },
);

/** What any text file can suffer. */
export const anyText: fc.Arbitrary<Change> = fc.constantFrom<Change>(
  () => undefined,
  () => '',
  () => '\n',
  (text) => `\ufeff${text}`,
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replaceAll('\n', '\r'),
  (text) => text.trimEnd(),
  (text) => `\n${text}`,
  (text) => `${text}\n\n`,
  (text) => text.replace('\n', '\n\n'),
  (text) => text.replace('\n', '\0\n'),
  (text) => Buffer.from(text, 'utf16le'),
  (text) => Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xfe, 0x0a])]),
  (text) => Buffer.concat([Buffer.from([0xe9, 0x0a]), Buffer.from(text)]),
);
