import type { MetadataMember } from '../../../src/python/metadata/fields.js';
import { readMetadata } from '../../../src/python/metadata/metadata.js';

/** What is said of fields in metadata of some version, without the member's name. */
function told(fields: string, version = '2.4', member: MetadataMember = 'METADATA') {
  const { findings } = readMetadata(
    Buffer.from(`Metadata-Version: ${version}\nName: foo\nVersion: 1.0\n${fields}\n`),
    member,
  );
  return findings.map(({ severity, message, hint }) => `${severity}: ${message.replace(/^[\w-]+: /, '')} (${hint})`);
}

describe('what a wheel asks for', () => {
  it('is refused where pip refuses it, each with its cure', () =>
    expect(told('Requires-Dist: torch (>=1.8.*)\nRequires-Dist: bar\nRequires-Dist: pytz (>dev)\n')).toEqual([
      'error: Requires-Dist "torch (>=1.8.*)" is refused by pip: ">=1.8.*" ends with ".*", which only == and != may have (write ">=1.8" in the project file and build again)',
      'error: Requires-Dist "pytz (>dev)" is refused by pip: "dev" behind > is no version (correct it in the project file and build again)',
    ]));

  it('is refused where uv does not read the Python that it needs', () =>
    expect(told('Requires-Python: 3.8\n')).toEqual([
      'error: Requires-Python "3.8" is refused by uv: "3.8" begins with none of ==, !=, <=, >=, <, >, ~= or === (write ">=3.8" or "==3.8" in the project file and build again)',
    ]));

  it.each(['>=3.6.*', 'UNKNOWN', ">='3.6'"])(
    'is warned of where pip passes over it and uv does not mind: %s',
    (python) =>
      expect(told(`Requires-Python: ${python}\n`)).toEqual([
        expect.stringMatching(/^warning: Requires-Python ".+" is passed over by pip and refused by twine: /),
      ]),
  );

  it.each(['>=3.8,', ',', '', '>=3.8,\n <4', '>=2.7, !=3.0.*'])('may be a Python as both read it: %j', (python) =>
    expect(told(`Requires-Python: ${python}\n`)).toEqual([]),
  );

  it('is refused with an epoch before a comma at its end, which uv repairs to something else', () =>
    expect(told('Requires-Python: >=1!2.0,\n')).toEqual([
      expect.stringContaining('is refused by uv: a comma ends it'),
    ]));

  it('is read as pip has a folded field, with its line ends', () =>
    expect(told('Requires-Dist:\n bar>=1\nRequires-Dist: bar ;\n extra == "a"\n')).toEqual([
      expect.stringMatching(/^error: Requires-Dist "bar ;\\x0a extra == "a"" is refused by pip/),
    ]));

  it('may be a URL, with a warning', () =>
    expect(told('Requires-Dist: bar @ https://e.org/bar.zip\n')).toEqual([
      'warning: Requires-Dist "bar @ https://e.org/bar.zip" names a URL: from an index uv takes it only if the user names it too, and PyPI refuses the file (require a version of the project instead)',
    ]));
});

describe('what an sdist asks for', () => {
  const wrong = 'Requires-Dist: bar (>=x)\nRequires-Python: 3.8\n';

  it.each([
    ['2.2', '', 'error', 'error'],
    ['2.4', 'Dynamic: requires-dist\n', 'warning', 'error'],
    ['2.4', 'Dynamic: Requires-Python\n', 'error', 'warning'],
    ['2.1', '', 'warning', 'warning'],
    ['1.2', '', 'warning', 'warning'],
  ])('counts since version 2.2, unless it is dynamic: %s %j', (version, dynamic, dist, python) => {
    const findings = told(`${dynamic}${wrong}`, version, 'PKG-INFO');
    expect(findings).toHaveLength(2);
    expect(findings.find((found) => found.includes('Requires-Dist'))).toMatch(new RegExp(`^${dist}`));
    expect(findings.find((found) => found.includes('Requires-Python'))).toMatch(new RegExp(`^${python}`));
  });

  it('is said to matter in the wheel if the wheel may have it too', () =>
    expect(told('Requires-Dist: bar (>=x)\n', '2.1', 'PKG-INFO')).toEqual([
      'warning: Requires-Dist "bar (>=x)" is refused by pip in a wheel, which installers build of the sdist: "x" behind >= is no version (correct it in the project file and build again)',
    ]));
});

describe('what a distribution provides or replaces', () => {
  it.each([
    ['Provides-Dist: foo (bar\n', 'Provides-Dist "foo (bar" is refused by PyPI: its "(" is not closed'],
    ['Obsoletes-Dist: !\n', 'Obsoletes-Dist "!" is refused by PyPI: it does not begin with a name'],
    [
      'Obsoletes-Dist: a @ https://e.org/a.zip\n',
      'Obsoletes-Dist "a @ https://e.org/a.zip" is refused by PyPI: it names a URL',
    ],
  ])('is a requirement to PyPI, and nothing to installers: %j', (field, message) =>
    expect(told(field)).toEqual([expect.stringContaining(`warning: ${message}`)]),
  );
});
