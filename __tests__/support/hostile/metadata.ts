import fc from 'fast-check';
import { inserted, place, seldom } from './choice.js';

/** The core metadata of a generated distribution, and what its file name says. */
export interface GeneratedMetadata {
  /** As spelled in the file name. */
  readonly name: string;
  readonly version: string;
  readonly bytes: Buffer;
}

const NAMES = ['foo', 'foo', 'foo', 'Foo.Bar', 'foo_bar', 'foo__bar', 'foo-2', 'f', 'X1'] as const;
/** Each row spells one version several ways, and some that only look like it. */
const VERSIONS = [
  ['1.0', '1.0', '1.0', '1.0.0', 'v1.0', '1.0.00', '0!1.0', '1', ' 1.0'],
  ['1.0rc1', '1.0RC1', '1.0-rc.1', '1.0c1', '1.0pre1', '1.0rc01', '1.0_rc_1'],
  ['1.0.post1', '1.0-1', '1.0post1', '1.0.rev1', '1.0-01', '1.0+1'],
  ['1.0+cu12', '1.0+CU12', '1.0+cu12.0', '1.0+cu_12', '1.0+cu-12'],
  ['1.0+0123e4', '1.0+123e4', '1.0+1230000'],
  ['1.0a0', '1.0a', '1.0alpha', '1.0.alpha-0'],
  ['1.0.dev20260801123456789012', '1.0dev20260801123456789012', '1.0.dev20260801123456789013'],
  ['99999999999999999999.1', '99999999999999999999.01', '100000000000000000000.1'],
  ['1!2.0', '1!2', '01!2.0.0'],
  ['0', '0.0', '00'],
] as const;

/** Characters and bytes that some readers take for blanks, line ends or the end. */
const ODD = [
  ...['\0', '\x01', '\t', '\x0b', '\x0c', '\r', '\n', '\x1b', '\x1c', '\x1d', '\x1e', '\x1f', '\x7f', '\x85', '\xa0'],
  ...['\xad', '\u1680', '\u2003', '\u2028', '\u2029', '\u202e', '\u3000', '\u200b', '\ufeff', '\u017f', '\u212a', 'é'],
].map((text) => Buffer.from(text));
const ODD_BYTES = [
  ...ODD,
  Buffer.from([0x85]),
  Buffer.from([0xe9]),
  Buffer.from([0xc3]),
  Buffer.from([0xed, 0xa0, 0x80]),
];

/** Lines that a sound file may have, or that make no difference to who it is. */
const LINES = [
  ...[
    'Project-URL: A,https://x.example/a,b',
    'Project-URL: A , https://x.example',
    'Project-URL: no comma',
    'Project-URL: , x',
  ],
  ...[
    'Project-URL: UNKNOWN',
    'Project-URL: A, UNKNOWN',
    'Project-URL: __proto__, https://p.example',
    'Project-URL: 2, x',
    'Project-URL: B,',
  ],
  ...['project-url: lower, x', 'Project-URL: a b\u00a0, \u3000https://y.example\u00a0', 'Home-page: https://h.example'],
  ...[
    'Project-URL: A,\n https://folded.example',
    'Project-URL:\n A, x',
    'Project-URL: \ufeffB, \u200bx',
    'PROJECT-URL:\tC\t,\tx\t',
  ],
  ...[
    'Classifier: PyOCI :: Label :: k :: v',
    'Classifier: PyOCI :: Label :: k :: a :: b',
    'Classifier: PyOCI :: Label :: k',
  ],
  ...[
    'Classifier: PyOci :: Label :: old :: v',
    'Classifier: pyoci :: label :: k :: v',
    'Classifier: PyOCI :: Label ::  k  ::  v',
  ],
  ...[
    'Classifier: PyOCI :: Label ::\n k :: v',
    'Classifier:\n PyOCI :: Label :: f :: v',
    'Classifier: PyOCI :: Label :: k :: \u00a0v\u3000',
  ],
  ...[
    'Classifier: PyOCI :: Label ::',
    'Classifier: PyOCI :: Label :: :: v',
    'Classifier: PyOCI :: Label :: k :: ',
    'Classifier: PyOCI :: Label :: k ::\n  v\n  w',
  ],
  ...[
    'Content-Type: multipart/mixed; boundary=x',
    'Content-Transfer-Encoding: base64',
    'Content-Type: message/rfc822',
    'MIME-Version: 1.0',
  ],
  ...[
    'Content-Type: text/plain; charset=utf-16',
    'Subject: =?utf-8?q?Name=3A_bar?=',
    ': empty',
    'X: y',
    'Summary: one',
    'License: a\n  b\n  c',
  ],
] as const;
/** Lines that change what follows for some readers. */
const ODD_LINES = [
  ...[
    '',
    ' ',
    '\t',
    ' folded',
    '\tfolded',
    'Name: bar',
    'NAME: foo',
    'Version: 6.6',
    'Name : bar',
    'no colon here',
    'Name',
  ],
  ...['From nobody', '>From nobody', 'Metadata-Version: 2.9', 'Metadata-Version: 3.0', '-', '--x', '--x--'],
  ...['Project-URL:\n\n A, x', 'Version:\n 1.0', 'N\u00e4me: x', 'Name\t: bar', 'Summary: x\n\t\n Name: bar'],
] as const;

/** One version: as spelled in the file name, and as spelled in the metadata. */
const versions = fc.oneof(
  { weight: 1, arbitrary: fc.constant(['1.0', '1.0'] as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...VERSIONS).chain((row) => fc.tuple(fc.constantFrom(...row), fc.constantFrom(...row))),
  },
);

const lineEnd = fc.oneof(
  { weight: 60, arbitrary: fc.constant('\n') },
  { weight: 8, arbitrary: fc.constant('\r\n') },
  { weight: 1, arbitrary: fc.constantFrom('\r', '\r\r\n', '\n\r', '\n ') },
);

const odd = fc.tuple(place, fc.constantFrom(...ODD_BYTES));

/** Mostly sound metadata; one in six has odd lines among the others, one in six odd characters anywhere. */
export const metadata: fc.Arbitrary<GeneratedMetadata> = fc
  .record({
    names: fc.tuple(
      fc.constantFrom(...NAMES),
      fc.constantFrom(...Array.from({ length: 20 }, () => ''), ' ', '\t', 'x'),
    ),
    versions,
    metadataVersion: fc.constantFrom('2.1', '2.4', '1.0', '2.9', '2.1\t'),
    lines: fc.array(fc.tuple(place, fc.constantFrom(...LINES)), { maxLength: 3 }),
    oddLines: seldom(fc.tuple(place, fc.constantFrom(...ODD_LINES)), 6),
    plain: fc.array(
      fc.constantFrom(
        'Project-URL: Home, https://a.example',
        'Summary: A.',
        'Classifier: PyOCI :: Label :: a :: 1',
        'Author: É',
      ),
      { maxLength: 3 },
    ),
    end: lineEnd,
    separator: fc.constantFrom('\n', '\n', '\n', '\r\n', '', ' \n'),
    odd: seldom(odd, 6),
    body: fc.constantFrom('', 'A text.\n', 'Name: body\nVersion: 2\n', '\n\n', '\xe9'),
  })
  .map(
    ({
      names: [name, trail],
      versions: [named, stated],
      metadataVersion,
      lines,
      oddLines,
      plain,
      end,
      separator,
      odd,
      body,
    }) => {
      const required = [`Metadata-Version: ${metadataVersion}`, `Name: ${name}${trail}`, `Version: ${stated}`];
      const all = [...lines, ...oddLines].reduce<readonly string[]>(
        (others, [at, line]) => inserted(others, at, line),
        [...required, ...plain],
      );
      let bytes = Buffer.from(`${all.map((line) => `${line}${end}`).join('')}${separator}${body}`);
      for (const [at, inserted] of odd) {
        const offset = Math.floor(at * bytes.length);
        bytes = Buffer.concat([bytes.subarray(0, offset), inserted, bytes.subarray(offset)]);
      }
      return { name, version: named.trim(), bytes };
    },
  );

/** What the copy says that an attacker wants somebody to read. */
export const FORGED = Buffer.from('Metadata-Version: 2.1\nName: forged\nVersion: 6.6.6\n\n');
