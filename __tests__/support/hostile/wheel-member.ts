import fc from 'fast-check';
import type { ZipEntry } from '../builders.js';

const ENTRY_POINTS = [
  ...[
    '[console_scripts]\nfoo = foo:main\n',
    '[console_scripts]\nfoo=foo:main\n\n[gui_scripts]\ng = foo:main [x]\n',
    '',
  ],
  ...[
    '[console_scripts]\nfoo = foo\n',
    '[console_scripts]\nfoo = :main\n',
    '[console_scripts]\nfoo\n',
    'foo = foo:main\n',
  ],
  ...[
    '[console_scripts]\n../foo = foo:main\n',
    '[console_scripts]\n/foo = foo:main\n',
    '[console_scripts]\na/b = foo:main\n',
  ],
  ...[
    '[console_scripts]\nfoo = foo:main\nfoo = foo:other\n',
    '[console_scripts]\n[console_scripts]\n',
    '[console_scripts\n',
  ],
  ...[
    '[console_scripts]\nfoo = foo bar:main\n',
    '[console_scripts]\nfoo bar = foo:main\n',
    '[console_scripts]\n = x:y\n',
  ],
  ...['[console_scripts]\nfoo = foo:a.b.c\n', '[console_scripts]\nfoo = foo-bar:x\n', '[console_scripts]\nfoo = 1:2\n'],
  ...[
    '[console_scripts]\nf%o = %(x)s:y\n',
    '[x]\ny = z\n',
    '[x]\ny\n',
    '# only a comment\n',
    '[console_scripts]\nfoo = \n',
  ],
  ...[
    '[console_scripts]\n\u00e9 = foo:main\n',
    '[console_scripts]\nfoo = foo:main ; x\n',
    '[gui_scripts]\nfoo: foo:main\n',
  ],
  ...[
    '[console_scripts]\nfoo =\n  foo:main\n',
    '[console_scripts]\npython = foo:main\n',
    ' [console_scripts]\nfoo=foo:main\n',
  ],
  ...[
    '\ufeff[console_scripts]\nfoo = foo:main\n',
    '[console_scripts]\nfoo = foo:main\r[x]\ry\r',
    '[DEFAULT]\na = b:c\n',
  ],
] as const;

const LONG = 'a'.repeat(260);
/** Paths of further members, as pairs of name and type in Unix mode. */
const PATHS = [
  ...[
    'foo/',
    'foo/sub/',
    'foo/data.txt',
    'foo.pth',
    'foo.egg-info/PKG-INFO',
    'foo',
    'foo/__init__.py/x',
    'README',
    'bin/foo',
  ],
  ...[
    '../x',
    'foo/../../x',
    'foo/../x',
    '/x',
    '//x',
    './x',
    'foo/./x',
    'foo//x',
    'foo\\x',
    '..\\x',
    'C:\\x',
    'C:x',
    'C:/x',
  ],
  ...[
    'x\0y',
    'x\ny',
    'x\ry',
    'x\ty',
    'x y',
    ' x',
    'x ',
    'x.',
    'x:y',
    'x*y',
    'x?',
    '"x"',
    '<x>',
    '|',
    'CON',
    'nul.py',
    'aux/x',
  ],
  ...[
    'FOO/__init__.py',
    'Foo/x',
    '\u00e9',
    'e\u0301',
    '\ud83d\ude00',
    '.',
    '..',
    '',
    '/',
    '~/x',
    '$HOME/x',
    `${LONG}`,
    `x/${LONG}.py`,
  ],
  ...['foo-1.0.data/scripts/run', 'foo-1.0.data/purelib/p.py', 'foo-1.0.data/platlib/p.py', 'foo-1.0.data/headers/h.h'],
  ...[
    'foo-1.0.data/data/share/x',
    'foo-1.0.data/x',
    'foo-1.0.data/',
    'foo-1.0.data/other/x',
    'foo-1.0.data/data/../../x',
  ],
  ...[
    'foo-1.0.data/scripts/',
    'foo-1.0.data/scripts/a/b',
    'Foo-1.0.data/purelib/x',
    'foo-1.data/purelib/x',
    'bar-1.0.data/x/y',
  ],
  ...['foo-1.0.data/data', 'foo-1.0.data', 'foo-1.0.data/purelib/foo/__init__.py', 'foo-1.0.data/data/../x'],
  ...['foo-1.0.dist-info/INSTALLER', 'foo-1.0.dist-info/REQUESTED', 'foo-1.0.dist-info/direct_url.json'],
  ...[
    'foo-1.0.dist-info/RECORD.jws',
    'foo-1.0.dist-info/RECORD.p7s',
    'foo-1.0.dist-info/licenses/LICENSE',
    'foo-1.0.dist-info/',
  ],
  ...['foo-1.0.dist-info/top_level.txt', 'foo-1.0.dist-info/metadata.json', 'foo-1.0.dist-info/sboms/x.json'],
  ...['foo-1.0.dist-info/entry_points.txt/x', 'foo-1.0.dist-info/RECORD/x', 'foo-1.0.dist-info/WHEEL/x'],
] as const;
const MODES = [
  0o100644, 0o100644, 0o100644, 0o100755, 0, 0o120777, 0o040755, 0o020666, 0o010644, 0o104755, 0o100000,
] as const;

/** A further member of a wheel: at an odd path, of an odd kind, or with entry points. */
export const member: fc.Arbitrary<ZipEntry> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...PATHS),
        fc.constantFrom(...MODES),
        fc.constantFrom('', 'x = 1\n', '../../x', '#!python\n'),
      )
      .map(([name, mode, data]) => ({ name, mode, data, deflate: data.length > 0 })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...ENTRY_POINTS)
      .map((data) => ({ name: 'foo-1.0.dist-info/entry_points.txt', data, deflate: true })),
  },
);
