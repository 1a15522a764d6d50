import { isHtml, isPage, wordsOfMarkup } from '../../../../src/oci/registry/refusal/markup.js';

describe('a page', () => {
  it.each([
    ['<!DOCTYPE html><html></html>', true],
    ['  \n<HTML lang="en">', true],
    ['<!-- served by x --><p>no</p>', true],
    ['<?xml version="1.0"?><html xmlns="x">', true],
    ['<script>location="/login"</script>', true],
    ['<Error><Code>x</Code></Error>', false],
    ['<?xml version="1.0"?><Error>', false],
    ['{"html":"<html>"}', false],
    ['plain <html>', false],
    ['', false],
  ])('is known by its beginning: %s', (text, page) => {
    expect(isPage(text)).toBe(page);
  });

  it.each([
    ['text/html', true],
    ['Text/HTML; charset=utf-8', true],
    ['application/json', false],
    [undefined, false],
  ])('may call itself one: %s', (type, page) => {
    expect(isHtml(type === undefined ? {} : { 'content-type': type })).toBe(page);
  });
});

describe('the words of a page', () => {
  it.each([
    ['the title alone', '<html><head><title>502 Bad Gateway</title></head><body>x</body></html>', '502 Bad Gateway'],
    [
      'a heading that repeats the title',
      '<html><title>502 Bad Gateway</title><center><h1>502 Bad Gateway</h1></center><hr>nginx</html>',
      '502 Bad Gateway',
    ],
    [
      'the reason below the title',
      '<html><title>Blocked</title><h1>Stop</h1><p>Category: <b>Storage</b></p></html>',
      'Blocked: Stop: Category: Storage',
    ],
    ['paragraphs that are not closed', '<html><p>one<p>two</html>', 'one: two'],
    ['no element that tells', '<div>Request <span>rejected</span>.</div>', 'Request rejected .'],
    ['entities', '<html><title>a &amp; b &#8212; &lt;c&gt; &#x41; &bogus;</title></html>', 'a & b — <c> A &bogus;'],
    ['scripts and styles', '<html><script>var p="<p>x</p>"</script><style>p{}</style><p>y</p></html>', 'y'],
    ['comments', '<html><!-- <p>hidden</p> --><p>seen</p></html>', 'seen'],
    ['attributes', '<html><title lang="en" data-x="1">t</title></html>', 't'],
    ['nothing', '<html></html>', ''],
    ['a tag without an end', '<html><p>so far <b', 'so far'],
    ['a script without an end', '<html><p>so far</p><script>x', 'so far'],
  ])('come without tags: %s', (_, page, words) => {
    expect(wordsOfMarkup(page)).toBe(words);
  });

  it('are few, however many elements there are', () => {
    expect(wordsOfMarkup(`<html>${'<p>a</p><p>b</p><p>c</p>'.repeat(1000)}`)).toBe('a: b: c');
    expect(wordsOfMarkup(`<html>${Array.from({ length: 1000 }, (_, at) => `<p>#${at}</p>`).join('')}`)).toBe(
      '#0: #1: #2: #3: #4: #5',
    );
  });
});

describe("the words of a storage's XML", () => {
  it.each([
    [
      'of S3',
      '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>7</RequestId></Error>',
      'AccessDenied: Access Denied',
    ],
    [
      'of Azure',
      '\ufeff<?xml version="1.0"?><Error><Code>AuthenticationFailed</Code><Message>no\nRequestId:7</Message><AuthenticationErrorDetail>expired</AuthenticationErrorDetail></Error>',
      'AuthenticationFailed: no RequestId:7: expired',
    ],
    [
      'of Google',
      "<?xml version='1.0'?><Error><Code>ExpiredToken</Code><Message>too late</Message><Details>by 7 s</Details></Error>",
      'ExpiredToken: too late: by 7 s',
    ],
    ['with CDATA', '<Error><Message><![CDATA[a < b]]></Message></Error>', 'a < b'],
    ['of another kind', '<a><b>just text</b></a>', 'just text'],
  ])('are its code and its message: %s', (_, xml, words) => {
    expect(wordsOfMarkup(xml)).toBe(words);
  });
});
