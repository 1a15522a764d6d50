import { readRequirement } from '../../../../src/python/metadata/grammar/requirement.js';

/** What pip 26.3 and uv 0.13.9 did with each as `Requires-Dist` of a wheel. */
describe('a requirement', () => {
  it.each([
    ...[
      'bar',
      'Foo.Bar',
      '1',
      ' bar ',
      'bar[]',
      'bar[a]',
      'bar [ a , b ] >=1',
      'bar (>=1)',
      'bar(>=1)',
      'bar ( >=1 , <2 )',
    ],
    ...['bar>=1', 'bar >= 1.0, != 1.5', 'bar>=1,', 'bar>=1 , ', 'bar (>=1,)', 'bar>=1,; extra == "a"', 'bar===1.0,<2'],
    ...[
      'bar==1.0.*',
      'bar~=1.0rc1',
      'bar=== 1.0',
      'bar===1.0,',
      'bar >=\u00a01',
      'bar >=1\u00a0',
      'bar>=\n 1',
      'bar.zip>=1',
    ],
    ...['UNKNOWN', 'bar (>=1) ; python_version < "3"', 'bar;os_name=="x"'],
  ])('is taken: %j', (text) => expect(readRequirement(text)).toEqual({ fault: undefined, direct: false }));

  it.each([
    ['torch (>=1.8.*)', '">=1.8.*" ends with ".*", which only == and != may have'],
    ['pytz (>dev)', '"dev" behind > is no version'],
    ['', 'it does not begin with a name'],
    ['-bar', 'it does not begin with a name'],
    ['./bar', 'it does not begin with a name'],
    ['"bar>=1"', 'it does not begin with a name'],
    ['bar-', 'the name "bar-" ends with no letter or digit'],
    ['bär', '"är" begins with none of ==, !=, <=, >=, <, >, ~= or ==='],
    ['bar 1.0', '"1.0" begins with none of ==, !=, <=, >=, <, >, ~= or ==='],
    ['bar (1.0)', '"1.0" begins with none of ==, !=, <=, >=, <, >, ~= or ==='],
    ['bar, baz', 'nothing stands before a comma'],
    ['bar>=1,,<2', 'nothing stands before a comma'],
    ['bar ,', 'nothing stands before a comma'],
    ['bar>=1 baz', '"1 baz" behind >= is no version'],
    ['bar>=1.0<2.0', 'no comma stands between the comparisons of ">=1.0<2.0"'],
    ['bar<2|>3', 'no comma stands between the comparisons of "<2|>3"'],
    ['bar>=1 # why', '"1 # why" behind >= is no version'],
    ['bar>=1,\n <2', 'a line end, or a blank that is none, stands beside a comma'],
    ['bar\u00a0>=1', 'a line end, or a blank that is none, stands beside a comma'],
    ['bar===1.0, <2', 'a blank follows "===" and a comma'],
    ['bar (>=1', 'its "(" is not closed'],
    ['bar (>=1,<2) extra', '";" is missing before "extra"'],
    ['bar[a', '"," or "]" is missing behind the extra "a"'],
    ['bar[a b]', '"," or "]" is missing behind the extra "a"'],
    ['bar[,]', 'the name of an extra is missing between its "[" and "]"'],
    ['bar[a,]', 'the name of an extra is missing between its "[" and "]"'],
    ['bar @', 'no URL follows its "@"'],
    [
      'bar @ /home/u/bar-1.0.zip',
      'its URL begins with none of https, http, file, git+https, git+http, git+ssh or git+file',
    ],
    ['bar @ https://e.org/a.zip b', '";" is missing before "b"'],
    ['bar @ https://e.org/a.zip; extra == "a"', 'no blank stands between its URL and ";"'],
    ['https://e.org/bar.zip', '"://e.org/bar.zip" begins with none of ==, !=, <=, >=, <, >, ~= or ==='],
  ])('is refused by pip: %j', (text, cause) => expect(readRequirement(text).fault).toMatchObject({ by: 'pip', cause }));

  it.each([
    ['bar ()', 'nothing stands between its "(" and ")"'],
    ['bar_', 'the name "bar_" ends with no letter or digit'],
    ['bar[a_]', 'the name "a_" ends with no letter or digit'],
    ['bar.tar.gz', 'the name "bar.tar.gz" looks like that of a file'],
    ['bar===abc', '"abc" behind === is no version'],
    ['bar==18446744073709551615', 'a number of "18446744073709551615" is too large for it'],
  ])('is refused by uv alone: %j', (text, cause) =>
    expect(readRequirement(text).fault).toMatchObject({ by: 'uv', cause }),
  );
});

describe('the URL of a requirement', () => {
  it.each([
    ...['https://e.org/bar-1.0-py3-none-any.whl', 'http://e.org/bar.tar.gz?a=1#sha256=0', 'https://e.org/bar.tar.zst'],
    ...[
      'https://e.org/bar.zip/',
      'git+https://e.org/bar',
      'git+ssh://git@e.org/bar.git@main#egg=bar',
      'file:///tmp/bar',
    ],
    ...['https://e.org/a.zip ; extra == "a"', 'git+file:///x/bar'],
  ])('is taken, and told of: %s', (url) =>
    expect(readRequirement(`bar[a] @ ${url}`)).toEqual({ fault: undefined, direct: true }),
  );

  it.each([
    ...[
      'https://e.org/bar',
      'https://e.org/bar.egg',
      'https://e.org/bar.ZIP',
      'https://e.org/',
      'https://e.org/x?a=b.zip',
    ],
    ...['https://[/bar.zip', 'https://e.org:99999/bar.zip', 'HTTPS://e.org/bar.zip', 'ftp://e.org/bar.zip', 'notaurl'],
    ...['hg+https://e.org/bar', 'git://e.org/bar', 'git@e.org:bar.git', './bar', 'file://other/bar.zip'],
    ...[
      'git+https://e.org/bar@a@b',
      'git+ssh://git@e.org:x/bar.git',
      'https://e.org/a.zip;os_name=="x"',
      's3://b/a.zip',
    ],
  ])('is refused by uv: %s', (url) => expect(readRequirement(`bar @ ${url}`).fault).toMatchObject({ by: 'uv' }));
});
