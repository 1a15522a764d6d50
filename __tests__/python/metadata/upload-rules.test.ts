import { readMetadata } from '../../../src/python/metadata/metadata.js';

function told(fields: string, version = '2.6', body = '') {
  const text = `Metadata-Version: ${version}\nName: foo\nVersion: 1.0\n${fields}\n${body}`;
  return readMetadata(Buffer.from(text), 'METADATA').findings.map(({ severity, message }) => `${severity}: ${message}`);
}

/** A warning of METADATA that ends with a reason. */
function warningThat(reason: string): RegExp {
  return new RegExp(`^warning: METADATA: [A-Z].* is refused by ${reason.replace(/[^\w ]/g, '\\$&')}$`, 's');
}

/** What `packaging` 26.4, with which twine and PyPI read, did with each. */
describe('a field that no installer refuses', () => {
  it.each([
    [
      'Description-Content-Type',
      ['text/plain', 'text/x-rst', 'Text/Markdown', 'text/markdown; charset=UTF-8; variant=GFM'],
    ],
    ['Description-Content-Type', ['text/markdown;variant="CommonMark"', 'text/plain;', 'text/x-rst ; charset=utf-8']],
    ['Provides-Extra', ['test', 'foo_bar', 'A.b-c', '1']],
    ['Dynamic', ['Requires-Dist', 'license-file', 'Summary']],
    ['License-Expression', ['MIT', 'mit', 'MIT AND (Apache-2.0 or BSD-2-Clause)', 'GPL-2.0+', 'LicenseRef-My.Own']],
    ['License-Expression', ['GPL-2.0-only WITH Classpath-exception-2.0 OR (MIT)', 'ESA-PL-permissive-2.4']],
    ['License-File', ['LICENSE', 'licenses/a b.txt', '.']],
    ['Import-Name', ['foo', 'foo.bar', '_foo; private', 'größe', '']],
    ['Import-Namespace', ['foo.bar ;private']],
    ['Summary', ['A word.', 'x'.repeat(512)]],
  ])('is read by its grammar: %s', (field, values) => {
    expect(values.length).toBeGreaterThan(0);
    for (const value of values) expect(told(`${field}: ${value}\n`)).toEqual([]);
  });

  it.each([
    ['Description-Content-Type: markdown', 'twine: it is none of text/plain, text/x-rst, text/markdown'],
    ['Description-Content-Type: text/html', 'twine: it is none of text/plain, text/x-rst, text/markdown'],
    ['Description-Content-Type: ', 'twine: it is none of text/plain, text/x-rst, text/markdown'],
    ['Description-Content-Type: text/plain; charset=latin1', 'twine: its charset is not UTF-8'],
    ['Description-Content-Type: text/markdown; variant=gfm', 'twine: its variant is none of GFM, CommonMark'],
    ['Description-Content-Type: text/markdown; GFM', 'twine: its parameters are not of the form "; name=value"'],
    ['Provides-Extra: a b', 'twine, and passed over by uv: it is no legal name'],
    ['Provides-Extra: ', 'twine, and passed over by uv: it is no legal name'],
    ['Dynamic: Name', 'twine: a build may not change that field'],
    ['Dynamic: dependencies', 'twine: core metadata has no field "dependencies"'],
    ['License-Expression: Foo', 'twine: "Foo" is no licence that SPDX knows'],
    ['License-Expression: MIT Apache-2.0', 'twine: "Apache-2.0" stands where it may not'],
    ['License-Expression: MIT AND', 'twine: it ends too early'],
    ['License-Expression: (MIT', 'twine: it ends too early'],
    ['License-Expression: MIT)', 'twine: ")" stands where it may not'],
    ['License-Expression: (MIT) WITH x', 'twine: "WITH" stands where it may not'],
    ['License-Expression: LicenseRef-a_b', 'twine: "LicenseRef-a_b" is no licence that SPDX knows'],
    ['License-Expression: ', 'twine: it ends too early'],
    ['License-File: ../LICENSE', 'twine: it has ".." in it'],
    ['License-File: LICEN*', 'twine: it is a pattern and not the path of a file'],
    ['License-File: /LICENSE', 'twine: it is not relative'],
    ['License-File: C:LICENSE', 'twine: it is not relative'],
    ['License-File: a\\b', 'twine: it has a backslash, where a slash belongs'],
    ['License-File: ./LICENSE', 'twine: it is not in its shortest form'],
    ['Import-Name: foo-bar', 'twine: "foo-bar" is no name that Python can import'],
    ['Import-Name: foo.class', 'twine: "class" is no name that Python can import'],
    ['Import-Name: foo; public', 'twine: only "private" may follow its ";"'],
    ['Import-Namespace: ', 'twine: "" is no name that Python can import'],
    ['Summary: a\n b', 'twine: it goes on over several lines'],
    [`Summary: ${'x'.repeat(513)}`, 'PyPI: it has 513 characters, more than 512'],
  ])('is a warning that names who refuses it: %s', (line, reason) =>
    expect(told(`${line}\n`)).toEqual([expect.stringMatching(warningThat(reason))]),
  );
});

describe('the fields of a version', () => {
  it('are warned of where they came with a later one', () =>
    expect(told('Requires-Dist: bar\nProvides-Extra: a b\nClassifier: x\n', '1.1')).toEqual([
      'warning: METADATA: Metadata-Version 1.1 has no Requires-Dist (since 1.2), Provides-Extra (since 2.1): twine refuses the file',
    ]));

  it('may have License-File before its time, which old setuptools wrote and twine forgives', () =>
    expect(told('License-File: ../LICENSE\n', '2.1')).toEqual([]));

  it('are warned of once where no version has them, the first of many', () =>
    expect(told('X-A: 1\nClassifiers: x\nX-B: 2\nX-C: 3\nX-D: 4\nX-E: 5\n')).toEqual([
      'warning: METADATA: core metadata has no field "x-a", "classifiers", "x-b", "x-c", "x-d" and 1 more: twine refuses the file',
    ]));

  it('are not compared with a version that is not known', () =>
    expect(told('Import-Name: foo-bar\nX-A: 1\n', '2.0')).toEqual([
      expect.stringContaining('Metadata-Version 2.0 is not one'),
    ]));
});

describe('a description', () => {
  it('stands in the headers or behind them, not in both', () => {
    expect(told('Description: a\n', '2.1', 'b\n')).toEqual([
      'warning: METADATA: Description stands in the headers and behind them: twine refuses the file',
    ]);
    expect(told('Description: a\n', '2.1')).toEqual([]);
    expect(told('', '2.1', 'b\n')).toEqual([]);
  });
});
