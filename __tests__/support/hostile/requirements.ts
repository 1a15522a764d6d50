import fc from 'fast-check';

const OPERATORS = [
  '>=',
  '>=',
  '==',
  '==',
  '!=',
  '~=',
  '<',
  '<=',
  '>',
  '===',
  '=',
  '=>',
  '^',
  '',
  '>= ',
  '==\u00a0',
  '!=~',
];
const VERSIONS = [
  ...[
    '1',
    '1.0',
    '1.0.*',
    '1.*',
    'v1.0',
    '1!2.0',
    '1.0rc1',
    '1.0.dev1',
    '1.0-1',
    '1.0+l',
    'x',
    'dev',
    '1.x',
    '1.0rc1.*',
  ],
  ...[
    '18446744073709551615',
    '1.0.',
    '',
    '1..0',
    '2.0a',
    '1.0_1',
    '*',
    '1.0.*.*',
    '01',
    '1.0 ',
    '1.0+99999999999999999999',
  ],
];
const SEPARATORS = [',', ',', ',', ', ', ' ,', ' , ', ' ', ',,', ',\u00a0', ',\n'];
const VARIABLES = [
  ...['python_version', 'python_full_version', 'os_name', 'extra', 'extra', 'os.name', 'python_implementation'],
  ...['implementation_version', 'platform_release', 'foo', 'extras', 'dependency_groups', 'platform.version'],
];
const TEXTS = [
  '"3.8"',
  "'3'",
  '"posix"',
  '"a"',
  '""',
  '"3.*"',
  '"\\d"',
  '"\\x"',
  '"a',
  'os_name',
  '"1.0+l"',
  '"3.8.1"',
  '"\\""',
];
const COMPARISONS = ['==', '==', '!=', '>=', '<', 'in', 'not in', '~=', '===', '=', 'not  in', 'notin', '<>'];
const JOINTS = [' and ', ' or ', 'and ', ' and', ' and(', ' AND ', ' or\t'];
const NAMES = ['bar', 'bar', 'bar', 'Foo.Bar', 'f', 'bar_', 'bar-', 'bar.zip', '-bar', 'bär', ''];
const EXTRAS = ['', '', '', '', '[a]', '[a,b]', '[ a , b ]', '[]', '[a', '[a b]', '[a_]', '[,a]'];
const URLS = [
  'https://e.org/b.zip',
  'git+https://e.org/x',
  'https://e.org/b',
  'hg+https://e.org/x',
  './x',
  'https://e.org/b.zip;',
  '',
];
const STRAY = [' ', '\n', '\u00a0', '(', ')', ',', ';', 'x', '"', 'é', '#', '\t', '.'];

const among = (words: readonly string[]) => fc.constantFrom(...words);
const joined = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((texts) => texts.join(''));

/** Sets of version specifiers, sound ones and such as people write. */
export const specifierTexts: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(joined(among(OPERATORS), among(VERSIONS)), { maxLength: 3 }),
    among(SEPARATORS),
    among(['', '', '', ',']),
  )
  .map(([clauses, separator, end]) => `${clauses.join(separator)}${end}`);

const comparison = fc
  .tuple(among(VARIABLES), among([' ', ' ', '']), among(COMPARISONS), among(TEXTS), fc.integer({ max: 4, min: 0 }))
  .map(([variable, blank, operator, text, turn]) => {
    const [left, right] = turn === 0 ? [text, variable] : [variable, text];
    return `${left}${blank}${operator}${blank}${right}`;
  });
const marker = fc.letrec<{ readonly marker: string }>((tie) => ({
  marker: fc.oneof(
    { maxDepth: 3 },
    { weight: 4, arbitrary: comparison },
    { weight: 1, arbitrary: joined(fc.constant('('), tie('marker'), fc.constant(')')) },
    { weight: 2, arbitrary: joined(tie('marker'), among(JOINTS), tie('marker')) },
  ),
})).marker;

const versions = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  { weight: 3, arbitrary: specifierTexts },
  { weight: 3, arbitrary: joined(fc.constant('('), specifierTexts, among([')', ')', ')', ''])) },
  { weight: 1, arbitrary: joined(fc.constant('@ '), among(URLS), among(['', ' '])) },
);
const tail = fc.oneof(fc.constant(''), joined(among([';', ' ; ', '; ']), marker));

/** Requirements, sound ones and such as people write; one in ten with a stray character anywhere. */
export const requirementTexts: fc.Arbitrary<string> = fc
  .tuple(joined(among(NAMES), among(EXTRAS), among(['', ' '])), versions, tail, fc.nat(9), fc.nat(), among(STRAY))
  .map(([head, middle, end, dice, at, stray]) => {
    const text = `${head}${middle}${end}`;
    const place = at % (text.length + 1);
    return dice === 0 ? `${text.slice(0, place)}${stray}${text.slice(place)}` : text;
  });
