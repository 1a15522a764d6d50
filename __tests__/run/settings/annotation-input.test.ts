import { parseAnnotations } from '../../../src/run/settings/annotation-input.js';

describe('the annotations input', () => {
  it.each([
    ['a line without prefix, for both levels', 'a=1', { manifest: { a: '1' }, index: { a: '1' } }],
    ['a line for manifests', 'manifest:a=1', { manifest: { a: '1' }, index: {} }],
    ['a line for the index', 'index:a=1', { manifest: {}, index: { a: '1' } }],
    ['a comma list of levels, in any order', 'index,manifest:a=1', { manifest: { a: '1' }, index: { a: '1' } }],
    ['blanks around what matters', '  manifest , index : a = 1 ', { manifest: { a: '1' }, index: { a: '1' } }],
    [
      'a value with = and : in it',
      'a=https://x/?b=c',
      { manifest: { a: 'https://x/?b=c' }, index: { a: 'https://x/?b=c' } },
    ],
    [
      'empty lines and Windows line ends',
      '\r\nindex:a=1\r\n\r\nindex:b=2\r\n',
      { manifest: {}, index: { a: '1', b: '2' } },
    ],
    ['the later of two lines with one key', 'index:a=1\nindex:a=2', { manifest: {}, index: { a: '2' } }],
    ['no empty value', 'index:a=', { manifest: {}, index: {} }],
    ['nothing of nothing', ' \n ', { manifest: {}, index: {} }],
  ])('takes %s', (_what, text, expected) => {
    expect(parseAnnotations(text)).toEqual(expected);
  });

  it('takes what docker/metadata-action prints, its time of creation left out since that is ours', () => {
    const printed = [
      'manifest:org.opencontainers.image.created=2026-01-01T00:00:00.000Z',
      'manifest:org.opencontainers.image.description=',
      'manifest:org.opencontainers.image.licenses=MIT',
    ].join('\n');
    expect(parseAnnotations(printed)).toEqual({ manifest: { 'org.opencontainers.image.licenses': 'MIT' }, index: {} });
  });

  it('keeps a key that objects have a meaning for as a plain member', () => {
    const { index } = parseAnnotations('index:__proto__=1');
    expect(Object.entries(index)).toEqual([['__proto__', '1']]);
  });

  it.each([
    ['manifest-descriptor:a=1', /line 1 .* is for "manifest-descriptor"/],
    ['index-descriptor:a=1', /is for "index-descriptor"/],
    ['manifest[linux/amd64]:a=1', /is for "manifest\[linux\/amd64\]"/],
    ['manifest,:a=1', /is for "", expected "manifest", "index" or "manifest,index"/],
    ['a', /has no "="/],
    ['=1', /has no key/],
    ['index:=1', /has no key/],
    ['a b=1', /blanks in its key "a b"/],
  ])('refuses %j', (text, message) => {
    expect(() => parseAnnotations(text)).toThrow(message);
  });

  it('names every wrong line at once, by its number', () => {
    expect(() => parseAnnotations('a=1\nb\n\nc:d=1')).toThrow(/line 2 .*line 4 /);
  });
});
