import type { MetadataMember } from '../../../src/python/metadata/fields.js';
import { readMetadata } from '../../../src/python/metadata/metadata.js';

const HEAD = 'Metadata-Version: 2.1\nName: foo\nVersion: 1.0\n';

function read(bytes: string | Buffer, member: MetadataMember = 'METADATA') {
  const { identified, findings } = readMetadata(Buffer.from(bytes), member);
  const told = (severity: string) =>
    findings.filter((found) => found.severity === severity).map((found) => found.message);
  return { ...identified, identified, errors: told('error'), warnings: told('warning'), findings };
}

describe('core metadata', () => {
  it('is read field by field', () => {
    const { metadata, project, version } = read(
      [
        'Metadata-Version: 2.4',
        'Name: Zope.Interface',
        'Version: 1.0-RC1',
        'Summary: A word,',
        '   or two',
        'Home-page: https://home',
        'Author: Me',
        'Author-Email: me@example.org',
        'License-Expression: MIT',
        'Classifier: Topic :: Software',
        'Classifier: PyOCI :: Label :: team :: blue',
        'Project-Url: Docs, https://docs',
        '',
        'body',
      ].join('\r\n'),
    );
    expect(project).toBe('zope-interface');
    expect(version).toMatchObject({ spelled: '1.0-RC1', normal: '1.0rc1' });
    expect(metadata).toEqual({
      metadataVersion: '2.4',
      name: 'Zope.Interface',
      version: '1.0-RC1',
      summary: 'A word, or two',
      licenseExpression: 'MIT',
      author: 'Me',
      authorEmail: 'me@example.org',
      homePage: 'https://home',
      projectUrls: [['Docs', 'https://docs']],
      labels: [['team', 'blue']],
    });
  });

  it('says nothing of fields that are empty, UNKNOWN or missing', () => {
    const { metadata, findings } = read(`${HEAD}Summary:\nAuthor: UNKNOWN\n`);
    expect(metadata).toMatchObject({ summary: undefined, author: undefined, homePage: undefined, labels: [] });
    expect(findings).toEqual([]);
  });

  it('takes the first of two values of a field that may stand once', () => {
    const { metadata, warnings } = read(`${HEAD}Summary: a\nSummary: b\nAuthor: c\nauthor: c\n`);
    expect(metadata).toMatchObject({ summary: 'a', author: 'c' });
    expect(warnings).toEqual([
      'METADATA: Summary stands 2 times, the first one counts',
      'METADATA: Author stands 2 times, the first one counts',
    ]);
  });
});

describe('the required fields', () => {
  it.each([
    ['Name', 'Name: foo\n', '', 'is missing'],
    ['Version', 'Version: 1.0', 'Version:', 'is empty'],
    ['Metadata-Version', 'Metadata-Version: 2.1\n', '', 'is missing'],
    ['Metadata-Version', 'Name:', 'Metadata-Version: 2.1\nName:', 'stands 2 times, and readers take different ones'],
    ['Version', 'Name:', 'Version: 1.0\nName:', 'stands 2 times, and readers take different ones'],
    ['Version', '1.0', '1.0\n  ', 'goes on over several lines, which readers join differently'],
    ['Name', ': foo', ':\n foo', 'goes on over several lines, which readers join differently'],
  ])('are refused: %s, %j turned to %j', (name, from, to, fault) => {
    const { identified, errors } = read(HEAD.replace(from, to));
    expect(identified).toBeUndefined();
    expect(errors).toEqual([`METADATA: ${name} ${fault}`]);
  });

  it('are all told of at once, with the line that may be the cause', () => {
    expect(read('Metadata-Version: 2.1\nno field\nName: foo\nVersion: 1.0\n').errors).toEqual([
      'METADATA: Name is missing',
      'METADATA: Version is missing',
      'METADATA: line 2 is no field, so that it and all that follows count as description',
    ]);
  });

  it('suffice, whatever breaks the headers behind them', () => {
    expect(read(`${HEAD}no field\nProject-URL: A, https://x\n`)).toMatchObject({
      errors: [],
      warnings: ['METADATA: line 4 is no field, so that it and all that follows count as description'],
      metadata: { projectUrls: [] },
    });
  });

  it.each([
    ['Name', 'foo bar', 'METADATA: Name "foo bar" is no legal project name'],
    ['Version', 'latest', 'METADATA: Version "latest" is no version'],
    [
      'Version',
      '1.0.dev20260801123456789012',
      'METADATA: Version "1.0.dev20260801123456789012" is refused by uv: it cannot hold the number "20260801123456789012"',
    ],
    ['Metadata-Version', '3.0', 'METADATA: Metadata-Version "3.0" is unknown, expected 1.0 to 2.6'],
    ['Metadata-Version', '0.9', 'METADATA: Metadata-Version "0.9" is unknown, expected 1.0 to 2.6'],
    ['Metadata-Version', '2', 'METADATA: Metadata-Version "2" is unknown, expected 1.0 to 2.6'],
    ['Metadata-Version', '2.1.0', 'METADATA: Metadata-Version "2.1.0" is unknown, expected 1.0 to 2.6'],
  ])('are refused if they are not legal: %s %s', (name, value, message) => {
    const { errors, findings } = read(HEAD.replace(new RegExp(`^${name}: .*$`, 'm'), `${name}: ${value}`));
    expect(errors).toEqual([message]);
    expect(findings[0]?.hint).toBeDefined();
  });

  it('may have numbers as large as uv holds, and any in the local part', () => {
    const version = '18446744073709551614.1+99999999999999999999';
    expect(read(HEAD.replace('1.0', version)).findings).toEqual([]);
  });

  it.each([
    ['METADATA', 'Name', ['error: METADATA: Name is followed by blanks: pip and uv refuse to install it']],
    ['PKG-INFO', 'Name', ['error: PKG-INFO: Name is followed by blanks: uv refuses to install it']],
    ['METADATA', 'Version', ['warning: METADATA: Version is followed by blanks']],
    ['PKG-INFO', 'Version', ['warning: PKG-INFO: Version is followed by blanks']],
    ['METADATA', 'Metadata-Version', []],
    [
      'PKG-INFO',
      'Metadata-Version',
      ['error: PKG-INFO: Metadata-Version is followed by blanks: uv refuses to install it'],
    ],
  ] as const)('of %s are followed by blanks at most where no installer refuses it: %s', (member, name, told) => {
    for (const blanks of [' ', '\t', '  \t']) {
      const text = HEAD.replace(new RegExp(`^${name}: .*$`, 'm'), `$&${blanks}`);
      const { findings } = readMetadata(Buffer.from(text), member);
      expect(findings.map(({ severity, message }) => `${severity}: ${message}`)).toEqual(told);
    }
  });
});

describe('the text of metadata', () => {
  it('begins without a byte order mark, whose removal would hide that others see no fields', () => {
    expect(read(`\ufeff${HEAD}`).errors).toEqual([
      'METADATA: it begins with a byte order mark, behind which installers find no field',
    ]);
  });

  it('is UTF-8 in a wheel, body included, and need not be in an sdist', () => {
    const latin1 = Buffer.from(`${HEAD}\nRen\xe9`, 'latin1');
    expect(read(latin1).errors).toEqual(['METADATA: it is not UTF-8, so pip cannot install the wheel']);
    expect(read(latin1, 'PKG-INFO')).toMatchObject({ errors: [], warnings: [], project: 'foo' });
  });

  it('in UTF-16 is no metadata', () => {
    expect(read(Buffer.from(HEAD, 'utf16le'), 'PKG-INFO').errors).toContain('PKG-INFO: Name is missing');
  });
});

describe('the findings', () => {
  it('are counted where there are too many to read, errors first', () => {
    const { findings, errors } = read(`${HEAD}${'Project-URL: x\n'.repeat(15_000)}Name: bar\n`);
    expect(findings).toHaveLength(21);
    expect(errors).toEqual(['METADATA: Name stands 2 times, and readers take different ones']);
    expect(findings[0]?.severity).toBe('error');
    expect(findings[20]).toMatchObject({ severity: 'warning', message: 'METADATA: and 14981 more problems' });
  });

  it('stay errors where the ones left out are some', () => {
    expect(read(`${HEAD}${'Platform: \0\n'.repeat(30)}`).findings[20]).toMatchObject({
      severity: 'error',
      message: 'METADATA: and 10 more problems',
    });
  });

  it('show foreign text in one short safe line', () => {
    const [message = ''] = read(HEAD.replace('foo', `::error::${'x'.repeat(5_000)}`)).errors;
    expect(message).not.toContain('::error::');
    expect(message.length).toBeLessThan(400);
  });
});
